import { DOT, latin1, MINUS, NINE, PLUS, ZERO } from '../ascii.js';
import type { Parsing } from './parsing.js';

const TWO_32 = 4_294_967_296;
/** Size from which on integers are not all doubles is 2^53: the high half. */
const TWO_21 = 2_097_152;
/** Of 2^64. */
const MOST_DIGITS = 20;
/** An exponent that no number of digits makes up for. */
const OUT_OF_RANGE = 1e12;
/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, n) => 10 ** n);

/**
 * Reads an integer of at most nine digits, as most are, into `p.small`. Returns its end, or -1 for all else: longer ones, other numbers, what is none.
 */
export function readSmall(p: Parsing, bytes: Uint8Array, pos: number): number {
  const negative = bytes[pos] === MINUS;
  if (negative) pos += 1;
  const first = pos;
  let value = 0;
  let byte = bytes[pos] as number;
  for (const most = first + 9; byte >= ZERO && byte <= NINE && pos < most; byte = bytes[++pos] as number)
    value = (value * 10 + (byte - ZERO)) | 0;
  if (pos === first || (bytes[first] === ZERO && pos > first + 1)) return -1;
  if ((byte >= ZERO && byte <= NINE) || byte === DOT || (byte | 0x20) === 0x65) return -1;
  p.small = negative ? -value | 0 : value;
  return pos;
}

/**
 * Reads an integer by JSON's grammar of numbers, which it may also fill up with zeros: `7`, `-0`, `1.0`, `1e2`. Exact or refused.
 *
 * The value is left in `p.number` or, if it is `p.wide`, in `p.low`, `p.high` and `p.negative`. Returns the end of what is a number.
 *
 * @param at where in the source the value stands, for errors
 */
export function readInteger(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number): number {
  let pos = start;
  p.negative = bytes[pos] === MINUS;
  if (p.negative) pos += 1;
  const first = pos;
  let value = 0;
  let byte = bytes[pos] as number;
  for (; byte >= ZERO && byte <= NINE && pos < end; byte = bytes[++pos] as number) value = value * 10 + (byte - ZERO);
  const count = pos - first;
  if (count === 0 || (count > 1 && bytes[first] === ZERO)) return p.fail(at, 'an integer is expected');
  if (pos < end && (byte === DOT || (byte | 0x20) === 0x65)) return readScaled(p, bytes, start, end, at);
  p.wide = count > 15;
  if (p.wide) readWide(p, bytes, first, pos, at);
  else p.number = p.negative ? -value : value;
  return pos;
}

/** Sixteen digits and more: the first fifteen fit a double, the others are added one by one to the halves of a 64-bit value. */
function readWide(p: Parsing, bytes: Uint8Array, first: number, end: number, at: number): void {
  if (end - first > 20) p.fail(at, 'the number is out of range');
  let head = 0;
  for (let pos = first; pos < first + 15; pos++) head = head * 10 + ((bytes[pos] as number) - ZERO);
  let low = head % TWO_32;
  let high = Math.floor(head / TWO_32);
  for (let pos = first + 15; pos < end; pos++) {
    const scaled = low * 10 + ((bytes[pos] as number) - ZERO);
    low = scaled % TWO_32;
    high = high * 10 + Math.floor(scaled / TWO_32);
  }
  if (high >= TWO_32) p.fail(at, 'the number is out of range');
  p.low = low;
  p.high = high;
}

/**
 * An integer with decimals or an exponent, by the digits from the first to the last that is not zero, and how many zeros follow these:
 *
 *     12.50e1  ->  125 * 10^0
 */
function readScaled(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number): number {
  const behind = scanNumber(bytes, start, end);
  if (behind < 0) p.fail(at, 'an integer is expected');
  let pos = p.negative ? start + 1 : start;
  let first = -1;
  let digits = 0;
  let significant = 0;
  let point = behind;
  for (; pos < behind && !isExponent(bytes[pos] as number); pos++) {
    const byte = bytes[pos] as number;
    if (byte === DOT) point = pos;
    else if (first >= 0 || byte !== ZERO) {
      if (first < 0) first = pos;
      digits += 1;
      if (byte !== ZERO) significant = digits;
    }
  }
  const decimals = Math.max(0, pos - point - 1);
  const zeros = readExponent(bytes, pos, behind) - decimals + digits - significant;
  if (significant > 0 && zeros < 0) p.fail(at, 'an integer is expected');
  if (significant + zeros > MOST_DIGITS && significant > 0) p.fail(at, 'the number is out of range');
  p.wide = false;
  p.number = 0;
  if (significant > 0) readSignificant(p, bytes, first, significant, zeros, at);
  return behind;
}

/** So many digits from `first` on, a point among them left out, and zeros behind them. */
function readSignificant(p: Parsing, bytes: Uint8Array, first: number, significant: number, zeros: number, at: number): void {
  let low = 0;
  let high = 0;
  for (let pos = first, rest = significant + zeros; rest > 0; pos++) {
    const byte = rest > zeros ? (bytes[pos] as number) : ZERO;
    if (byte === DOT) continue;
    rest -= 1;
    const scaled = low * 10 + (byte - ZERO);
    low = scaled % TWO_32;
    high = high * 10 + Math.floor(scaled / TWO_32);
  }
  if (high >= TWO_32) p.fail(at, 'the number is out of range');
  p.wide = high >= TWO_21;
  p.number = p.negative ? -(high * TWO_32 + low) : high * TWO_32 + low;
  p.low = low;
  p.high = high;
}

function isExponent(byte: number): boolean {
  return (byte | 0x20) === 0x65;
}

/** The exponent between `pos`, where its letter stands, and `end`, 0 if there is none; one that is out of all range stays so. */
function readExponent(bytes: Uint8Array, pos: number, end: number): number {
  if (pos >= end) return 0;
  const negative = bytes[pos + 1] === MINUS;
  let value = 0;
  for (pos += negative || bytes[pos + 1] === PLUS ? 2 : 1; pos < end; pos++)
    if (value < OUT_OF_RANGE) value = value * 10 + ((bytes[pos] as number) - ZERO);
  return negative ? -value : value;
}

/** Where the JSON number at `pos` ends (RFC 8259, section 6), or -1 if there is none. */
function scanNumber(bytes: Uint8Array, pos: number, end: number): number {
  if (bytes[pos] === MINUS) pos += 1;
  const first = pos;
  pos = digitsEnd(bytes, pos, end);
  if (pos === first || (pos - first > 1 && bytes[first] === ZERO)) return -1;
  if (pos < end && bytes[pos] === DOT) {
    const decimals = pos + 1;
    pos = digitsEnd(bytes, decimals, end);
    if (pos === decimals) return -1;
  }
  return pos < end && isExponent(bytes[pos] as number) ? exponentEnd(bytes, pos, end) : pos;
}

/** Where the exponent whose letter stands at `pos` ends, or -1 if it has no digits. */
function exponentEnd(bytes: Uint8Array, pos: number, end: number): number {
  const first = pos + (bytes[pos + 1] === PLUS || bytes[pos + 1] === MINUS ? 2 : 1);
  pos = digitsEnd(bytes, first, end);
  return pos === first ? -1 : pos;
}

function digitsEnd(bytes: Uint8Array, pos: number, end: number): number {
  while (pos < end && (bytes[pos] as number) >= ZERO && (bytes[pos] as number) <= NINE) pos++;
  return pos;
}

/** Reads a number into `p.number` as the nearest double, which may be infinite; returns its end, or -1 if there is none. */
export function readDouble(p: Parsing, bytes: Uint8Array, start: number, end: number): number {
  let pos = start;
  const negative = bytes[pos] === MINUS;
  if (negative) pos += 1;
  const first = pos;
  let value = 0;
  let byte = bytes[pos] as number;
  while (byte >= ZERO && byte <= NINE && pos < end) {
    value = value * 10 + (byte - ZERO);
    byte = bytes[++pos] as number;
  }
  let digits = pos - first;
  let decimals = 0;
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return -1;
  if (byte === DOT && pos < end) {
    const point = pos;
    byte = bytes[++pos] as number;
    while (byte >= ZERO && byte <= NINE && pos < end) {
      value = value * 10 + (byte - ZERO);
      byte = bytes[++pos] as number;
    }
    decimals = pos - point - 1;
    if (decimals === 0) return -1;
    digits += decimals;
  }
  let behind = pos;
  let scale = -decimals;
  if (pos < end && isExponent(byte)) {
    behind = exponentEnd(bytes, pos, end);
    if (behind < 0) return -1;
    scale += readExponent(bytes, pos, behind);
  }
  if (digits > 15 || (value !== 0 && (scale < -22 || scale > 22))) p.number = Number(latin1(bytes, start, behind));
  else {
    // Two exact doubles, multiplied or divided once, give the nearest double.
    if (value === 0) scale = 0;
    else if (scale < 0) value /= EXACT_POWERS[-scale] as number;
    else if (scale > 0) value *= EXACT_POWERS[scale] as number;
    p.number = negative ? -value : value;
  }
  return behind;
}
