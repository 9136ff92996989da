import { BACKSLASH, QUOTE, TEXT_CLASS } from '../ascii.js';
import { WireError } from '../codec.js';
import { plainEnd } from '../plain.js';
import { sequenceLength } from '../utf8.js';
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

/**
 * Prints the UTF-8 text `[pos, end)` of the source as a JSON string. Only what must be escaped is.
 *
 *     a " \ TAB U+0001 é  ->  "a \" \\ \t \u0001 é"
 */
export function printString(p: Printing, pos: number, end: number): void {
  const out = p.out;
  const source = p.source.bytes;
  const bytes = out.reserve(end - pos + 2);
  let at = out.length;
  bytes[at++] = QUOTE;
  if (end - pos < 64) {
    for (; pos < end; pos++) {
      const byte = source[pos] as number;
      if (TEXT_CLASS[byte] !== 0) break;
      bytes[at++] = byte;
    }
  }
  if (pos === end) {
    bytes[at++] = QUOTE;
    out.length = at;
    return;
  }
  out.length = at;
  printRest(p, pos, end);
}

/** The same for a text that is long or has bytes of other classes: whole spans are found and then copied. */
function printRest(p: Printing, pos: number, end: number): void {
  const out = p.out;
  const source = p.source.bytes;
  let start = pos;
  while (pos < end) {
    pos = plainEnd(p.source, pos, end);
    if (pos === end) break;
    const byte = source[pos] as number;
    if (byte >= 0x80) {
      const length = sequenceLength(source, pos, end);
      if (length === 0) throw new WireError('a string that is not UTF-8');
      pos += length;
    } else {
      out.copy(source, start, pos);
      printEscape(p, byte);
      start = ++pos;
    }
  }
  out.copy(source, start, end);
  out.byte(QUOTE);
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

const BASE64 = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (letter) => letter.charCodeAt(0));
const PAD = 0x3d;

/** Prints bytes `[pos, end)` as a string of padded standard base64 (RFC 4648, section 4). */
export function printBase64(p: Printing, pos: number, end: number): void {
  const out = p.out;
  const source = p.source.bytes;
  const bytes = out.reserve(Math.ceil((end - pos) / 3) * 4 + 2);
  let at = out.length;
  bytes[at++] = QUOTE;
  for (; pos + 3 <= end; pos += 3) {
    const bits = ((source[pos] as number) << 16) | ((source[pos + 1] as number) << 8) | (source[pos + 2] as number);
    bytes[at++] = BASE64[bits >>> 18] as number;
    bytes[at++] = BASE64[(bits >>> 12) & 63] as number;
    bytes[at++] = BASE64[(bits >>> 6) & 63] as number;
    bytes[at++] = BASE64[bits & 63] as number;
  }
  if (pos < end) {
    const two = pos + 2 === end;
    const bits = ((source[pos] as number) << 16) | (two ? (source[pos + 1] as number) << 8 : 0);
    bytes[at++] = BASE64[bits >>> 18] as number;
    bytes[at++] = BASE64[(bits >>> 12) & 63] as number;
    bytes[at++] = two ? (BASE64[(bits >>> 6) & 63] as number) : PAD;
    bytes[at++] = PAD;
  }
  bytes[at++] = QUOTE;
  out.length = at;
}
