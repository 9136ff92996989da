import { gunzipSync, inflateSync } from 'node:zlib';
import type { Status } from '../call.js';
import { localStatus } from '../local-status.js';

/**
 * A compressed message, or why it cannot be had. At once, not in the thread pool: messages are small, keep their order, and never grow beyond `max`
 * bytes.
 */
export function decompress(message: Uint8Array, encoding: string | undefined, max: number): Uint8Array | Status {
  const inflate = encoding === 'gzip' ? gunzipSync : encoding === 'deflate' ? inflateSync : undefined;
  if (inflate === undefined) return localStatus(13, `the server sent a message compressed as ${encoding ?? 'nothing it named'}`, true);
  try {
    return inflate(message, { maxOutputLength: max });
  } catch (error) {
    if (error instanceof RangeError) return localStatus(8, `a message grows beyond ${max} bytes when it is decompressed`, true);
    return localStatus(
      13,
      `a message cannot be decompressed as ${encoding}: ${error instanceof Error ? error.message : String(error)}`,
      true,
    );
  }
}
