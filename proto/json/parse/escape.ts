import type { Arena } from '../arena.js';
import { BACKSLASH } from '../ascii.js';
import type { Parsing } from './parsing.js';

/** What the letter of a two-character escape stands for; 0 = none. */
const ESCAPES = new Uint8Array(256);
for (const [letter, value] of Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' })) {
  ESCAPES[letter.charCodeAt(0)] = value.charCodeAt(0);
}

/** Writes the text `[pos, end)` of a string without its escapes (RFC 8259, section 7). Lone surrogates have no UTF-8 and are refused. */
export function decode(p: Parsing, pos: number, end: number, out: Arena): void {
  const source = p.source.bytes;
  for (;;) {
    const start = pos;
    while (pos < end && source[pos] !== BACKSLASH) pos++;
    out.copy(source, start, pos);
    if (pos === end) return;
    const letter = source[pos + 1] as number;
    if (letter === 0x75) {
      pos = decodeUnicode(p, pos, end, out);
      continue;
    }
    const value = ESCAPES[letter] as number;
    if (value === 0) p.fail(pos, 'an unknown escape');
    out.byte(value);
    pos += 2;
  }
}

function decodeUnicode(p: Parsing, pos: number, end: number, out: Arena): number {
  let code = hex4(p, pos, end);
  let behind = pos + 6;
  if (code >= 0xdc00 && code <= 0xdfff) p.fail(pos, 'a lone surrogate');
  if (code >= 0xd800 && code <= 0xdbff) {
    const source = p.source.bytes;
    if (source[behind] !== BACKSLASH || source[behind + 1] !== 0x75) p.fail(pos, 'a lone surrogate');
    const low = hex4(p, behind, end);
    if (low < 0xdc00 || low > 0xdfff) p.fail(pos, 'a lone surrogate');
    code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    behind += 6;
  }
  writeCodePoint(out, code);
  return behind;
}

function hex4(p: Parsing, pos: number, end: number): number {
  if (pos + 6 > end) p.fail(pos, 'an escape that is cut off');
  let code = 0;
  for (let i = 2; i < 6; i++) {
    const digit = hexDigit(p.source.bytes[pos + i] as number);
    if (digit < 0) p.fail(pos, 'an escape that is not hexadecimal');
    code = (code << 4) | digit;
  }
  return code;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function writeCodePoint(out: Arena, code: number): void {
  const bytes = out.reserve(4);
  let at = out.length;
  if (code < 0x80) bytes[at++] = code;
  else {
    if (code < 0x800) bytes[at++] = 0xc0 | (code >>> 6);
    else {
      if (code < 0x1_0000) bytes[at++] = 0xe0 | (code >>> 12);
      else {
        bytes[at++] = 0xf0 | (code >>> 18);
        bytes[at++] = 0x80 | ((code >>> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((code >>> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (code & 0x3f);
  }
  out.length = at;
}
