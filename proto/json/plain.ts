import { TEXT_CLASS } from './ascii.js';
import type { Source } from './source.js';

/**
 * Where the run of bytes that stand for themselves in a JSON string ends, at most `end`: at a quote, a backslash, a control character or a byte of
 * a longer UTF-8 sequence. Four bytes at a time once the position is aligned.
 */
export function plainEnd(source: Source, pos: number, end: number): number {
  const { bytes, words } = source;
  while (pos < end && (pos & 3) !== 0) {
    if (TEXT_CLASS[bytes[pos] as number] !== 0) return pos;
    pos++;
  }
  for (; pos + 4 <= end; pos += 4) {
    const word = (words[pos >>> 2] as number) | 0;
    const quote = word ^ 0x2222_2222;
    const backslash = word ^ 0x5c5c_5c5c;
    // The highest bit of a byte ends up set where the byte is at least 0x80, below 0x20, a quote or a backslash (and perhaps above such a byte).
    const special = word | ((word - 0x2020_2020) & ~word) | ((quote - 0x0101_0101) & ~quote) | ((backslash - 0x0101_0101) & ~backslash);
    if ((special & 0x8080_8080) !== 0) break;
  }
  while (pos < end && TEXT_CLASS[bytes[pos] as number] === 0) pos++;
  return pos;
}
