import { END_GROUP, START_GROUP } from '../../wire/wire.js';
import { MINUS, NINE, QUOTE, ZERO } from '../ascii.js';
import { writeBase64 } from './base64.js';
import { writeFieldMask } from './field-mask.js';
import { nearestValue } from './nearest.js';
import { readInteger, readSmall } from './number.js';
import type { Parsing } from './parsing.js';
import type { ParseField, ParseKind } from './plan.js';
import { failType } from './syntax.js';
import { readQuoted } from './text.js';
import { writeDuration, writeTimestamp } from './time.js';
import { beginLength, endLength, writeInt32, writeVarint32 } from './write.js';
import { int32, writeNumber, writeNumberText, writeSmall } from './write-number.js';

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
  writeForm(p, form, p.text.bytes, p.text.start, p.text.end, pos, p.snakeMasks);
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
