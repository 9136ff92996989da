import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Refusal } from '../exchange/refusal.js';
import { Batch } from './batch.js';

/** Why a body could not be decompressed. */
export type Undone = 'malformed' | 'too large';

/** Undoes a content coding, aside; what comes of it is at most `limit` bytes. Calls `done` once. */
export type Decompress = (bytes: Uint8Array, limit: number, done: (failure: Undone | undefined, body: Uint8Array) => void) => void;

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
 * What undoes a `Content-Encoding`, undefined if there is nothing to undo. Throws {@link Refusal} for a coding that is unknown and for several
 * of them, one over the other; its `accept-encoding` says what is taken (RFC 9110, section 15.5.16).
 */
export function decompressorOf(contentEncoding: string | undefined): Decompress | undefined {
  const create = decoderOf(contentEncoding);
  return create === undefined ? undefined : (bytes, limit, done) => decompress(create(), bytes, limit, done);
}

/** The same for a body that is taken as it comes: makes its decoder. */
export function decoderOf(contentEncoding: string | undefined): (() => Decoder) | undefined {
  if (contentEncoding === undefined) return undefined;
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === 'identity' || coding === '') return undefined;
  const create = decoders.get(coding);
  if (create !== undefined) return create;
  const reason = `The content encoding of the request body is not supported: send one of ${ACCEPTED}, or none.`;
  throw new Refusal('mediaType', '', reason, { 'accept-encoding': ACCEPTED });
}

const NOTHING = new Uint8Array(0);

function decompress(decoder: Decoder, bytes: Uint8Array, limit: number, done: Parameters<Decompress>[2]): void {
  const batch = new Batch(limit);
  const fail = (failure: Undone) => {
    decoder.removeAllListeners().on('error', () => undefined);
    decoder.destroy();
    done(failure, NOTHING);
  };
  decoder.on('data', (piece: Uint8Array) => {
    if (batch.length + piece.length > limit) fail('too large');
    else batch.add(piece);
  });
  decoder.on('error', () => fail('malformed'));
  decoder.on('end', () => {
    // A decoder ends where its format does; bytes behind that would be lost.
    if (decoder.bytesWritten === bytes.length) done(undefined, batch.take());
    else fail('malformed');
  });
  // All at once: a piece costs a turn of the thread pool, however small it is.
  decoder.end(bytes);
}
