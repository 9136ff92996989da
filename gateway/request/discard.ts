import type { Readable } from 'node:stream';

/** Bytes that may still come. */
const MOST_BYTES = 64 * 1024 * 1024;
/** How long they may come, ms. */
const LONGEST_MS = 30_000;

/**
 * Reads the rest of a body that nobody wants any more, so that its client comes to read the answer: many read nothing while they send. Within bounds:
 * a client that goes on and on is cut off.
 */
export function discard(body: Readable): void {
  if (body.destroyed || body.readableEnded) return;
  let left = MOST_BYTES;
  const timer = setTimeout(() => body.destroy(), LONGEST_MS).unref();
  body.on('data', (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) body.destroy();
  });
  body.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
  body.resume();
}
