import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Refusal } from '../exchange/refusal.js';

/** Undoes a content coding; `bytesWritten` counts what it has taken. */
export type Decoder = Transform & { readonly bytesWritten: number };

/** Content codings of RFC 9110, section 8.4.1, and `br` of RFC 7932. */
const decoders: ReadonlyMap<string, () => Decoder> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** What a request may be compressed with, as the value of `Accept-Encoding`. */
const ACCEPTED = 'gzip, deflate, br';

/**
 * The decoder for a `Content-Encoding`, undefined if there is nothing to undo. Throws {@link Refusal} for a coding that is unknown and for several
 * of them, one over the other; its `accept-encoding` says what is taken (RFC 9110, section 15.5.16).
 */
export function createDecoder(contentEncoding: string | undefined): Decoder | undefined {
  if (contentEncoding === undefined) return undefined;
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === 'identity' || coding === '') return undefined;
  const create = decoders.get(coding);
  if (create !== undefined) return create();
  const reason = `The content encoding of the request body is not supported: send one of ${ACCEPTED}, or none.`;
  throw new Refusal('mediaType', '', reason, { 'accept-encoding': ACCEPTED });
}
