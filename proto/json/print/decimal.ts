import type { Arena } from '../arena.js';
import { MINUS, QUOTE, ZERO } from '../ascii.js';

const TWO_32 = 4_294_967_296;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;

/** Four digits by their value, `0042`, as a little-endian word of ASCII. */
const QUADS = Int32Array.from({ length: 10_000 }, (_, value) => {
  const digit = (place: number) => ZERO + (Math.floor(value / place) % 10);
  return digit(1000) | (digit(100) << 8) | (digit(10) << 16) | (digit(1) << 24);
});

/** Writes an integer of at most 2^53 in size. */
export function printInteger(out: Arena, value: number): void {
  out.reserve(24);
  if (value < 0) {
    out.bytes[out.length++] = MINUS;
    value = -value;
  }
  out.length = digits(out.view, out.length, value);
}

/** Digits of a non-negative integer up to 2^53, without leading zeros; returns their end. May write three bytes more. */
function digits(view: DataView, at: number, value: number): number {
  if (value < 10_000) return leadingDigits(view, at, value | 0);
  if (value < 1e8) {
    const upper = (value / 10_000) | 0;
    at = leadingDigits(view, at, upper);
    view.setInt32(at, QUADS[(value | 0) - upper * 10_000] as number, true);
    return at + 4;
  }
  const upper = Math.floor(value / 1e8);
  return eightDigits(view, digits(view, at, upper), (value - upper * 1e8) | 0);
}

function leadingDigits(view: DataView, at: number, value: number): number {
  const count = value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4;
  view.setInt32(at, (QUADS[value] as number) >>> ((4 - count) * 8), true);
  return at + count;
}

function eightDigits(view: DataView, at: number, value: number): number {
  const upper = (value / 10_000) | 0;
  view.setInt32(at, QUADS[upper] as number, true);
  view.setInt32(at + 4, QUADS[value - upper * 10_000] as number, true);
  return at + 8;
}

/** Writes a 64-bit integer from its halves, quoted or not. */
export function printUint64(out: Arena, low: number, high: number, quoted: boolean): void {
  const bytes = out.reserve(32);
  if (quoted) bytes[out.length++] = QUOTE;
  out.length = digits64(out.view, out.length, low >>> 0, high >>> 0);
  if (quoted) bytes[out.length++] = QUOTE;
}

/** The same for two's complement. */
export function printInt64(out: Arena, low: number, high: number, quoted: boolean): void {
  const bytes = out.reserve(32);
  if (quoted) bytes[out.length++] = QUOTE;
  if (high < 0) {
    bytes[out.length++] = MINUS;
    low = -low | 0;
    high = (low === 0 ? -high : ~high) | 0;
  }
  out.length = digits64(out.view, out.length, low >>> 0, high >>> 0);
  if (quoted) bytes[out.length++] = QUOTE;
}

/**
 * 2^64 does not fit a double, so that the last six digits are split off first: with remainders below 10^6 every step stays below 2^53 and exact.
 *
 *     high * 2^32 + low = (quotient) * 10^6 + last
 */
function digits64(view: DataView, at: number, low: number, high: number): number {
  if (high < 0x20_0000) return digits(view, at, high * TWO_32 + low);
  const upper = Math.floor(high / 1e6);
  const middle = (high - upper * 1e6) * TWO_32 + low;
  const lower = Math.floor(middle / 1e6);
  const quotient = upper * TWO_32 + lower;
  // With the last two of its digits the six make eight.
  const first = Math.floor(quotient / 100);
  return eightDigits(view, digits(view, at, first), (quotient - first * 100) * 1e6 + (middle - lower * 1e6));
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
  const bytes = out.reserve(32);
  if (negative) bytes[out.length++] = MINUS;
  const whole = Math.floor(scaled / scale);
  const point = digits(out.view, out.length, whole);
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

/** All powers of ten that are doubles. */
const TENS = Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
/** Up to here a float, of 24 bits, times the power of ten is a double without rounding. */
const EXACT = 12;

function shortestFloat(value: number): string {
  return quickFloat(value) ?? slowFloat(value);
}

/** By numbers alone, six digits and up to three more, since making a string and reading it takes ten times as long; undefined where that is not exact. */
function quickFloat(value: number): string | undefined {
  const size = Math.abs(value);
  const decimals = 5 - Math.floor(Math.log10(size));
  if (!(decimals >= 0 && decimals + 3 < TENS.length)) return undefined;
  for (let n = decimals; n <= decimals + 3; n++) {
    const scaled = size * (TENS[n] as number);
    const rest = scaled - Math.floor(scaled);
    if (n > EXACT && Math.abs(rest - 0.5) < 1e-6) return undefined;
    const back = Math.round(scaled) / (TENS[n] as number);
    if (Math.fround(back) === size) return String(value < 0 ? -back : back);
  }
  return undefined;
}

function slowFloat(value: number): string {
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
