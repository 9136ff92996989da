import type { Arena } from '../arena.js';
import { DOT, MINUS, QUOTE, ZERO } from '../ascii.js';
import { WireError } from '../codec.js';
import { MAX_DURATION, MAX_TIMESTAMP, MIN_TIMESTAMP } from '../form.js';
import { printInteger } from './decimal.js';
import type { Printing } from './printing.js';
import { readTag, readVarint, skip } from './read.js';

const TWO_32 = 4_294_967_296;
const SECONDS = 8;
const NANOS = 16;

/** `{seconds: 1, nanos: 5000000}` as `"1970-01-01T00:00:01.005Z"`: 0, 3, 6 or 9 decimals, timestamp.proto "JSON Mapping". */
export function printTimestamp(p: Printing, pos: number, end: number): void {
  const seconds = readSeconds(p, pos, end);
  const nanos = p.low;
  if (!(seconds >= MIN_TIMESTAMP && seconds <= MAX_TIMESTAMP && nanos >= 0 && nanos < 1e9)) throw new WireError('a Timestamp out of range');
  const day = Math.floor(seconds / 86_400);
  const second = seconds - day * 86_400;
  const out = p.out;
  out.reserve(40);
  out.byte(QUOTE);
  printDate(out, day);
  out.byte(0x54);
  printPadded(out, Math.floor(second / 3600), 2);
  out.byte(0x3a);
  printPadded(out, Math.floor(second / 60) % 60, 2);
  out.byte(0x3a);
  printPadded(out, second % 60, 2);
  printNanos(out, nanos);
  out.byte(0x5a);
  out.byte(QUOTE);
}

/** `{seconds: -1, nanos: -500000000}` as `"-1.500s"`, duration.proto "JSON Mapping". */
export function printDuration(p: Printing, pos: number, end: number): void {
  const seconds = readSeconds(p, pos, end);
  const nanos = p.low;
  const inRange = Math.abs(seconds) <= MAX_DURATION && Math.abs(nanos) < 1e9;
  if (!inRange || (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0)) throw new WireError('a Duration out of range');
  const out = p.out;
  out.reserve(32);
  out.byte(QUOTE);
  if (seconds < 0 || nanos < 0) out.byte(MINUS);
  printInteger(out, Math.abs(seconds));
  printNanos(out, Math.abs(nanos));
  out.byte(0x73);
  out.byte(QUOTE);
}

/** Both messages: int64 seconds = 1, int32 nanos = 2, which is left in `p.low`. */
function readSeconds(p: Printing, pos: number, end: number): number {
  let seconds = 0;
  let nanos = 0;
  while (pos < end) {
    const tag = readTag(p, pos, end);
    pos = p.pos;
    if (tag === SECONDS) {
      pos = readVarint(p, pos, end);
      seconds = p.high * TWO_32 + (p.low >>> 0);
    } else if (tag === NANOS) {
      pos = readVarint(p, pos, end);
      nanos = p.low;
    } else pos = skip(p, tag, pos, end);
  }
  p.low = nanos;
  return seconds;
}

/** Days since 1970-01-01 as a date of the proleptic Gregorian calendar: 400 years are 146,097 days, and a year that begins in March ends with its leap day. */
function printDate(out: Arena, day: number): void {
  const days = day + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  printPadded(out, era * 400 + yearOfEra + (month <= 2 ? 1 : 0), 4);
  out.byte(MINUS);
  printPadded(out, month, 2);
  out.byte(MINUS);
  printPadded(out, dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1, 2);
}

function printNanos(out: Arena, nanos: number): void {
  if (nanos === 0) return;
  out.byte(DOT);
  if (nanos % 1e6 === 0) printPadded(out, nanos / 1e6, 3);
  else if (nanos % 1e3 === 0) printPadded(out, nanos / 1e3, 6);
  else printPadded(out, nanos, 9);
}

function printPadded(out: Arena, value: number, width: number): void {
  const bytes = out.reserve(width);
  for (let place = out.length + width - 1; place >= out.length; place--) {
    bytes[place] = ZERO + (value % 10);
    value = Math.floor(value / 10);
  }
  out.length += width;
}
