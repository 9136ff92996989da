import type {
  EnumDescriptor,
  EnumValueDescriptor,
  ExtensionRange,
  FieldDescriptor,
  MessageDescriptor,
  MethodDescriptor,
  OneofDescriptor,
  ServiceDescriptor,
} from '../descriptor/descriptor.js';
import type { LoadedFile } from './loaded-file.js';

interface Base<Kind extends string, Node> {
  readonly kind: Kind;
  readonly node: Node;
  readonly file: LoadedFile;
  /** Full name; values of enums are siblings of their enum. An extension range has the name of its message. */
  readonly name: string;
  /** As in source_code_info. */
  readonly path: readonly number[];
  /** The message around it. */
  readonly parent: MessageElement | undefined;
}

export type MessageElement = Base<'message', MessageDescriptor>;
export type FieldElement = Base<'field', FieldDescriptor>;
export type ExtensionElement = Base<'extension', FieldDescriptor>;
export type OneofElement = Base<'oneof', OneofDescriptor>;
export type RangeElement = Base<'range', ExtensionRange>;
export type EnumElement = Base<'enum', EnumDescriptor>;
export type ValueElement = Base<'value', EnumValueDescriptor> & { readonly enum: EnumElement };
export type ServiceElement = Base<'service', ServiceDescriptor>;
export type MethodElement = Base<'method', MethodDescriptor> & { readonly service: ServiceElement };

/** A part of a file that has a name, or at least options, of its own. */
export type Element =
  | MessageElement
  | FieldElement
  | ExtensionElement
  | OneofElement
  | RangeElement
  | EnumElement
  | ValueElement
  | ServiceElement
  | MethodElement;

/** What can have options. */
export type OptionHolder = Element['kind'] | 'file';

/** The message of google.protobuf that the options of each kind of element are. */
export const OPTIONS_MESSAGE: Readonly<Record<OptionHolder, string>> = {
  file: 'FileOptions',
  message: 'MessageOptions',
  field: 'FieldOptions',
  extension: 'FieldOptions',
  oneof: 'OneofOptions',
  range: 'ExtensionRangeOptions',
  enum: 'EnumOptions',
  value: 'EnumValueOptions',
  service: 'ServiceOptions',
  method: 'MethodOptions',
};

/** Number of the field `options` in the descriptor of each kind of element. */
export const OPTIONS_FIELD: Readonly<Record<OptionHolder, number>> = {
  file: 8,
  message: 7,
  field: 8,
  extension: 8,
  oneof: 2,
  range: 3,
  enum: 3,
  value: 3,
  service: 3,
  method: 4,
};

/** `scope.name`; the outermost scope is ''. */
export function qualify(scope: string, name: string | undefined): string {
  return scope === '' ? (name ?? '') : `${scope}.${name ?? ''}`;
}

/** All elements of a file; each after what is around it. */
export function listElements(file: LoadedFile): Element[] {
  const { descriptor } = file;
  const scope = descriptor.package ?? '';
  const into: Element[] = [];
  for (const [i, node] of descriptor.messageType.entries()) addMessage(into, file, scope, [4, i], node, undefined);
  for (const [i, node] of descriptor.enumType.entries()) addEnum(into, file, scope, [5, i], node, undefined);
  for (const [i, node] of descriptor.extension.entries()) {
    into.push({ kind: 'extension', node, file, name: qualify(scope, node.name), path: [7, i], parent: undefined });
  }
  for (const [i, node] of descriptor.service.entries()) addService(into, file, scope, [6, i], node);
  return into;
}

function addMessage(
  into: Element[],
  file: LoadedFile,
  scope: string,
  path: number[],
  node: MessageDescriptor,
  outer: MessageElement | undefined,
): void {
  const name = qualify(scope, node.name);
  const parent: MessageElement = { kind: 'message', node, file, name, path, parent: outer };
  into.push(parent);
  for (const [i, oneof] of node.oneofDecl.entries()) {
    into.push({ kind: 'oneof', node: oneof, file, name: qualify(name, oneof.name), path: path.concat(8, i), parent });
  }
  for (const [i, field] of node.field.entries()) {
    into.push({ kind: 'field', node: field, file, name: qualify(name, field.name), path: path.concat(2, i), parent });
  }
  for (const [i, range] of node.extensionRange.entries()) {
    into.push({ kind: 'range', node: range, file, name, path: path.concat(5, i), parent });
  }
  for (const [i, nested] of node.nestedType.entries()) addMessage(into, file, name, path.concat(3, i), nested, parent);
  for (const [i, enumeration] of node.enumType.entries()) addEnum(into, file, name, path.concat(4, i), enumeration, parent);
  for (const [i, field] of node.extension.entries()) {
    into.push({ kind: 'extension', node: field, file, name: qualify(name, field.name), path: path.concat(6, i), parent });
  }
}

function addEnum(
  into: Element[],
  file: LoadedFile,
  scope: string,
  path: number[],
  node: EnumDescriptor,
  parent: MessageElement | undefined,
): void {
  const element: EnumElement = { kind: 'enum', node, file, name: qualify(scope, node.name), path, parent };
  into.push(element);
  for (const [i, value] of node.value.entries()) {
    into.push({ kind: 'value', node: value, file, name: qualify(scope, value.name), path: path.concat(2, i), parent, enum: element });
  }
}

function addService(into: Element[], file: LoadedFile, scope: string, path: number[], node: ServiceDescriptor): void {
  const name = qualify(scope, node.name);
  const service: ServiceElement = { kind: 'service', node, file, name, path, parent: undefined };
  into.push(service);
  for (const [i, method] of node.method.entries()) {
    into.push({
      kind: 'method',
      node: method,
      file,
      name: qualify(name, method.name),
      path: path.concat(2, i),
      parent: undefined,
      service,
    });
  }
}
