import type { EnumDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor } from '../../proto/descriptor/descriptor.js';
import { writeFileDescriptor } from '../../proto/descriptor/write.js';

/** A serialized FileDescriptorProto of proto3 with what is given, for descriptors that protoc would not make. */
export function fileBytes(name: string, parts: Partial<FileDescriptor> = {}): Uint8Array {
  const lists = { dependency: [], publicDependency: [], weakDependency: [], optionDependency: [], messageType: [], enumType: [] };
  return writeFileDescriptor({ name, syntax: 'proto3', ...lists, service: [], extension: [], ...parts });
}

export function message(name: string, ...field: readonly FieldDescriptor[]): MessageDescriptor {
  const lists = { extension: [], nestedType: [], enumType: [], extensionRange: [], oneofDecl: [], reservedRange: [], reservedName: [] };
  return { name, field: [...field], ...lists };
}

/** An optional field; of kind string unless `more` says otherwise. */
export function field(name: string, number: number, more: FieldDescriptor = {}): FieldDescriptor {
  return { name, number, label: 1, ...(more.typeName === undefined ? { type: 9 } : {}), ...more };
}

export function enumeration(name: string, values: Readonly<Record<string, number>>): EnumDescriptor {
  const value = Object.entries(values).map(([valueName, number]) => ({ name: valueName, number }));
  return { name, value, reservedRange: [], reservedName: [] };
}
