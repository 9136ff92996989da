import type { Parsing } from './parsing.js';
import { putVarint, varintSize } from './write.js';

const PAD = 0x3d;
/** Above the 24 bits of four letters: set where one is none. */
const WRONG = 1 << 24;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The six bits of each letter, standard or URL-safe alphabet (RFC 4648, sections 4 and 5), shifted to where they stand in 24. */
function lettersAt(shift: number): Int32Array {
  const bits = new Int32Array(256).fill(WRONG);
  for (const [value, letter] of [...ALPHABET].entries()) bits[letter.charCodeAt(0)] = value << shift;
  bits[0x2d] = 62 << shift;
  bits[0x5f] = 63 << shift;
  return bits;
}
const FIRST = lettersAt(18);
const SECOND = lettersAt(12);
const THIRD = lettersAt(6);
const FOURTH = lettersAt(0);

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
  putVarint(out.reserve(size + length + 4), out.length, length);
  const to = out.view;
  let place = out.length + size;
  let all = 0;
  for (; start + 4 <= stop; start += 4, place += 3) {
    const bits =
      (FIRST[bytes[start] as number] as number) |
      (SECOND[bytes[start + 1] as number] as number) |
      (THIRD[bytes[start + 2] as number] as number) |
      (FOURTH[bytes[start + 3] as number] as number);
    all |= bits;
    to.setInt32(place, bits << 8);
  }
  if (start < stop) {
    const third = start + 2 < stop ? (THIRD[bytes[start + 2] as number] as number) : 0;
    const bits = (FIRST[bytes[start] as number] as number) | (SECOND[bytes[start + 1] as number] as number) | third;
    all |= bits;
    to.setInt32(place, bits << 8);
  }
  if (all >= WRONG) p.fail(at, 'base64 text is expected');
  out.length += size + length;
}
