import { END_GROUP, FIXED32, FIXED64, LENGTH, MAX_DEPTH, START_GROUP, VARINT } from '../../wire/wire.js';
import { WireError } from '../codec.js';
import type { Printing } from './printing.js';

// Reads may run a few bytes past `end`, which the padded source allows; each checks afterwards.

/** Gives up on a message that ends in the middle. */
export function truncated(): never {
  throw new WireError('truncated');
}

/** A tag; its end is left in `p.pos`. */
export function readTag(p: Printing, pos: number, end: number): number {
  const tag = readUint32(p, pos, end);
  if (tag >>> 3 === 0) throw new WireError('field number 0');
  if (p.pos - pos > 5) throw new WireError('a tag of more than 5 bytes');
  return tag;
}

/** A varint, truncated to 32 bits; its end is left in `p.pos`. */
function readUint32(p: Printing, pos: number, end: number): number {
  const bytes = p.source.bytes;
  let byte = bytes[pos++] as number;
  let value = byte & 0x7f;
  for (let shift = 7; byte > 0x7f; shift += 7) {
    if (shift > 63) throw new WireError('varint of more than 10 bytes');
    byte = bytes[pos++] as number;
    if (shift < 32) value |= (byte & 0x7f) << shift;
  }
  if (pos > end) truncated();
  p.pos = pos;
  return value >>> 0;
}

/** A length: returns where the content ends, its begin is left in `p.pos`. */
export function readLength(p: Printing, pos: number, end: number): number {
  const byte = p.source.bytes[pos] as number;
  let length = byte;
  if (byte < 0x80) p.pos = pos + 1;
  else length = readUint32(p, pos, end);
  const stop = p.pos + length;
  if (stop > end) truncated();
  return stop;
}

/** A varint of up to 64 bits into `p.low` and `p.high`; returns its end. */
export function readVarint(p: Printing, pos: number, end: number): number {
  const bytes = p.source.bytes;
  let byte = bytes[pos++] as number;
  let low = byte & 0x7f;
  let high = 0;
  for (let shift = 7; byte > 0x7f; shift += 7) {
    if (shift > 63) throw new WireError('varint of more than 10 bytes');
    byte = bytes[pos++] as number;
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (shift - 32);
  }
  if (pos > end) truncated();
  p.low = low;
  p.high = high;
  return pos;
}

/** Eight bytes, little-endian, into `p.low` and `p.high`; returns their end. */
export function readFixed64(p: Printing, pos: number, end: number): number {
  if (pos + 8 > end) truncated();
  p.low = fixed32At(p.source.bytes, pos);
  p.high = fixed32At(p.source.bytes, pos + 4);
  return pos + 8;
}

/** Four bytes as a signed integer. */
export function readFixed32(p: Printing, pos: number, end: number): number {
  if (pos + 4 > end) truncated();
  return fixed32At(p.source.bytes, pos);
}

function fixed32At(bytes: Uint8Array, pos: number): number {
  return (
    (bytes[pos] as number) | ((bytes[pos + 1] as number) << 8) | ((bytes[pos + 2] as number) << 16) | ((bytes[pos + 3] as number) << 24)
  );
}

/** Passes over a value whose tag was read; returns its end. */
export function skip(p: Printing, tag: number, pos: number, end: number, depth = 0): number {
  switch (tag & 7) {
    case VARINT:
      return readVarint(p, pos, end);
    case FIXED64:
      if (pos + 8 > end) truncated();
      return pos + 8;
    case LENGTH:
      return readLength(p, pos, end);
    case START_GROUP:
      return skipGroup(p, tag, pos, end, depth);
    case FIXED32:
      if (pos + 4 > end) truncated();
      return pos + 4;
    default:
      throw new WireError(`unexpected wire type ${tag & 7}`);
  }
}

/** Returns the position behind the end tag; where that tag begins is left in `p.pos`. */
export function skipGroup(p: Printing, start: number, pos: number, end: number, depth = 0): number {
  if (depth >= MAX_DEPTH) throw new WireError('groups nested too deep');
  const from = pos;
  while (pos < end) {
    const at = pos;
    const tag = readTag(p, pos, end);
    pos = p.pos;
    if ((tag & 7) === END_GROUP) {
      if (tag >>> 3 !== start >>> 3) throw new WireError('mismatched end of group');
      p.pos = at;
      if (depth === 0) p.waste(pos - from);
      return pos;
    }
    pos = skip(p, tag, pos, end, depth + 1);
  }
  return truncated();
}
