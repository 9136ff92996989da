import { STATIC_INDEX } from './static-table.js';

/** Names whose values no intermediary may put into a table (RFC 7541, 7.1.3). */
const SENSITIVE = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-goog-api-key',
  'x-goog-iam-authorization-token',
]);

/**
 * Encoding without state: every field is a literal that is not indexed (RFC 7541, 6.2.2), so that a block made once is right on every
 * connection at any time. Strings are plain octets, not Huffman-coded.
 *
 * @returns most octets that `writeField` needs
 */
export function fieldBound(name: string, valueLength: number): number {
  return 1 + 5 + name.length + 5 + valueLength;
}

/** Writes a field at `pos` and returns the position behind it. Name and value hold one octet a character. */
export function writeField(to: Buffer, pos: number, name: string, value: string): number {
  const index = STATIC_INDEX.get(name) ?? 0;
  to[pos] = SENSITIVE.has(name) ? 0x10 : 0;
  pos = writeInteger(to, pos, 4, index);
  if (index === 0) pos = writeString(to, pos, name);
  return writeString(to, pos, value);
}

/** Below that many characters a loop is faster than a call into the runtime. */
const SHORT = 24;

function writeString(to: Buffer, pos: number, text: string): number {
  to[pos] = 0;
  pos = writeInteger(to, pos, 7, text.length);
  if (text.length >= SHORT) return pos + to.write(text, pos, 'latin1');
  for (let i = 0; i < text.length; i++) to[pos++] = text.charCodeAt(i);
  return pos;
}

/** An integer in the low `bits` of the octet at `pos`, whose high bits stand already (RFC 7541, 5.1). */
function writeInteger(to: Buffer, pos: number, bits: number, value: number): number {
  const mask = 2 ** bits - 1;
  const high = to[pos] ?? 0;
  if (value < mask) {
    to[pos] = high | value;
    return pos + 1;
  }
  to[pos++] = high | mask;
  for (value -= mask; value >= 0x80; value >>>= 7) to[pos++] = (value & 0x7f) | 0x80;
  to[pos] = value;
  return pos + 1;
}
