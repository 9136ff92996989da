import { BACKSLASH, COMMA, QUOTE, SPACE, UNDERSCORE } from '../ascii.js';
import type { Parsing } from './parsing.js';
import { putVarint, varintSize } from './write.js';

const PATHS = 10;

/**
 * Writes the text of a FieldMask, paths in lowerCamelCase between commas, as paths in snake_case (field_mask.proto "JSON Encoding of Field Masks").
 *
 *     pageSize,book.isbn  ->  paths: "page_size", paths: "book.isbn"
 *
 * @param snake also takes paths that are in snake_case already, as queries often have them; then no letter of theirs is changed
 */
export function writeFieldMask(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number, snake: boolean): void {
  if (start === end) return;
  for (let pos = start; ; ) {
    let stop = pos;
    while (stop < end && bytes[stop] !== COMMA) stop++;
    if (stop === pos) p.fail(at, 'a path of the field mask is empty');
    writePath(p, bytes, pos, stop, at, snake);
    if (stop === end) return;
    pos = stop + 1;
  }
}

function writePath(p: Parsing, bytes: Uint8Array, pos: number, end: number, at: number, snake: boolean): void {
  let upper = 0;
  let underscores = 0;
  for (let i = pos; i < end; i++) {
    const byte = bytes[i] as number;
    if (isUpper(byte)) upper += 1;
    else if (byte === UNDERSCORE) underscores += 1;
    else if (byte <= SPACE || byte > 0x7e || byte === QUOTE || byte === BACKSLASH)
      p.fail(at, 'a path of the field mask has a character that no path has');
  }
  if (underscores > 0 && (!snake || upper > 0)) p.fail(at, 'a path of the field mask must be in lowerCamelCase');
  const out = p.out;
  const length = end - pos + upper;
  const size = varintSize(length);
  const to = out.reserve(1 + size + length);
  to[out.length] = PATHS;
  putVarint(to, out.length + 1, length);
  let place = out.length + 1 + size;
  for (; pos < end; pos++) {
    const byte = bytes[pos] as number;
    if (isUpper(byte)) to[place++] = UNDERSCORE;
    to[place++] = isUpper(byte) ? byte | 0x20 : byte;
  }
  out.length = place;
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}
