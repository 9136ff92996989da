import { MAX_DEPTH } from '../../wire/wire.js';
import { BEGIN_ARRAY, BEGIN_OBJECT, COLON, COMMA, DOT, END_ARRAY, END_OBJECT, MINUS, NINE, PLUS, QUOTE, SPACE, ZERO } from '../ascii.js';
import type { Parsing } from './parsing.js';
import { skipString } from './text.js';

/** The first position at or behind `pos` that is not white space (RFC 8259, section 2). */
export function skipSpace(bytes: Uint8Array, pos: number): number {
  for (;;) {
    const byte = bytes[pos] as number;
    if (byte > SPACE || (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return pos;
    pos += 1;
  }
}

/** Refuses what stands at `pos` because it is not JSON. */
export function failSyntax(p: Parsing, pos: number, expected: string): never {
  assertEncoding(p);
  if (pos >= p.source.length) return p.fail(p.source.length, `the JSON text ends where ${expected} is expected`);
  return p.fail(pos, `${expected} is expected at offset ${pos}`);
}

/** Refuses a value because another type of JSON value is wanted; or, if it is none at all, because of that. */
export function failType(p: Parsing, pos: number, wanted: string): never {
  const byte = p.source.bytes[pos] as number;
  assertEncoding(p);
  const isValue = byte === QUOTE || byte === BEGIN_OBJECT || byte === BEGIN_ARRAY || isNumberStart(byte) || isLiteral(p, pos);
  return isValue && pos < p.source.length ? p.fail(pos, `${wanted} is expected`) : failSyntax(p, pos, 'a value');
}

/** Says of text that is no JSON because of its encoding that this is why (RFC 8259, section 8.1; how to tell is RFC 4627, section 3). */
function assertEncoding(p: Parsing): void {
  const { bytes, length } = p.source;
  const [first = 0, second = 0, third = 0] = bytes;
  if (length >= 3 && first === 0xef && second === 0xbb && third === 0xbf)
    p.fail(0, 'the JSON text begins with a byte order mark, which must be left out');
  const isMark = (first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe);
  const isWide = length >= 2 && length % 2 === 0 && (isMark || first === 0 || second === 0);
  if (isWide) p.fail(0, 'the JSON text is UTF-16 or UTF-32, which must be UTF-8');
}

function isNumberStart(byte: number): boolean {
  return byte === MINUS || (byte >= ZERO && byte <= NINE);
}

function isLiteral(p: Parsing, pos: number): boolean {
  return isWord(p, pos, TRUE) || isWord(p, pos, FALSE) || isWord(p, pos, NULL);
}

export const TRUE = Uint8Array.from('true', (letter) => letter.charCodeAt(0));
export const FALSE = Uint8Array.from('false', (letter) => letter.charCodeAt(0));
export const NULL = Uint8Array.from('null', (letter) => letter.charCodeAt(0));

/** The literal stands at `pos`. What follows it is checked by whoever expects a comma or bracket there. */
export function isWord(p: Parsing, pos: number, word: Uint8Array): boolean {
  const bytes = p.source.bytes;
  for (let i = 0; i < word.length; i++) if (bytes[pos + i] !== word[i]) return false;
  return true;
}

/** `null` at `pos`: returns its end, or -1. */
export function nullEnd(p: Parsing, pos: number): number {
  return p.source.bytes[pos] === 0x6e && isWord(p, pos, NULL) ? pos + 4 : -1;
}

/** Passes over any JSON value, checking that it is one; returns its end. */
export function skipValue(p: Parsing, pos: number, depth: number): number {
  const byte = p.source.bytes[pos] as number;
  if (byte === QUOTE) return skipString(p, pos);
  if (byte === BEGIN_OBJECT || byte === BEGIN_ARRAY) return skipNested(p, pos, depth + 1);
  if (isNumberStart(byte)) return numberEnd(p, pos);
  if (isWord(p, pos, TRUE) || isWord(p, pos, NULL)) return pos + 4;
  if (isWord(p, pos, FALSE)) return pos + 5;
  return failSyntax(p, pos, 'a value');
}

function skipNested(p: Parsing, pos: number, depth: number): number {
  checkDepth(p, pos, depth);
  const bytes = p.source.bytes;
  const isObject = bytes[pos] === BEGIN_OBJECT;
  const close = isObject ? END_OBJECT : END_ARRAY;
  const start = pos;
  pos = skipSpace(bytes, pos + 1);
  if (bytes[pos] === close) return pos + 1;
  for (;;) {
    if (isObject) pos = skipKey(p, start, pos);
    pos = skipSpace(bytes, skipValue(p, pos, depth));
    if (bytes[pos] === close) return pos + 1;
    if (bytes[pos] !== COMMA) failSyntax(p, pos, isObject ? "',' or '}'" : "',' or ']'");
    pos = skipSpace(bytes, pos + 1);
  }
}

/** Passes over a key and the colon, to the value. Notes where an object has its `@type`. */
function skipKey(p: Parsing, object: number, pos: number): number {
  const bytes = p.source.bytes;
  if (bytes[pos] !== QUOTE) failSyntax(p, pos, 'a key in quotes');
  if (bytes[pos + 1] === 0x40 && object >= p.typesKnown && isWord(p, pos, TYPE_KEY)) {
    if (p.types.has(object)) p.fail(pos + TYPE_KEY.length, 'the key occurs twice');
    p.types.set(object, pos);
  }
  return skipColon(p, skipString(p, pos));
}

/** `"@type"` */
export const TYPE_KEY = Uint8Array.from('"@type"', (letter) => letter.charCodeAt(0));

/** Behind a key: passes over the colon, to the value. */
export function skipColon(p: Parsing, pos: number): number {
  const bytes = p.source.bytes;
  if (bytes[pos] !== COLON) {
    pos = skipSpace(bytes, pos);
    if (bytes[pos] !== COLON) failSyntax(p, pos, "':'");
  }
  return skipSpace(bytes, pos + 1);
}

/** Refuses a value that is nested too deep. */
export function checkDepth(p: Parsing, pos: number, depth: number): void {
  if (depth > MAX_DEPTH) p.fail(pos, `nested deeper than ${MAX_DEPTH}`);
}

/** Where the number at `pos` ends (RFC 8259, section 6). */
function numberEnd(p: Parsing, pos: number): number {
  const bytes = p.source.bytes;
  if (bytes[pos] === MINUS) pos += 1;
  if (bytes[pos] === ZERO) pos += 1;
  else pos = digitsEnd(p, pos);
  if (bytes[pos] === DOT) pos = digitsEnd(p, pos + 1);
  const letter = bytes[pos] as number;
  if ((letter | 0x20) === 0x65) {
    const sign = bytes[pos + 1] as number;
    pos = digitsEnd(p, pos + (sign === PLUS || sign === MINUS ? 2 : 1));
  }
  return pos;
}

function digitsEnd(p: Parsing, pos: number): number {
  const bytes = p.source.bytes;
  const start = pos;
  while ((bytes[pos] as number) >= ZERO && (bytes[pos] as number) <= NINE) pos++;
  return pos === start ? failSyntax(p, pos, 'a digit') : pos;
}
