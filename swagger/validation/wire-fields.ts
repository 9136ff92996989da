import { WireReader } from '../../proto/wire/reader.js';
import { FIXED32, FIXED64, LENGTH, VARINT } from '../../proto/wire/wire.js';

/** The value of a field whose type is not known: a varint, the bytes of a fixed number, or a length-delimited one's. */
export type WireValue = bigint | Uint8Array;

/** Values of a message by number of their field, in the order in which they stand. */
export type WireFields = ReadonlyMap<number, readonly WireValue[]>;

/** Reads a message of which there is no type. Throws `WireFormatError`. */
export function readWireFields(bytes: Uint8Array): WireFields {
  const fields = new Map<number, WireValue[]>();
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    const value = readValue(reader, tag);
    if (value === undefined) continue;
    const values = fields.get(tag >>> 3) ?? [];
    values.push(value);
    fields.set(tag >>> 3, values);
  }
  return fields;
}

function readValue(reader: WireReader, tag: number): WireValue | undefined {
  const wireType = tag & 7;
  if (wireType === VARINT) return reader.uint64();
  if (wireType === LENGTH) return reader.view();
  const from = reader.pos;
  reader.skip(tag);
  return wireType === FIXED32 || wireType === FIXED64 ? reader.bytes.subarray(from, reader.pos) : undefined;
}

/** The last value, which counts, of a singular field that is a message, or bytes; undefined if there is none. */
export function bytesOf(fields: WireFields, number: number): Uint8Array | undefined {
  const value = fields.get(number)?.at(-1);
  return value instanceof Uint8Array ? value : undefined;
}

/** That of a singular number that is written as a varint. */
export function varintOf(fields: WireFields, number: number): bigint | undefined {
  const value = fields.get(number)?.at(-1);
  return typeof value === 'bigint' ? value : undefined;
}

/** Every text of a repeated field. */
export function textsOf(fields: WireFields, number: number): string[] {
  return (fields.get(number) ?? []).flatMap((value) => (value instanceof Uint8Array ? [new TextDecoder().decode(value)] : []));
}

/** The text of a singular field. */
export function textOf(fields: WireFields, number: number): string | undefined {
  return textsOf(fields, number).at(-1);
}
