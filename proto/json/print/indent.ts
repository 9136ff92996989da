import type { Arena } from '../arena.js';
import { BACKSLASH, BEGIN_ARRAY, BEGIN_OBJECT, COLON, COMMA, END_ARRAY, END_OBJECT, LINE_FEED, QUOTE, SPACE } from '../ascii.js';

/**
 * Lays out the compact JSON text that stands in the sink from `start` on: two spaces a level.
 *
 *     {"a":[1],"b":{}}  ->  {
 *                             "a": [
 *                               1
 *                             ],
 *                             "b": {}
 *                           }
 */
export function indent(out: Arena, start: number): void {
  const text = out.bytes.slice(start, out.length);
  out.length = start;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] as number;
    if (byte === QUOTE) {
      const end = stringEnd(text, at);
      out.copy(text, at, end);
      at = end - 1;
      continue;
    }
    if (byte === END_OBJECT || byte === END_ARRAY) breakLine(out, --depth);
    out.byte(byte);
    if (byte === COLON) out.byte(SPACE);
    else if (byte === COMMA) breakLine(out, depth);
    else if (byte === BEGIN_OBJECT || byte === BEGIN_ARRAY) {
      const next = text[at + 1];
      if (next === END_OBJECT || next === END_ARRAY) out.byte(text[++at] as number);
      else breakLine(out, ++depth);
    }
  }
}

function stringEnd(text: Uint8Array, at: number): number {
  for (at += 1; text[at] !== QUOTE; at++) if (text[at] === BACKSLASH) at += 1;
  return at + 1;
}

function breakLine(out: Arena, depth: number): void {
  const bytes = out.reserve(1 + 2 * depth);
  bytes[out.length] = LINE_FEED;
  bytes.fill(SPACE, out.length + 1, out.length + 1 + 2 * depth);
  out.length += 1 + 2 * depth;
}
