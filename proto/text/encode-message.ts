import { END_GROUP, FIXED32, FIXED64, LENGTH, START_GROUP, VARINT } from '../wire/wire.js';
import { WireWriter } from '../wire/writer.js';
import { type AnyField, isMessageSet, traitsOf } from './field-traits.js';
import { TYPE } from './field-types.js';
import { MessageValue, type Value } from './message-value.js';
import { NEGATIVE_NAN } from './option.js';

/** The MessageSet wire format: a group for each extension, with its number and its message. */
const SET_ITEM = { item: 1, type: 2, message: 3 } as const;

/** Serializes a message, fields in ascending order. `withSourceOnly` false leaves out what is for compilers only (retention). */
export function encodeMessage(message: MessageValue, withSourceOnly: boolean): Uint8Array {
  const out = new WireWriter();
  const isSet = isMessageSet(message.type);
  const fields = [...message.fields].sort(([a], [b]) => (a.node.number ?? 0) - (b.node.number ?? 0));
  for (const [field, values] of fields) {
    const { sourceOnly, implicit, packed } = traitsOf(field);
    if (sourceOnly && !withSourceOnly) continue;
    if (implicit && isZero(values[0])) continue;
    if (packed) {
      const content = new WireWriter();
      for (const value of values) writeContent(content, field.node.type ?? 0, value);
      out.bytesField(field.node.number ?? 0, content.finish());
    } else {
      for (const value of values) writeField(out, field, value, withSourceOnly, isSet);
    }
  }
  return out.finish();
}

function isZero(value: Value | undefined): boolean {
  if (value instanceof Uint8Array) return value.length === 0;
  return value === 0n || value === false || Object.is(value, 0);
}

function writeField(out: WireWriter, field: AnyField, value: Value, withSourceOnly: boolean, isSetItem: boolean): void {
  const number = field.node.number ?? 0;
  const type = field.node.type ?? 0;
  if (value instanceof MessageValue && isSetItem) {
    const item = new WireWriter().varintField(SET_ITEM.type, number).bytesField(SET_ITEM.message, encodeMessage(value, withSourceOnly));
    out.tag(SET_ITEM.item, START_GROUP).raw(item.finish()).tag(SET_ITEM.item, END_GROUP);
  } else if (!(value instanceof MessageValue)) {
    out.tag(number, wireType(type));
    writeContent(out, type, value);
  } else if (traitsOf(field).delimited) {
    out.tag(number, START_GROUP).raw(encodeMessage(value, withSourceOnly)).tag(number, END_GROUP);
  } else {
    out.bytesField(number, encodeMessage(value, withSourceOnly));
  }
}

function wireType(type: number): number {
  switch (type) {
    case TYPE.double:
    case TYPE.fixed64:
    case TYPE.sfixed64:
      return FIXED64;
    case TYPE.float:
    case TYPE.fixed32:
    case TYPE.sfixed32:
      return FIXED32;
    case TYPE.string:
    case TYPE.bytes:
      return LENGTH;
    default:
      return VARINT;
  }
}

function writeContent(out: WireWriter, type: number, value: Value): void {
  if (value instanceof Uint8Array) {
    out.bytes(value);
  } else if (typeof value === 'number' || value === NEGATIVE_NAN) {
    out.raw(float(type === TYPE.double, value));
  } else if (typeof value === 'boolean') {
    out.int64(value ? 1n : 0n);
  } else if (typeof value === 'bigint') {
    writeInteger(out, type, value);
  }
}

function writeInteger(out: WireWriter, type: number, value: bigint): void {
  const wire = wireType(type);
  if (wire === VARINT) {
    const isZigZag = type === TYPE.sint32 || type === TYPE.sint64;
    out.int64(isZigZag ? (value << 1n) ^ (value >> 63n) : value);
    return;
  }
  const bytes = new Uint8Array(wire === FIXED32 ? 4 : 8);
  const view = new DataView(bytes.buffer);
  if (wire === FIXED32) view.setUint32(0, Number(BigInt.asUintN(32, value)), true);
  else view.setBigUint64(0, BigInt.asUintN(64, value), true);
  out.raw(bytes);
}

function float(isDouble: boolean, value: number | typeof NEGATIVE_NAN): Uint8Array {
  const bytes = new Uint8Array(isDouble ? 8 : 4);
  const view = new DataView(bytes.buffer);
  if (isDouble) view.setFloat64(0, Number(value), true);
  else view.setFloat32(0, Number(value), true);
  if (value === NEGATIVE_NAN) view.setUint8(bytes.length - 1, 0xff);
  return bytes;
}
