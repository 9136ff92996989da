import type { Arena } from '../arena.js';
import { readDouble, readInteger } from './number.js';
import type { Parsing } from './parsing.js';
import type { ParseField, ParseKind } from './plan.js';
import { writeDouble, writeFixed32, writeFloat, writeInt32, writeVarint32, writeVarint64 } from './write.js';

const TWO_31 = 2_147_483_648;
const TWO_32 = 4_294_967_296;

/** Writes an integer of at most nine digits. False if it may not be one that the kind has: below zero; minus zero, which is a double. */
export function writeSmall(out: Arena, kind: ParseKind, value: number): boolean {
  switch (kind) {
    case 'int32':
    case 'int64':
      writeVarint64(out, value, value >> 31);
      return true;
    case 'double':
      if (value !== 0) writeDouble(out, value);
      return value !== 0;
    case 'uint32':
    case 'uint64':
      if (value >= 0) writeVarint32(out, value);
      return value >= 0;
    case 'sint32':
    case 'sint64':
      writeVarint32(out, (value << 1) ^ (value >> 31));
      return true;
    case 'sfixed64':
      writeFixed32(out, value);
      writeFixed32(out, value >> 31);
      return true;
    case 'sfixed32':
      writeFixed32(out, value);
      return true;
    default:
      return false;
  }
}

/** Text that must be a number as a whole; for floating point also `NaN`, `Infinity` and `-Infinity`. */
export function writeNumberText(p: Parsing, f: ParseField, bytes: Uint8Array, start: number, end: number, at: number): void {
  if ((f.kind === 'double' || f.kind === 'float') && writeNotFinite(p, f.kind, bytes, start, end)) return;
  if (writeNumber(p, f, bytes, start, end, at) !== end) p.fail(at, 'a number is expected');
}

function writeNotFinite(p: Parsing, kind: 'double' | 'float', bytes: Uint8Array, start: number, end: number): boolean {
  const value = spells(bytes, start, end, 'NaN')
    ? Number.NaN
    : spells(bytes, start, end, 'Infinity')
      ? Number.POSITIVE_INFINITY
      : spells(bytes, start, end, '-Infinity')
        ? Number.NEGATIVE_INFINITY
        : undefined;
  if (value === undefined) return false;
  if (kind === 'double') writeDouble(p.out, value);
  else writeFloat(p.out, value);
  return true;
}

/** `bytes[start, end)` are this ASCII text. */
export function spells(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Writes the number that `bytes` begin with at `start` in the wire form of the field; returns its end. */
export function writeNumber(p: Parsing, f: ParseField, bytes: Uint8Array, start: number, end: number, at: number): number {
  const out = p.out;
  if (f.kind === 'double' || f.kind === 'float') {
    const behind = readDouble(p, bytes, start, end);
    if (behind < 0) p.fail(at, 'a number is expected');
    if (!Number.isFinite(f.kind === 'float' ? Math.fround(p.number) : p.number)) outOfRange(p, at);
    if (f.kind === 'double') writeDouble(out, p.number);
    else writeFloat(out, p.number);
    return behind;
  }
  const behind = readInteger(p, bytes, start, end, at);
  switch (f.kind) {
    case 'int32':
      writeInt32(out, int32(p, at));
      return behind;
    case 'int64':
      int64(p, at);
      writeVarint64(out, p.low, p.high);
      return behind;
    case 'uint32':
      writeVarint32(out, uint32(p, at));
      return behind;
    case 'uint64':
      uint64(p, at);
      writeVarint64(out, p.low, p.high);
      return behind;
    case 'sint32': {
      const value = int32(p, at);
      writeVarint32(out, (value << 1) ^ (value >> 31));
      return behind;
    }
    case 'sint64': {
      int64(p, at);
      const sign = p.high >> 31;
      writeVarint64(out, (p.low << 1) ^ sign, ((p.high << 1) | (p.low >>> 31)) ^ sign);
      return behind;
    }
    case 'fixed32':
      writeFixed32(out, uint32(p, at));
      return behind;
    case 'sfixed32':
      writeFixed32(out, int32(p, at));
      return behind;
    case 'fixed64':
      uint64(p, at);
      break;
    default:
      int64(p, at);
  }
  writeFixed32(out, p.low);
  writeFixed32(out, p.high);
  return behind;
}

function outOfRange(p: Parsing, at: number): never {
  return p.fail(at, 'the number is out of range');
}

/** The integer read last, if it is one of 32 bits. */
export function int32(p: Parsing, at: number): number {
  if (p.wide || p.number < -TWO_31 || p.number >= TWO_31) outOfRange(p, at);
  return p.number;
}

function uint32(p: Parsing, at: number): number {
  if (p.wide || p.number < 0 || p.number >= TWO_32) outOfRange(p, at);
  return p.number;
}

/** Leaves the integer read last in `p.low` and `p.high` as two's complement. */
function int64(p: Parsing, at: number): void {
  if (!p.wide) {
    p.low = p.number | 0;
    p.high = Math.floor(p.number / TWO_32) | 0;
    return;
  }
  const limit = p.high === TWO_31 && p.low === 0 && p.negative;
  if (p.high >= TWO_31 && !limit) outOfRange(p, at);
  p.low |= 0;
  p.high |= 0;
  if (!p.negative) return;
  p.low = -p.low | 0;
  p.high = (p.low === 0 ? -p.high : ~p.high) | 0;
}

function uint64(p: Parsing, at: number): void {
  if (p.wide ? p.negative : p.number < 0) outOfRange(p, at);
  if (p.wide) {
    p.low |= 0;
    p.high |= 0;
  } else {
    p.low = p.number | 0;
    p.high = Math.floor(p.number / TWO_32) | 0;
  }
}
