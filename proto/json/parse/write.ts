import type { Arena } from '../arena.js';

const TWO_32 = 4_294_967_296;

export function writeVarint32(out: Arena, value: number): void {
  const bytes = out.reserve(5);
  let at = out.length;
  value >>>= 0;
  while (value > 0x7f) {
    bytes[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  bytes[at++] = value;
  out.length = at;
}

/** A varint of 64 bits from its halves. */
export function writeVarint64(out: Arena, low: number, high: number): void {
  if (high === 0) {
    writeVarint32(out, low);
    return;
  }
  const bytes = out.reserve(10);
  let at = out.length;
  low >>>= 0;
  high >>>= 0;
  while (high !== 0) {
    bytes[at++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  out.length = at;
  writeVarint32(out, low);
}

/** An int32 as protobuf writes it: negative ones take ten bytes. */
export function writeInt32(out: Arena, value: number): void {
  writeVarint64(out, value, value < 0 ? -1 : 0);
}

/** A whole number of at most 2^53 in size, as int64. */
export function writeSafeInt64(out: Arena, value: number): void {
  if (value >= 0 && value < TWO_32) writeVarint32(out, value);
  else writeVarint64(out, value | 0, Math.floor(value / TWO_32) | 0);
}

export function writeFixed32(out: Arena, value: number): void {
  out.reserve(4);
  out.view.setInt32(out.length, value, true);
  out.length += 4;
}

export function writeDouble(out: Arena, value: number): void {
  out.reserve(8);
  out.view.setFloat64(out.length, value, true);
  out.length += 8;
}

export function writeFloat(out: Arena, value: number): void {
  out.reserve(4);
  out.view.setFloat32(out.length, value, true);
  out.length += 4;
}

export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/** Remembers how many bytes the last length took. */
export interface LengthGuess {
  lengthSize: number;
}

/** Leaves room for a length, as much as the last one took; returns where the content begins. */
export function beginLength(out: Arena, f: LengthGuess): number {
  out.reserve(f.lengthSize);
  out.length += f.lengthSize;
  return out.length;
}

/** Writes the length before the content that began at `start`; moves the content if the length takes another number of bytes. */
export function endLength(out: Arena, f: LengthGuess, start: number): void {
  const length = out.length - start;
  const size = varintSize(length);
  if (size !== f.lengthSize) {
    out.reserve(5).copyWithin(start - f.lengthSize + size, start, out.length);
    out.length += size - f.lengthSize;
    start += size - f.lengthSize;
    f.lengthSize = size;
  }
  putVarint(out.bytes, start - size, length);
}

export function putVarint(bytes: Uint8Array, at: number, value: number): void {
  while (value > 0x7f) {
    bytes[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  bytes[at] = value;
}
