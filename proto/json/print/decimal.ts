import type { Arena } from '../arena.js';
import { MINUS, QUOTE, ZERO } from '../ascii.js';

const TWO_32 = 4_294_967_296;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;

/** Writes an integer of at most 2^53 in size. */
export function printInteger(out: Arena, value: number): void {
  const bytes = out.reserve(20);
  let at = out.length;
  if (value < 0) {
    bytes[at++] = MINUS;
    value = -value;
  }
  out.length = digits(bytes, at, value);
}

/** Digits of a non-negative integer below 2^53, without leading zeros; returns their end. */
function digits(bytes: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    bytes[at] = ZERO + value;
    return at + 1;
  }
  const end = at + countDigits(value);
  let place = end;
  while (value > 0x7fff_ffff) {
    const rest = Math.floor(value / 10);
    bytes[--place] = ZERO + (value - rest * 10);
    value = rest;
  }
  let small = value | 0;
  while (small > 9) {
    const rest = (small / 10) | 0;
    bytes[--place] = ZERO + (small - rest * 10);
    small = rest;
  }
  bytes[--place] = ZERO + small;
  return end;
}

function countDigits(value: number): number {
  let count = value < 1e8 ? 1 : 8;
  while (count < 16 && value >= (POWERS[count] as number)) count++;
  return count;
}

/** Writes a 64-bit integer from its halves, quoted or not. */
export function printUint64(out: Arena, low: number, high: number, quoted: boolean): void {
  const bytes = out.reserve(24);
  if (quoted) bytes[out.length++] = QUOTE;
  out.length = digits64(bytes, out.length, low >>> 0, high >>> 0);
  if (quoted) bytes[out.length++] = QUOTE;
}

/** The same for two's complement. */
export function printInt64(out: Arena, low: number, high: number, quoted: boolean): void {
  const bytes = out.reserve(24);
  if (quoted) bytes[out.length++] = QUOTE;
  if (high < 0) {
    bytes[out.length++] = MINUS;
    low = -low | 0;
    high = (low === 0 ? -high : ~high) | 0;
  }
  out.length = digits64(bytes, out.length, low >>> 0, high >>> 0);
  if (quoted) bytes[out.length++] = QUOTE;
}

/**
 * 2^64 does not fit a double, so that the last six digits are split off: with remainders below 10^6 every step stays below 2^53 and exact.
 *
 *     high * 2^32 + low = (quotient) * 10^6 + last
 */
function digits64(bytes: Uint8Array, at: number, low: number, high: number): number {
  if (high < 0x20_0000) return digits(bytes, at, high * TWO_32 + low);
  const upper = Math.floor(high / 1e6);
  const middle = (high - upper * 1e6) * TWO_32 + low;
  const lower = Math.floor(middle / 1e6);
  let last = middle - lower * 1e6;
  const end = digits(bytes, at, upper * TWO_32 + lower) + 6;
  for (let place = end - 1; place >= end - 6; place--) {
    const rest = Math.floor(last / 10);
    bytes[place] = ZERO + (last - rest * 10);
    last = rest;
  }
  return end;
}

const NOT_FINITE = { nan: '"NaN"', plus: '"Infinity"', minus: '"-Infinity"' } as const;

/** Writes a double by the shortest digits that give it back. */
export function printDouble(out: Arena, value: number): void {
  if (value >= -1e15 && value <= 1e15 && (printWhole(out, value) || printFraction(out, value, 1e15, false))) return;
  printText(out, Number.isFinite(value) ? String(value) : notFinite(value));
}

/** Writes a float by the shortest digits that give it back when read as a float: 0.1, not 0.10000000149011612. */
export function printFloat(out: Arena, value: number): void {
  if (value >= -1e6 && value <= 1e6 && (printWhole(out, value) || printFraction(out, value, 1e6, true))) return;
  printText(out, Number.isFinite(value) ? shortestFloat(value) : notFinite(value));
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return NOT_FINITE.nan;
  return value > 0 ? NOT_FINITE.plus : NOT_FINITE.minus;
}

function printWhole(out: Arena, value: number): boolean {
  if (Math.trunc(value) !== value) return false;
  if (Object.is(value, -0)) printText(out, '-0');
  else printInteger(out, value);
  return true;
}

/**
 * Writes a number with up to six decimals, which most are, without making a string of it.
 *
 *     19.99 -> 1999 / 10^2
 *
 * If digits / 10^n gives the number back and there are at most 15 of them (6 for a float), no other spelling of so few digits does: these are the shortest.
 */
function printFraction(out: Arena, value: number, limit: number, float: boolean): boolean {
  const size = Math.abs(value);
  for (let decimals = 1; decimals <= 6; decimals++) {
    const scale = POWERS[decimals] as number;
    const scaled = Math.round(size * scale);
    if (scaled >= limit) return false;
    const back = scaled / scale;
    if ((float ? Math.fround(back) : back) === size) {
      writeFraction(out, scaled, scale, decimals, value < 0);
      return true;
    }
  }
  return false;
}

function writeFraction(out: Arena, scaled: number, scale: number, decimals: number, negative: boolean): void {
  const bytes = out.reserve(28);
  if (negative) bytes[out.length++] = MINUS;
  const whole = Math.floor(scaled / scale);
  const point = digits(bytes, out.length, whole);
  bytes[point] = 0x2e;
  let rest = scaled - whole * scale;
  for (let place = point + decimals; place > point; place--) {
    const next = Math.floor(rest / 10);
    bytes[place] = ZERO + (rest - next * 10);
    rest = next;
  }
  out.length = point + decimals + 1;
}

/** Below this a float has less than the precision that makes all decimals of six digits distinct. */
const LEAST_NORMAL = 2 ** -126;

function shortestFloat(value: number): string {
  for (let precision = Math.abs(value) < LEAST_NORMAL ? 1 : 6; precision < 9; precision++) {
    const shorter = Number(value.toPrecision(precision));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}

/** ASCII text. */
export function printText(out: Arena, text: string): void {
  const bytes = out.reserve(text.length);
  let at = out.length;
  for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
  out.length = at;
}
