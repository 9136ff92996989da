import type { FieldChain } from '../schema.js';
import { END_GROUP, LENGTH, START_GROUP } from '../wire/wire.js';
import type { ContentWriter } from './codec.js';
import { varintSize } from './parse/write.js';
import { wireTypeOf } from './wire-type.js';

/**
 * Compiles the writer of a field whose content is at hand: bytes, a string, a serialized message. Of a repeated field it writes one element.
 *
 *     [book, cover], "\xff\xd8"  ->  0a 04 1a 02 ff d8
 */
export function compileContent(chain: FieldChain): ContentWriter {
  const steps = chain.map((f) => ({ tag: ((f.number << 3) | wireTypeOf(f)) >>> 0, isGroup: wireTypeOf(f) === START_GROUP }));
  if (steps.some(({ tag, isGroup }) => !isGroup && (tag & 7) !== LENGTH)) throw new TypeError('the field has no content');
  return (content, out) => {
    const sizes: number[] = [];
    let size = content.reduce((sum, piece) => sum + piece.length, 0);
    for (const { tag, isGroup } of steps.toReversed()) {
      sizes.unshift(size);
      size += varintSize(tag) + varintSize(isGroup ? tag : size);
    }
    const head: number[] = [];
    const tail: number[] = [];
    for (const [i, { tag, isGroup }] of steps.entries()) {
      pushVarint(head, tag);
      if (!isGroup) pushVarint(head, sizes[i] ?? 0);
    }
    for (const { tag, isGroup } of steps.toReversed()) if (isGroup) pushVarint(tail, tag - START_GROUP + END_GROUP);
    out.append(Uint8Array.from(head));
    for (const piece of content) out.append(piece);
    out.append(Uint8Array.from(tail));
  };
}

function pushVarint(to: number[], value: number): void {
  let rest = value >>> 0;
  for (; rest > 0x7f; rest >>>= 7) to.push((rest & 0x7f) | 0x80);
  to.push(rest);
}
