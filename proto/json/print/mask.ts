import { BACKSLASH, COMMA, QUOTE, SPACE, UNDERSCORE } from '../ascii.js';
import { WireError } from '../codec.js';
import type { Printing } from './printing.js';
import { readLength, readTag, skip } from './read.js';

const PATHS = 10;

/**
 * The paths of a FieldMask as one string, each in lowerCamelCase (field_mask.proto "JSON Encoding of Field Masks").
 *
 *     paths: "page_size", paths: "book.isbn"  ->  "pageSize,book.isbn"
 *
 * A path that would not come back as it was, or could not stand in such a string, is an error.
 */
export function printMask(p: Printing, pos: number, end: number): void {
  const out = p.out;
  out.byte(QUOTE);
  const start = out.length;
  while (pos < end) {
    const tag = readTag(p, pos, end);
    pos = p.pos;
    if (tag === PATHS) {
      const stop = readLength(p, pos, end);
      if (out.length > start) out.byte(COMMA);
      printPath(p, p.pos, stop);
    }
    pos = skip(p, tag, pos, end);
  }
  out.byte(QUOTE);
}

function printPath(p: Printing, pos: number, end: number): void {
  if (pos === end) throw new WireError('a FieldMask path without a JSON form');
  const source = p.source.bytes;
  const out = p.out;
  const bytes = out.reserve(end - pos);
  for (; pos < end; pos++) {
    let byte = source[pos] as number;
    if (byte === UNDERSCORE) {
      byte = pos + 1 < end ? (source[++pos] as number) : 0;
      if (byte < 0x61 || byte > 0x7a) throw new WireError('a FieldMask path without a JSON form');
      byte -= 0x20;
    } else if (byte <= SPACE || byte > 0x7e || byte === QUOTE || byte === BACKSLASH || byte === COMMA || (byte >= 0x41 && byte <= 0x5a)) {
      throw new WireError('a FieldMask path without a JSON form');
    }
    bytes[out.length++] = byte;
  }
}
