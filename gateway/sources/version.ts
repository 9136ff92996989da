import { createHash } from 'node:crypto';

/** Version of a source: a hash of its files, in whatever order they are. */
export function versionOf(files: readonly Uint8Array[]): string {
  const hashes = files.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  return createHash('sha256').update(hashes.sort().join()).digest('hex').slice(0, 16);
}
