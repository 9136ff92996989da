/** How a file can be compressed. */
export type ContentCoding = 'br' | 'gzip';

/** The better one first. */
export const codings: readonly ContentCoding[] = ['br', 'gzip'];

/**
 * The coding that a client takes, RFC 9110 section 12.5.3; undefined: the file as it is, which everybody takes unless told otherwise.
 *
 * @param header `Accept-Encoding`, undefined if there was none
 * @param offered the better one first
 */
export function chooseCoding(header: string | undefined, offered: readonly ContentCoding[]): ContentCoding | undefined {
  if (header === undefined) return undefined;
  const weights = new Map(header.split(',', MOST_ENTRIES).map(readEntry));
  return offered.find((coding) => (weights.get(coding) ?? weights.get('*') ?? 0) > 0);
}

/** Entries that are looked at. */
const MOST_ENTRIES = 32;

function readEntry(entry: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = entry.split(';');
  const weight = parameters.map((parameter) => /^\s*q=(.*)$/i.exec(parameter)?.[1]).find((found) => found !== undefined);
  return [coding.trim().toLowerCase(), weight === undefined ? 1 : Number(weight)];
}
