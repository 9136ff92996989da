import { isHexDigit, isOctalDigit } from './characters.js';

/** Value of an integer token in decimal, octal or hex; undefined if it is above `max`, or malformed, of which the tokenizer has complained. */
export function parseInteger(text: string, max: bigint): bigint | undefined {
  const isOctal = /^0[0-7]+$/.test(text);
  if (!isOctal && !/^(?:0|[1-9][0-9]*|0[xX][0-9a-fA-F]+)$/.test(text)) return undefined;
  const value = BigInt(isOctal ? `0o${text}` : text);
  return value <= max ? value : undefined;
}

/** Value of a decimal number token, fraction and exponent included. */
export function parseFloat64(text: string): number {
  return Number(text);
}

const utf8 = new TextEncoder();
const simpleEscapes: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/**
 * The bytes that string tokens stand for. Octal and hex escapes are bytes, `\u` and `\U` are code points written as UTF-8, a pair of surrogates
 * one code point.
 *
 *     "a\377" 'b'          -> 61 ff 62
 */
export function parseStrings(tokens: readonly string[]): Uint8Array {
  if (tokens.length === 1 && tokens[0] !== undefined && !tokens[0].includes('\\')) return utf8.encode(tokens[0].slice(1, -1));
  const bytes: number[] = [];
  for (const token of tokens) appendString(token, bytes);
  return Uint8Array.from(bytes);
}

function appendString(token: string, bytes: number[]): void {
  const end = token.length - 1;
  for (let at = 1; at < end; ) {
    const backslash = token.indexOf('\\', at);
    const plainEnd = backslash < 0 || backslash > end ? end : backslash;
    if (plainEnd > at) for (const byte of utf8.encode(token.slice(at, plainEnd))) bytes.push(byte);
    at = plainEnd < end ? appendEscape(token, plainEnd + 1, bytes) : end;
  }
}

/** Appends the escape whose letter is at `at`; answers where it ends. */
function appendEscape(token: string, at: number, bytes: number[]): number {
  const letter = token[at] ?? '';
  if (isOctalDigit(token.charCodeAt(at))) {
    const end = digitsEnd(token, at, 3, isOctalDigit);
    bytes.push(Number.parseInt(token.slice(at, end), 8) & 0xff);
    return end;
  }
  if (letter === 'x' || letter === 'X') {
    const end = digitsEnd(token, at + 1, 2, isHexDigit);
    bytes.push(Number.parseInt(token.slice(at + 1, end), 16));
    return end;
  }
  if (letter === 'u' || letter === 'U') return appendCodePoint(token, at, bytes);
  bytes.push(simpleEscapes[letter] ?? letter.charCodeAt(0));
  return at + 1;
}

function digitsEnd(token: string, start: number, most: number, is: (code: number) => boolean): number {
  let end = start;
  while (end < start + most && is(token.charCodeAt(end))) end += 1;
  return end;
}

function appendCodePoint(token: string, at: number, bytes: number[]): number {
  let end = at + (token[at] === 'u' ? 5 : 9);
  let code = Number.parseInt(token.slice(at + 1, end), 16);
  if (code >= 0xd800 && code < 0xdc00) {
    const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(token.slice(end, end + 6))?.[1];
    if (low !== undefined) {
      code = 0x10000 + ((code - 0xd800) << 10) + (Number.parseInt(low, 16) - 0xdc00);
      end += 6;
    }
  }
  // Not String.fromCodePoint: a lone surrogate is written as its three bytes, as protoc does.
  if (code < 0x80) bytes.push(code);
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
  else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  return end;
}

const cEscapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 39: "\\'", 92: '\\\\' };

/** Bytes as descriptors write the default value of a `bytes` field: C escapes, three octal digits. */
export function escapeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += cEscapes[byte] ?? (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`);
  }
  return text;
}
