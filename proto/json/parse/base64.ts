import type { Parsing } from './parsing.js';
import { putVarint, varintSize } from './write.js';

const PAD = 0x3d;
const NONE = 255;

/** Six bits of each letter, standard or URL-safe alphabet (RFC 4648, sections 4 and 5). */
const VALUES = new Uint8Array(256).fill(NONE);
for (const [index, letter] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  VALUES[letter.charCodeAt(0)] = index;
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;

/** Writes what base64 text stands for, with its length. Padding may be left out; if it is there, it must be right. */
export function writeBase64(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number): void {
  let stop = end;
  if (stop > start && bytes[stop - 1] === PAD) {
    stop -= stop - 1 > start && bytes[stop - 2] === PAD ? 2 : 1;
    if ((end - start) % 4 !== 0) p.fail(at, 'base64 text is padded wrongly');
  }
  const rest = (stop - start) % 4;
  if (rest === 1) p.fail(at, 'base64 text is cut off');
  const length = Math.floor(((stop - start) * 3) / 4);
  const size = varintSize(length);
  const out = p.out;
  const to = out.reserve(size + length + 3);
  putVarint(to, out.length, length);
  let place = out.length + size;
  let wrong = 0;
  for (let pos = start; pos < stop; pos += 4) {
    // Past the end, up to three letters are read that are not there: what they give is not counted.
    const a = VALUES[bytes[pos] as number] as number;
    const b = VALUES[bytes[pos + 1] as number] as number;
    const c = pos + 2 < stop ? (VALUES[bytes[pos + 2] as number] as number) : 0;
    const d = pos + 3 < stop ? (VALUES[bytes[pos + 3] as number] as number) : 0;
    wrong |= a | b | c | d;
    to[place++] = (a << 2) | (b >> 4);
    to[place++] = (b << 4) | (c >> 2);
    to[place++] = (c << 6) | d;
  }
  if ((wrong & 0xc0) !== 0) p.fail(at, 'base64 text is expected');
  out.length += size + length;
}
