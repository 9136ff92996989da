import { BACKSLASH, QUOTE, SPACE } from '../ascii.js';
import { hasSpecial, isPlain, plainEnd } from '../plain.js';
import { sequenceLength } from '../utf8.js';
import { decode } from './escape.js';
import type { Parsing } from './parsing.js';
import { putVarint, varintSize } from './write.js';

const MOST_SHORT = 127;

/**
 * Parses the string whose quote is at `pos`, writes its UTF-8 with its length, and returns its end.
 *
 *     "A\n"  ->  02 41 0a
 *
 * Text of at most 127 bytes that stands for itself, which is nearly all text, is copied while its end is sought.
 */
export function parseString(p: Parsing, pos: number): number {
  const source = p.source.bytes;
  const out = p.out;
  const bytes = out.reserve(MOST_SHORT + 6);
  const from = p.source.view;
  const to = out.view;
  const high = p.high8;
  const start = out.length + 1;
  const most = start + MOST_SHORT;
  let at = start;
  let next = pos + 1;
  // A word of the text may reach past the end of the source, but then the 0 behind it is special.
  for (; at + 4 <= most; at += 4, next += 4) {
    const word = from.getInt32(next, true);
    if (hasSpecial(word, high)) break;
    to.setInt32(at, word, true);
  }
  let byte = source[next] as number;
  while (isPlain(byte, high) && at < most) {
    bytes[at++] = byte;
    byte = source[++next] as number;
  }
  if (byte === QUOTE) {
    bytes[start - 1] = at - start;
    out.length = at;
    return next + 1;
  }
  return parseLong(p, pos);
}

/** The same for any text: its end is found first, then it is copied whole if nothing in it is escaped. */
function parseLong(p: Parsing, pos: number): number {
  const out = p.out;
  const end = findStringEnd(p, pos);
  const raw = end - pos - 1;
  const size = varintSize(raw);
  out.reserve(size + raw);
  const start = out.length + size;
  out.length = start;
  if (p.escaped) decode(p, pos + 1, end, out);
  else out.copy(p.source.bytes, pos + 1, end);
  const length = out.length - start;
  const actual = varintSize(length);
  if (actual !== size) {
    out.bytes.copyWithin(start - size + actual, start, out.length);
    out.length += actual - size;
  }
  putVarint(out.bytes, start - size, length);
  return end + 1;
}

/** Where the closing quote of the string at `pos` stands. Refuses control characters and what is not UTF-8. Leaves in `p.escaped` whether it has escapes. */
function findStringEnd(p: Parsing, pos: number): number {
  const source = p.source.bytes;
  const { length } = p.source;
  const start = pos;
  p.escaped = false;
  for (pos += 1; ; ) {
    pos = plainEnd(p.source, pos, length, p.high8);
    if (pos >= length) return p.fail(start, 'the string has no end');
    const byte = source[pos] as number;
    if (byte === QUOTE) return pos;
    if (byte === BACKSLASH) {
      p.escaped = true;
      pos += 2;
    } else if (byte < SPACE) return p.fail(start, `a control character must be escaped, at offset ${pos}`);
    else pos += sequenceLength(source, pos, length) || p.fail(start, `the text is not UTF-8 at offset ${pos}`);
  }
}

/** Passes over the string at `pos`, checking all of it; returns its end. */
export function skipString(p: Parsing, pos: number): number {
  const end = findStringEnd(p, pos);
  if (p.escaped) {
    p.decoded.reset();
    decode(p, pos + 1, end, p.decoded);
  }
  return end + 1;
}

/** Finds the text of the string at `pos` for a reader of numbers, names and times, into `p.text`; returns the end of the string. */
export function readQuoted(p: Parsing, pos: number): number {
  const end = findStringEnd(p, pos);
  const { text } = p;
  if (p.escaped) {
    p.decoded.reset();
    decode(p, pos + 1, end, p.decoded);
    // A few bytes behind the text are read: they must not be digits of another.
    p.decoded.reserve(16).fill(0, p.decoded.length, p.decoded.length + 16);
    text.bytes = p.decoded.bytes;
    text.start = 0;
    text.end = p.decoded.length;
  } else {
    text.bytes = p.source.bytes;
    text.start = pos + 1;
    text.end = end;
  }
  return end + 1;
}
