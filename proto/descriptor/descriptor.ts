/**
 * google/protobuf/descriptor.proto as plain values, field names in camelCase; only what linking, printing and compiling need. A property that
 * is unset on the wire is undefined, a repeated one empty. Options stay wire bytes, so that nothing in them is lost.
 */
export interface FileDescriptor {
  name?: string;
  package?: string;
  dependency: string[];
  publicDependency: number[];
  weakDependency: number[];
  optionDependency: string[];
  messageType: MessageDescriptor[];
  enumType: EnumDescriptor[];
  service: ServiceDescriptor[];
  extension: FieldDescriptor[];
  options?: Uint8Array;
  sourceCodeInfo?: SourceCodeInfo;
  syntax?: string;
  edition?: number;
}

export interface MessageDescriptor {
  name?: string;
  field: FieldDescriptor[];
  extension: FieldDescriptor[];
  nestedType: MessageDescriptor[];
  enumType: EnumDescriptor[];
  extensionRange: ExtensionRange[];
  oneofDecl: OneofDescriptor[];
  options?: Uint8Array;
  reservedRange: ReservedRange[];
  reservedName: string[];
  visibility?: number;
}

export interface ExtensionRange {
  start?: number;
  end?: number;
  options?: Uint8Array;
}

export interface ReservedRange {
  start?: number;
  end?: number;
}

export interface FieldDescriptor {
  name?: string;
  extendee?: string;
  number?: number;
  /** 1 optional, 2 required, 3 repeated. */
  label?: number;
  /** FieldDescriptorProto.Type: 1 double ... 18 sint64. */
  type?: number;
  typeName?: string;
  defaultValue?: string;
  options?: Uint8Array;
  oneofIndex?: number;
  jsonName?: string;
  proto3Optional?: boolean;
}

export interface OneofDescriptor {
  name?: string;
  options?: Uint8Array;
}

export interface EnumDescriptor {
  name?: string;
  value: EnumValueDescriptor[];
  options?: Uint8Array;
  reservedRange: ReservedRange[];
  reservedName: string[];
  visibility?: number;
}

export interface EnumValueDescriptor {
  name?: string;
  number?: number;
  options?: Uint8Array;
}

export interface ServiceDescriptor {
  name?: string;
  method: MethodDescriptor[];
  options?: Uint8Array;
}

export interface MethodDescriptor {
  name?: string;
  inputType?: string;
  outputType?: string;
  options?: Uint8Array;
  clientStreaming?: boolean;
  serverStreaming?: boolean;
}

export interface SourceCodeInfo {
  location: SourceLocation[];
}

export interface SourceLocation {
  path: readonly number[];
  /** Start line, start column, [end line,] end column; 0-based. */
  span: number[];
  leadingComments?: string;
  trailingComments?: string;
  leadingDetachedComments: readonly string[];
}
