import { Refusal } from '../exchange/refusal.js';
import type { Metadata } from '../upstream/call.js';
import { decodeName, type Part } from './part.js';

/** Metadata that says what an uploaded file is called. */
export const FILE_NAME = 'x-http-body-filename';

/** Most bytes of the names in one body: servers take few of metadata. */
export const MAX_FILE_NAMES = 4096;

/**
 * The names of a body's files as metadata, one entry a file in the order of the parts: the name of the part and that of the file, percent-encoded as
 * in a query, so that any name fits into a header and none is taken for another's. Throws {@link Refusal}.
 *
 *     cover = <Käse.png>, photos = <a&b.jpg>, photos = <no name>   ->   cover=K%C3%A4se.png   photos=a%26b.jpg   photos=
 */
export function fileNames(parts: readonly Part[]): Metadata {
  let length = 0;
  return parts.flatMap(({ file, name, fileName }) => {
    if (!file) return [];
    const decoded = decodeName(fileName, () => new Refusal('field', name, 'has a file name that is not UTF-8'));
    const entry = `${encodeURIComponent(name)}=${encodeURIComponent(decoded)}`;
    length += entry.length;
    if (length > MAX_FILE_NAMES) throw new Refusal('size', name, `the names of files are more than ${MAX_FILE_NAMES} bytes`);
    return [[FILE_NAME, entry] as const];
  });
}
