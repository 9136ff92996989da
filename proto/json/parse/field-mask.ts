import { BACKSLASH, COMMA, QUOTE, SPACE, UNDERSCORE } from '../ascii.js';
import { writeNamed } from './mask-path.js';
import type { Parsing } from './parsing.js';
import { beginLength, endLength } from './write.js';

const PATHS = 10;
/** Most paths in a mask that may be in snake_case. */
export const MAX_PATHS = 1000;

/** What the length of a path took last. */
const guess = { lengthSize: 1 };

/**
 * Writes the text of a FieldMask, paths in lowerCamelCase between commas, as paths in snake_case (field_mask.proto "JSON Encoding of Field Masks").
 *
 *     pageSize,book.isbn  ->  paths: "page_size", paths: "book.isbn"
 *
 * @param snake also takes paths that are in snake_case already, as queries often have them; then no letter of theirs is changed. And those that name
 * fields of one of the types in `p.masked` become the proto names of these
 */
export function writeFieldMask(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number, snake: boolean): void {
  if (start === end) return;
  let count = 0;
  for (let pos = start; ; ) {
    if (snake && ++count > MAX_PATHS) p.fail(at, `a field mask of more than ${MAX_PATHS} paths`);
    let stop = pos;
    while (stop < end && bytes[stop] !== COMMA) stop++;
    if (stop === pos) p.fail(at, 'a path of the field mask is empty');
    writePath(p, bytes, pos, stop, at, snake);
    if (stop === end) return;
    pos = stop + 1;
  }
}

function writePath(p: Parsing, bytes: Uint8Array, pos: number, end: number, at: number, snake: boolean): void {
  let upper = false;
  let underscore = false;
  for (let i = pos; i < end; i++) {
    const byte = bytes[i] as number;
    if (isUpper(byte)) upper = true;
    else if (byte === UNDERSCORE) underscore = true;
    else if (byte <= SPACE || byte > 0x7e || byte === QUOTE || byte === BACKSLASH)
      p.fail(at, 'a path of the field mask has a character that no path has');
  }
  p.out.byte(PATHS);
  const length = beginLength(p.out, guess);
  if (!(snake && p.masked.some((type) => writeNamed(p, bytes, pos, end, type)))) {
    if (underscore && (!snake || upper)) p.fail(at, 'a path of the field mask must be in lowerCamelCase');
    writeSnake(p, bytes, pos, end);
  }
  endLength(p.out, guess, length);
}

function writeSnake({ out }: Parsing, bytes: Uint8Array, pos: number, end: number): void {
  const to = out.reserve(2 * (end - pos));
  let place = out.length;
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
