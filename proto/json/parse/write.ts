import type { Arena } from '../arena.js';

const TWO_32 = 4_294_967_296;

/** Writes 32 bits, signed or not, as an unsigned varint. */
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

/** Writes 32 bits, signed or not. */
export function writeFixed32(out: Arena, value: number): void {
  out.reserve(4);
  out.view.setInt32(out.length, value, true);
  out.length += 4;
}

/** Writes 64 bits of IEEE 754. */
export function writeDouble(out: Arena, value: number): void {
  out.reserve(8);
  out.view.setFloat64(out.length, value, true);
  out.length += 8;
}

/** Writes 32 bits of IEEE 754; a value beyond them becomes infinite, so that its range is checked before. */
export function writeFloat(out: Arena, value: number): void {
  out.reserve(4);
  out.view.setFloat32(out.length, value, true);
  out.length += 4;
}

/** Bytes that a tag or a length takes as a varint: one to five. */
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

/**
 * Leaves room for a length, as much as the last one took, and notes there how much; returns where that is. The note outlives what nested messages
 * of the same field make of the guess.
 */
export function beginLength(out: Arena, guess: LengthGuess): number {
  const at = out.length;
  out.reserve(guess.lengthSize)[at] = guess.lengthSize;
  out.length = at + guess.lengthSize;
  return at;
}

/** Writes the length at `at`, of all content behind the room for it; moves the content if the length takes another number of bytes. */
export function endLength(out: Arena, guess: LengthGuess, at: number): void {
  const room = out.bytes[at] as number;
  const length = out.length - at - room;
  const size = varintSize(length);
  if (size !== room) {
    out.reserve(5).copyWithin(at + size, at + room, out.length);
    out.length += size - room;
  }
  guess.lengthSize = size;
  putVarint(out.bytes, at, length);
}

/** Writes a length as a varint where there is room for it already. */
export function putVarint(bytes: Uint8Array, at: number, value: number): void {
  while (value > 0x7f) {
    bytes[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  bytes[at] = value;
}
