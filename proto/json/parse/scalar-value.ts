import { END_GROUP, START_GROUP } from '../../wire/wire.js';
import type { Arena } from '../arena.js';
import { MINUS, NINE, QUOTE, ZERO } from '../ascii.js';
import { writeBase64 } from './base64.js';
import { writeFieldMask } from './field-mask.js';
import { nearestValue } from './nearest.js';
import { readDouble, readInteger, readSmall } from './number.js';
import type { Parsing } from './parsing.js';
import type { ParseField, ParseKind } from './plan.js';
import { failType } from './syntax.js';
import { readQuoted } from './text.js';
import { writeDuration, writeTimestamp } from './time.js';
import { beginLength, endLength, writeDouble, writeFixed32, writeFloat, writeInt32, writeVarint32, writeVarint64 } from './write.js';

const TWO_31 = 2_147_483_648;
const TWO_32 = 4_294_967_296;

/** A number, quoted or not; returns its end. */
export function parseScalar(p: Parsing, f: ParseField, pos: number): number {
  const { bytes } = p.source;
  const byte = bytes[pos] as number;
  const quote = byte === QUOTE ? 1 : 0;
  const smallEnd = readSmall(p, bytes, pos + quote);
  if (smallEnd >= 0 && (quote === 0 || bytes[smallEnd] === QUOTE) && writeSmall(p.out, f.kind, p.small)) return smallEnd + quote;
  if (quote === 1) {
    const end = readQuoted(p, pos);
    writeNumberText(p, f, p.text.bytes, p.text.start, p.text.end, pos);
    return end;
  }
  if (byte !== MINUS && !(byte >= ZERO && byte <= NINE)) failType(p, pos, 'a number');
  return writeNumber(p, f, bytes, pos, p.source.length, pos);
}

/** Writes an integer of at most nine digits. False if it may not be one that the kind has: below zero; minus zero, which is a double. */
function writeSmall(out: Arena, kind: ParseKind, value: number): boolean {
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

export function spells(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Writes the number that `bytes` begin with at `start` in the wire form of the field; returns its end. */
function writeNumber(p: Parsing, f: ParseField, bytes: Uint8Array, start: number, end: number, at: number): number {
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

function int32(p: Parsing, at: number): number {
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

/** An enum value by name or number; returns its end. An unknown name is dropped if unknown things are ignored. */
export function parseEnum(p: Parsing, f: ParseField, pos: number): number {
  const { bytes, length } = p.source;
  const byte = bytes[pos] as number;
  if (byte === QUOTE) {
    const end = readQuoted(p, pos);
    if (!writeEnumName(p, f, p.text.bytes, p.text.start, p.text.end)) unknownEnum(p, f, pos);
    return end;
  }
  if (byte !== MINUS && !(byte >= ZERO && byte <= NINE)) failType(p, pos, 'the name or number of an enum value');
  const end = readInteger(p, bytes, pos, length, pos);
  writeEnumNumber(p, f, int32(p, pos), pos);
  return end;
}

/** A closed enum takes the numbers of its values only: another would be an unknown field to whoever reads it. */
function writeEnumNumber(p: Parsing, { type }: ParseField, number: number, at: number): void {
  if (type.kind === 'enum' && type.type.closed && type.type.valueByNumber(number) === undefined) {
    if (!p.ignoreUnknown) p.fail(at, 'unknown enum value');
    p.dropped = true;
    return;
  }
  writeInt32(p.out, number);
}

function writeEnumName(p: Parsing, f: ParseField, bytes: Uint8Array, start: number, end: number): boolean {
  const number = f.values?.find(bytes, start, end);
  if (number !== undefined) writeInt32(p.out, number);
  return number !== undefined;
}

function unknownEnum(p: Parsing, f: ParseField, at: number): void {
  if (p.ignoreUnknown) p.dropped = true;
  else p.fail(at, `unknown enum value${nearestValue(p.text, f)}`);
}

/** A string in the form of a field of bytes, a Timestamp, a Duration or a FieldMask; returns its end. */
export function parseQuoted(p: Parsing, f: ParseField, pos: number): number {
  if (f.kind !== 'bytes') {
    const isGroup = f.wire === START_GROUP;
    const content = isGroup ? p.out.length : beginLength(p.out, f);
    const end = parseForm(p, f.kind, pos);
    if (isGroup) writeVarint32(p.out, f.tag - START_GROUP + END_GROUP);
    else endLength(p.out, f, content);
    return end;
  }
  if (p.source.bytes[pos] !== QUOTE) failType(p, pos, 'a string');
  const end = readQuoted(p, pos);
  writeBase64(p, p.text.bytes, p.text.start, p.text.end, pos);
  return end;
}

/** A string as the content of a Timestamp, a Duration or a FieldMask; returns its end. */
export function parseForm(p: Parsing, form: ParseKind, pos: number): number {
  if (p.source.bytes[pos] !== QUOTE) failType(p, pos, 'a string');
  const end = readQuoted(p, pos);
  writeForm(p, form, p.text.bytes, p.text.start, p.text.end, pos, false);
  return end;
}

/** Writes the content of a Timestamp, a Duration or a FieldMask. */
export function writeForm(p: Parsing, form: ParseKind, bytes: Uint8Array, start: number, end: number, at: number, snake: boolean): void {
  if (form === 'timestamp') writeTimestamp(p, bytes, start, end, at);
  else if (form === 'duration') writeDuration(p, bytes, start, end, at);
  else writeFieldMask(p, bytes, start, end, at, snake);
}

/** Text of an enum value without quotes: its name or its number. */
export function writeEnumText(p: Parsing, f: ParseField, bytes: Uint8Array, start: number, end: number): void {
  if (writeEnumName(p, f, bytes, start, end)) return;
  const byte = bytes[start] as number;
  if (end > start && (byte === MINUS || (byte >= ZERO && byte <= NINE))) {
    if (readInteger(p, bytes, start, end, start) !== end) p.fail(start, 'the name or number of an enum value is expected');
    writeEnumNumber(p, f, int32(p, start), start);
    return;
  }
  p.text.bytes = bytes;
  p.text.start = start;
  p.text.end = end;
  unknownEnum(p, f, start);
}
