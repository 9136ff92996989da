import type { FieldType, MessageType, Schema } from '../../../proto/schema.js';
import { WireWriter } from '../../../proto/wire/writer.js';

/** Values of a message that a library has read, by the names of its fields; extensions by theirs in parentheses: `(google.api.http)`. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** Fields as `@bufbuild/protobuf` keeps those that it does not know, extensions among them: `data` is what follows the tag. */
interface UnknownField {
  readonly no: number;
  readonly wireType: number;
  readonly data: Uint8Array;
}

/**
 * Writes values of an options message as wire bytes; undefined if there are none. Values of fields and extensions that the official protos do not
 * define are left out.
 */
export function writeOptions(schema: Schema, typeName: string, values: readonly OptionValues[]): Uint8Array | undefined {
  const type = schema.message(`google.protobuf.${typeName}`);
  if (type === undefined) return undefined;
  const out = new WireWriter();
  for (const each of values) writeMessage(out, schema, type, each);
  return out.length === 0 ? undefined : out.finish();
}

function writeMessage(out: WireWriter, schema: Schema, type: MessageType, values: object): void {
  for (const [key, value] of Object.entries(values)) {
    const field = fieldNamed(schema, type, key);
    if (field === undefined || value === undefined || value === null) continue;
    for (const item of Array.isArray(value) ? value : [value]) writeField(out, schema, field, item);
  }
  for (const { no, wireType, data } of unknownFields(values)) out.tag(no, wireType).raw(data);
}

function fieldNamed(schema: Schema, type: MessageType, key: string): FieldType | undefined {
  const [, extension] = /^\(\.?(.*)\)$/.exec(key) ?? [];
  return extension === undefined ? type.field(key) : schema.extensions(type).find(({ protoName }) => protoName === extension);
}

function unknownFields(values: object): readonly UnknownField[] {
  return '$unknown' in values && Array.isArray(values.$unknown) ? values.$unknown : [];
}

function writeField(out: WireWriter, schema: Schema, field: FieldType, value: unknown): void {
  switch (field.kind) {
    case 'message':
      if (typeof value === 'object' && value !== null) out.nestedField(field.number, () => writeMessage(out, schema, field.type, value));
      break;
    case 'enum': {
      const number = typeof value === 'number' ? value : field.type.value(String(value))?.number;
      if (number !== undefined) out.varintField(field.number, number);
      break;
    }
    case 'string':
      out.bytesField(field.number, String(value));
      break;
    case 'bool':
      out.varintField(field.number, value === true || value === 'true');
      break;
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
      out.varintField(field.number, BigInt(String(value)));
      break;
    // Options that the official protos define have no values of other kinds.
  }
}
