import type { SourceFiles } from '../../proto/schema.js';

/** Copies the bytes of all files into one piece of memory, which can be moved to another thread at once. */
export function pack(sources: readonly SourceFiles[]): { readonly sources: SourceFiles[]; readonly memory: ArrayBuffer } {
  const size = sources.flatMap(({ files }) => files).reduce((sum, { length }) => sum + length, 0);
  const memory = new ArrayBuffer(size);
  let end = 0;
  const copy = (bytes: Uint8Array): Uint8Array => {
    const place = new Uint8Array(memory, end, bytes.length);
    place.set(bytes);
    end += bytes.length;
    return place;
  };
  return { sources: sources.map((source) => ({ ...source, files: source.files.map(copy) })), memory };
}
