import { LINE_FEED, SPACE, TAB } from '../ascii.js';
import type { Parsing } from './parsing.js';
import { putVarint, varintSize } from './write.js';

const PAD = 0x3d;
const CARRIAGE_RETURN = 0x0d;
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
  const first = start;
  let stop = end;
  if (stop > start && bytes[stop - 1] === PAD) {
    stop -= stop - 1 > start && bytes[stop - 2] === PAD ? 2 : 1;
    if ((end - start) % 4 !== 0) p.fail(at, faultOf(bytes, first, end));
  }
  if ((stop - start) % 4 === 1) p.fail(at, faultOf(bytes, first, end));
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
  if (all >= WRONG) p.fail(at, faultOf(bytes, first, end));
  out.length += size + length;
}

/** What is wrong with text that is not base64: its first wrong character if it has one, else its length. */
function faultOf(bytes: Uint8Array, start: number, end: number): string {
  let letters = 0;
  let padding = 0;
  for (let pos = start; pos < end; pos++) {
    const byte = bytes[pos] as number;
    if (byte === PAD) padding += 1;
    else if (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB)
      return 'base64 text must have no white space in it';
    else if (FOURTH[byte] === WRONG || padding > 0) return 'base64 text is expected';
    else letters += 1;
  }
  if (letters === 0) return 'base64 text is expected';
  return padding > 0 ? 'base64 text is padded wrongly' : 'base64 text is cut off';
}
