import type { EnumDescriptor, MessageDescriptor, ServiceDescriptor } from '../descriptor/descriptor.js';
import { type Element, type ElementFile, type EnumElement, type MessageElement, qualify, type ServiceElement } from './element.js';

/** All elements of a file; each after what is around it. */
export function listElements(file: ElementFile): Element[] {
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
  file: ElementFile,
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
  file: ElementFile,
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

function addService(into: Element[], file: ElementFile, scope: string, path: number[], node: ServiceDescriptor): void {
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
