import { TEXT_CLASS } from './ascii.js';
import type { Source } from './source.js';

/** For `high`: bytes of longer UTF-8 sequences are special. */
export const ASCII_ONLY = -1;
/** For `high`: the text is known to be UTF-8, so that all bytes from 0x80 on stand for themselves. */
export const ANY_UTF8 = 0;

/** One of four bytes is below 0x20, a quote or a backslash, or (if `high` says so) at least 0x80: the highest bit of its place ends up set. */
export function hasSpecial(word: number, high: number): boolean {
  const quote = word ^ 0x2222_2222;
  const backslash = word ^ 0x5c5c_5c5c;
  const special = ((word - 0x2020_2020) & ~word) | ((quote - 0x0101_0101) & ~quote) | ((backslash - 0x0101_0101) & ~backslash);
  return (((word & high) | special) & 0x8080_8080) !== 0;
}

/** The byte stands for itself in a JSON string. */
export function isPlain(byte: number, high: number): boolean {
  const kind = TEXT_CLASS[byte] as number;
  return kind === 0 || (kind === 4 && high === ANY_UTF8);
}

/** Where the run of bytes that stand for themselves ends, at most `end`. Four bytes at a time once the position is aligned. */
export function plainEnd(source: Source, pos: number, end: number, high: number): number {
  const { bytes, words } = source;
  while (pos < end && (pos & 3) !== 0) {
    if (!isPlain(bytes[pos] as number, high)) return pos;
    pos++;
  }
  while (pos + 4 <= end && !hasSpecial((words[pos >>> 2] as number) | 0, high)) pos += 4;
  while (pos < end && isPlain(bytes[pos] as number, high)) pos++;
  return pos;
}
