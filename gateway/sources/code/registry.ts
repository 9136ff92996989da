import type { FileDescriptor } from '../../../proto/descriptor/descriptor.js';
import { type Form, file as fileShape, type Shape } from '../../../proto/descriptor/shape.js';
import { writeFileDescriptor } from '../../../proto/descriptor/write.js';
import type { Schema } from '../../../proto/schema.js';
import { type OptionValues, writeOptions } from './options.js';

/** A `FileRegistry` of `@bufbuild/protobuf` (version 2), as far as it is needed. */
export interface DescriptorRegistry {
  readonly kind: 'registry';
  /** `proto` is a `google.protobuf.FileDescriptorProto`. */
  readonly files: Iterable<{ readonly kind: 'file'; readonly proto: object }>;
}

/** The files of a registry, serialized. */
export function filesOfRegistry(registry: DescriptorRegistry, schema: Schema): readonly Uint8Array[] {
  return [...registry.files].map(({ proto }) =>
    writeFileDescriptor(plain(schema, fileShape, proto, 'FileOptions') as object as FileDescriptor),
  );
}

/** By the name of the field that holds the element: the type of its options. */
const optionTypes: Readonly<Record<string, string>> = {
  messageType: 'MessageOptions',
  nestedType: 'MessageOptions',
  field: 'FieldOptions',
  extension: 'FieldOptions',
  oneofDecl: 'OneofOptions',
  extensionRange: 'ExtensionRangeOptions',
  enumType: 'EnumOptions',
  value: 'EnumValueOptions',
  service: 'ServiceOptions',
  method: 'MethodOptions',
};

/** What is set of a message, without what its prototype holds as defaults; options as wire bytes. */
function plain(schema: Schema, shape: Shape, message: object, options: string): Readonly<Record<string, unknown>> {
  const own = new Map<string, unknown>(Object.entries(message));
  const convert = (name: string, form: Form, value: unknown): unknown => {
    if (form === 'bytes') return writeOptions(schema, options, [value as OptionValues]);
    if (typeof form === 'string') return value;
    const inside = (part: unknown) => plain(schema, typeof form === 'function' ? form() : form[0](), Object(part), optionTypes[name] ?? '');
    return typeof form === 'function' ? inside(value) : Array.from(value as Iterable<unknown>, inside);
  };
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, [, form]]) => {
      const value = own.get(name);
      return value === undefined ? [] : [[name, convert(name, form, value)]];
    }),
  );
}
