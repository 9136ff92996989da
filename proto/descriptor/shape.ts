/** How a field of a descriptor message is written: `*` = repeated (`packed*`: written packed, read either way); a function = that message. */
export type Form = 'string' | 'string*' | 'int32' | 'int32*' | 'packed*' | 'bool' | 'bytes' | (() => Shape) | readonly [() => Shape];

/** Field name -> number and form, in ascending order of numbers, which is the order they are written in. */
export type Shape = Readonly<Record<string, readonly [number: number, form: Form]>>;

const reservedRange: Shape = { start: [1, 'int32'], end: [2, 'int32'] };
const extensionRange: Shape = { start: [1, 'int32'], end: [2, 'int32'], options: [3, 'bytes'] };
const oneof: Shape = { name: [1, 'string'], options: [2, 'bytes'] };
const enumValue: Shape = { name: [1, 'string'], number: [2, 'int32'], options: [3, 'bytes'] };

const field: Shape = {
  name: [1, 'string'],
  extendee: [2, 'string'],
  number: [3, 'int32'],
  label: [4, 'int32'],
  type: [5, 'int32'],
  typeName: [6, 'string'],
  defaultValue: [7, 'string'],
  options: [8, 'bytes'],
  oneofIndex: [9, 'int32'],
  jsonName: [10, 'string'],
  proto3Optional: [17, 'bool'],
};

const enumeration: Shape = {
  name: [1, 'string'],
  value: [2, [() => enumValue]],
  options: [3, 'bytes'],
  reservedRange: [4, [() => reservedRange]],
  reservedName: [5, 'string*'],
  visibility: [6, 'int32'],
};

const message: Shape = {
  name: [1, 'string'],
  field: [2, [() => field]],
  nestedType: [3, [() => message]],
  enumType: [4, [() => enumeration]],
  extensionRange: [5, [() => extensionRange]],
  extension: [6, [() => field]],
  options: [7, 'bytes'],
  oneofDecl: [8, [() => oneof]],
  reservedRange: [9, [() => reservedRange]],
  reservedName: [10, 'string*'],
  visibility: [11, 'int32'],
};

const method: Shape = {
  name: [1, 'string'],
  inputType: [2, 'string'],
  outputType: [3, 'string'],
  options: [4, 'bytes'],
  clientStreaming: [5, 'bool'],
  serverStreaming: [6, 'bool'],
};

const service: Shape = { name: [1, 'string'], method: [2, [() => method]], options: [3, 'bytes'] };

const location: Shape = {
  path: [1, 'packed*'],
  span: [2, 'packed*'],
  leadingComments: [3, 'string'],
  trailingComments: [4, 'string'],
  leadingDetachedComments: [6, 'string*'],
};

const sourceCodeInfo: Shape = { location: [1, [() => location]] };

/** FileDescriptorProto. */
export const file: Shape = {
  name: [1, 'string'],
  package: [2, 'string'],
  dependency: [3, 'string*'],
  messageType: [4, [() => message]],
  enumType: [5, [() => enumeration]],
  service: [6, [() => service]],
  extension: [7, [() => field]],
  options: [8, 'bytes'],
  sourceCodeInfo: [9, () => sourceCodeInfo],
  publicDependency: [10, 'int32*'],
  weakDependency: [11, 'int32*'],
  syntax: [12, 'string'],
  edition: [14, 'int32'],
  optionDependency: [15, 'string*'],
};
