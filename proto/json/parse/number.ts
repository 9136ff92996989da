import { DOT, latin1, MINUS, NINE, PLUS, ZERO } from '../ascii.js';
import type { Parsing } from './parsing.js';

const TWO_32 = 4_294_967_296;
const TWO_64 = 2n ** 64n;
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

/** An integer with decimals or an exponent, by its decimal digits: `12.50e1` = 1250 * 10^(1 - 2), zeros cut off: 125 * 10^0. */
function readScaled(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number): number {
  const behind = scanNumber(bytes, start, end);
  if (behind < 0) p.fail(at, 'an integer is expected');
  const [mantissa = '', exponent = '0'] = latin1(bytes, p.negative ? start + 1 : start, behind)
    .toLowerCase()
    .split('e');
  const [whole = '', decimals = ''] = mantissa.split('.');
  const digits = `${whole}${decimals}`.replace(/^0+/, '');
  // Not by an expression: one that looks for zeros at the end begins anew at each zero before.
  let last = digits.length;
  while (last > 0 && digits[last - 1] === '0') last -= 1;
  const significant = digits.slice(0, last);
  const scale = Number(exponent) - decimals.length + digits.length - significant.length;
  if (significant !== '' && scale < 0) p.fail(at, 'an integer is expected');
  if (significant.length + scale > 20 && significant !== '') p.fail(at, 'the number is out of range');
  const value = significant === '' ? 0n : BigInt(significant) * 10n ** BigInt(scale);
  if (value >= TWO_64) p.fail(at, 'the number is out of range');
  p.wide = value > BigInt(Number.MAX_SAFE_INTEGER);
  p.number = p.negative ? -Number(value) : Number(value);
  p.low = Number(value & 0xffff_ffffn);
  p.high = Number(value >> 32n);
  return behind;
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
  if (pos < end && ((bytes[pos] as number) | 0x20) === 0x65) {
    pos += bytes[pos + 1] === PLUS || bytes[pos + 1] === MINUS ? 2 : 1;
    const exponent = pos;
    pos = digitsEnd(bytes, pos, end);
    if (pos === exponent) return -1;
  }
  return pos;
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
  // Two exact doubles, divided once, give the nearest double.
  if (digits > 15 || (pos < end && (byte | 0x20) === 0x65)) return readAny(p, bytes, start, end);
  if (decimals > 0) value /= EXACT_POWERS[decimals] as number;
  p.number = negative ? -value : value;
  return pos;
}

function readAny(p: Parsing, bytes: Uint8Array, start: number, end: number): number {
  const behind = scanNumber(bytes, start, end);
  if (behind >= 0) p.number = Number(latin1(bytes, start, behind));
  return behind;
}
