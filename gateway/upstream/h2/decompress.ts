import { createGunzip, createInflate, gunzipSync, inflateSync } from 'node:zlib';
import type { Status } from '../call.js';
import { localStatus } from '../local-status.js';

/** A compressed message, as it came. */
export interface Compressed {
  readonly bytes: Uint8Array;
  /** `grpc-encoding`. */
  readonly encoding: string | undefined;
  /** Largest message, bytes. */
  readonly max: number;
}

/** What is decompressed at once in one turn of the event loop, bytes; what is more goes to the thread pool. */
const AT_ONCE = 1024 * 1024;
/** What is left of it in this turn. */
let left = AT_ONCE;

const codings: ReadonlyMap<string | undefined, { readonly now: typeof gunzipSync; readonly aside: typeof createGunzip }> = new Map([
  ['gzip', { now: gunzipSync, aside: createGunzip }],
  ['deflate', { now: inflateSync, aside: createInflate }],
]);

/**
 * The message, or why it cannot be had; undefined if that takes too long to be done now. Most messages are small, and wait for no thread: of those
 * all together only so much is done in one turn of the event loop. None grows beyond its `max`.
 */
export function decompressNow({ bytes, encoding, max }: Compressed): Uint8Array | Status | undefined {
  const coding = codings.get(encoding);
  if (coding === undefined) return localStatus(13, `the server sent a message compressed as ${encoding ?? 'nothing it named'}`, true);
  if (left === AT_ONCE) setImmediate(renew);
  const most = Math.min(max, left);
  if (most < bytes.length) return undefined;
  try {
    const message = coding.now(bytes, { maxOutputLength: most });
    left = Math.max(0, left - message.length - 1);
    return message;
  } catch (error) {
    if (!(error instanceof RangeError)) return malformed(encoding, error);
    left = 0;
    return most === max ? tooLarge(max) : undefined;
  }
}

function renew(): void {
  left = AT_ONCE;
}

/** The same by the thread pool. Calls `done` once, later. */
export function decompressAside({ bytes, encoding, max }: Compressed, done: (message: Uint8Array | Status) => void): void {
  const decoder = codings.get(encoding)?.aside({ chunkSize: 64 * 1024 }) ?? createGunzip();
  const pieces: Buffer[] = [];
  let length = 0;
  const settle = (message: Uint8Array | Status) => {
    decoder.removeAllListeners().on('error', () => undefined);
    decoder.destroy();
    done(message);
  };
  decoder.on('data', (piece: Buffer) => {
    length += piece.length;
    pieces.push(piece);
    if (length > max) settle(tooLarge(max));
  });
  decoder.on('error', (error) => settle(malformed(encoding, error)));
  decoder.on('end', () => settle(Buffer.concat(pieces, length)));
  decoder.end(bytes);
}

function tooLarge(max: number): Status {
  return localStatus(8, `a message grows beyond ${max} bytes when it is decompressed`, true);
}

function malformed(encoding: string | undefined, error: unknown): Status {
  const reason = error instanceof Error ? error.message : String(error);
  return localStatus(13, `a message cannot be decompressed as ${encoding}: ${reason}`, true);
}
