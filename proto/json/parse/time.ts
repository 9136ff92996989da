import { DOT, MINUS, NINE, PLUS, ZERO } from '../ascii.js';
import { MAX_DURATION, MAX_TIMESTAMP, MIN_TIMESTAMP } from '../form.js';
import type { Parsing } from './parsing.js';
import { writeInt32, writeSafeInt64 } from './write.js';

const SECONDS = 8;
const NANOS = 16;

/** Writes `"1970-01-01T01:00:01.005+01:00"` as `{seconds: 1, nanos: 5000000}` (RFC 3339; any number of decimals up to nine, any offset). */
export function writeTimestamp(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number): void {
  const wrong = () => p.fail(at, 'a time like 2006-01-02T15:04:05Z is expected');
  const shape = end - start >= 20 && isAt(bytes, start + 4, '-') && isAt(bytes, start + 7, '-') && isAt(bytes, start + 10, 'T');
  if (!shape || !isAt(bytes, start + 13, ':') || !isAt(bytes, start + 16, ':')) wrong();
  const year = number(bytes, start, 4);
  const month = number(bytes, start + 5, 2);
  const day = number(bytes, start + 8, 2);
  const hour = number(bytes, start + 11, 2);
  const minute = number(bytes, start + 14, 2);
  const second = number(bytes, start + 17, 2);
  const inRange = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!inRange || !(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)) wrong();
  const decimals = decimalsEnd(bytes, start + 19, end);
  const nanos = decimals < 0 ? -1 : fraction(bytes, start + 20, decimals);
  const offset = decimals < 0 ? Number.NaN : offsetSeconds(bytes, decimals, end);
  if (nanos < 0 || Number.isNaN(offset)) wrong();
  const seconds = daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  if (seconds < MIN_TIMESTAMP || seconds > MAX_TIMESTAMP) p.fail(at, 'the time is out of range');
  writePair(p, seconds, nanos);
}

/** Writes `"-1.5s"` as `{seconds: -1, nanos: -500000000}`. */
export function writeDuration(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number): void {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  let pos = first;
  let seconds = 0;
  for (; pos < end && isDigit(bytes[pos] as number); pos++) seconds = seconds * 10 + ((bytes[pos] as number) - ZERO);
  const decimals = decimalsEnd(bytes, pos, end);
  const nanos = decimals < 0 ? -1 : fraction(bytes, pos + 1, decimals);
  if (pos === first || nanos < 0 || decimals !== end - 1 || bytes[decimals] !== 0x73) p.fail(at, 'a duration like 1.5s is expected');
  if (seconds > MAX_DURATION) p.fail(at, 'the duration is out of range');
  writePair(p, negative ? -seconds : seconds, negative ? -nanos : nanos);
}

function writePair(p: Parsing, seconds: number, nanos: number): void {
  if (seconds !== 0) {
    p.out.byte(SECONDS);
    writeSafeInt64(p.out, seconds);
  }
  if (nanos !== 0) {
    p.out.byte(NANOS);
    writeInt32(p.out, nanos);
  }
}

function isAt(bytes: Uint8Array, pos: number, letter: string): boolean {
  return bytes[pos] === letter.charCodeAt(0);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** A number of so many digits, or NaN. */
function number(bytes: Uint8Array, pos: number, digits: number): number {
  let value = 0;
  for (const end = pos + digits; pos < end; pos++) {
    const byte = bytes[pos] as number;
    value = isDigit(byte) ? value * 10 + byte - ZERO : Number.NaN;
  }
  return value;
}

/** Where the decimals at `pos` end, `pos` itself if there is no point, -1 if there are none behind it or more than nine. */
function decimalsEnd(bytes: Uint8Array, pos: number, end: number): number {
  if (bytes[pos] !== DOT || pos >= end) return pos;
  const first = pos + 1;
  pos = first;
  while (pos < end && isDigit(bytes[pos] as number)) pos++;
  return pos === first || pos > first + 9 ? -1 : pos;
}

/** Decimals as nanoseconds. */
function fraction(bytes: Uint8Array, pos: number, end: number): number {
  if (end < pos) return 0;
  let nanos = 0;
  for (let place = 0; place < 9; place++) nanos = nanos * 10 + (pos + place < end ? (bytes[pos + place] as number) - ZERO : 0);
  return nanos;
}

/** `Z` or `+01:00` and no more, in seconds, or NaN. */
function offsetSeconds(bytes: Uint8Array, pos: number, end: number): number {
  if (isAt(bytes, pos, 'Z')) return pos + 1 === end ? 0 : Number.NaN;
  const sign = bytes[pos] === PLUS ? 1 : bytes[pos] === MINUS ? -1 : Number.NaN;
  const hours = number(bytes, pos + 1, 2);
  const minutes = number(bytes, pos + 4, 2);
  if (pos + 6 !== end || !isAt(bytes, pos + 3, ':') || hours > 23 || minutes > 59) return Number.NaN;
  return sign * (hours * 3600 + minutes * 60);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01, proleptic Gregorian calendar: a year that begins in March ends with its leap day, 400 years are 146,097 days. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}
