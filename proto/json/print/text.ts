import { BACKSLASH, QUOTE } from '../ascii.js';
import { WireError } from '../codec.js';
import { ANY_UTF8, ASCII_ONLY, hasSpecial, isPlain, plainEnd } from '../plain.js';
import { isUtf8Text } from '../utf8.js';
import type { Printing } from './printing.js';

const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Second byte of a two-character escape by control character: `\n`; 0 = `\u00XX`. */
const SHORT = new Uint8Array(32);
for (const [control, letter] of [
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
] as const) {
  SHORT[control] = letter.charCodeAt(0);
}

/** Up to here a text is copied while it is looked through; whole spans of a longer one are found and then copied. */
const SHORT_TEXT = 256;

/**
 * Prints the UTF-8 text `[pos, end)` of the source as a JSON string. Only what must be escaped is.
 *
 *     a " \ TAB U+0001 é  ->  "a \" \\ \t \u0001 é"
 */
export function printString(p: Printing, pos: number, end: number): void {
  const out = p.out;
  out.reserve(end - pos + 6);
  out.bytes[out.length++] = QUOTE;
  let high = ASCII_ONLY;
  for (;;) {
    pos = end - pos < SHORT_TEXT ? copyPlain(p, pos, end, high) : copySpan(p, pos, end, high);
    if (pos === end) break;
    const byte = p.source.bytes[pos] as number;
    if (byte < 0x80) {
      printEscape(p, byte);
      pos += 1;
      out.reserve(end - pos + 6);
    } else if (isUtf8Text(p.source.bytes, pos, end)) high = ANY_UTF8;
    else throw new WireError('a string that is not UTF-8');
  }
  out.bytes[out.length++] = QUOTE;
}

/** Copies bytes up to one that does not stand for itself; returns its position. There must be room for the rest and five bytes more. */
function copyPlain(p: Printing, pos: number, end: number, high: number): number {
  const out = p.out;
  const from = p.source.view;
  const to = out.view;
  let at = out.length;
  for (; pos + 4 <= end; pos += 4, at += 4) {
    const word = from.getInt32(pos, true);
    if (hasSpecial(word, high)) break;
    to.setInt32(at, word, true);
  }
  const source = p.source.bytes;
  const bytes = out.bytes;
  for (; pos < end; pos++) {
    const byte = source[pos] as number;
    if (!isPlain(byte, high)) break;
    bytes[at++] = byte;
  }
  out.length = at;
  return pos;
}

/** The same for a long text. */
function copySpan(p: Printing, pos: number, end: number, high: number): number {
  const stop = plainEnd(p.source, pos, end, high);
  p.out.copy(p.source.bytes, pos, stop);
  return stop;
}

function printEscape(p: Printing, byte: number): void {
  const out = p.out;
  const bytes = out.reserve(6);
  bytes[out.length++] = BACKSLASH;
  if (byte === QUOTE || byte === BACKSLASH) {
    bytes[out.length++] = byte;
    return;
  }
  const short = SHORT[byte] as number;
  if (short !== 0) {
    bytes[out.length++] = short;
    return;
  }
  bytes[out.length++] = 0x75;
  bytes[out.length++] = 0x30;
  bytes[out.length++] = 0x30;
  bytes[out.length++] = HEX[byte >>> 4] as number;
  bytes[out.length++] = HEX[byte & 15] as number;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Two letters for twelve bits, the first in the low byte. */
const PAIRS = Uint16Array.from({ length: 4096 }, (_, bits) => ALPHABET.charCodeAt(bits >>> 6) | (ALPHABET.charCodeAt(bits & 63) << 8));
const PAD = 0x3d;

/** Prints bytes `[pos, end)` as a string of padded standard base64 (RFC 4648, section 4). */
export function printBase64(p: Printing, pos: number, end: number): void {
  const out = p.out;
  const source = p.source.bytes;
  const bytes = out.reserve(Math.ceil((end - pos) / 3) * 4 + 2);
  const to = out.view;
  let at = out.length;
  bytes[at++] = QUOTE;
  for (; pos + 3 <= end; pos += 3, at += 4) {
    const bits = ((source[pos] as number) << 16) | ((source[pos + 1] as number) << 8) | (source[pos + 2] as number);
    to.setInt32(at, (PAIRS[bits >>> 12] as number) | ((PAIRS[bits & 0xfff] as number) << 16), true);
  }
  if (pos < end) {
    const two = pos + 2 === end;
    const bits = ((source[pos] as number) << 16) | (two ? (source[pos + 1] as number) << 8 : 0);
    to.setInt32(at, (PAIRS[bits >>> 12] as number) | ((PAIRS[bits & 0xfff] as number) << 16), true);
    at += 4;
    bytes[at - 1] = PAD;
    if (!two) bytes[at - 2] = PAD;
  }
  bytes[at++] = QUOTE;
  out.length = at;
}
