/** What AIP-192 (https://google.aip.dev/192) keeps out of published documents: `(-- for ourselves --)`. */
const internal = /\(--[\s\S]*?--\)/g;

/** A cross-reference of AIP-192, `[Book][bookstore.v1.Book]` or `[Book][]`, which is no link outside of the proto files. */
const crossReference = /\[([^\]\n]+)\]\[[\w.]*\]/g;

/**
 * A comment of a proto file as CommonMark: without the space after each comment mark, internal remarks and cross-references.
 *
 *     " Gets a book.\n\n See [Book][a.Book].\n" -> "Gets a book.\n\nSee Book."
 */
export function parseComment(comment: string): string {
  return comment
    .replace(internal, '')
    .replace(crossReference, '$1')
    .split('\n')
    .map((line) => line.replace(/^ /, '').trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The first paragraph on one line, as plain text and without its full stop, and what comes after it; either may be ''. */
export function splitComment(comment: string): { readonly summary: string; readonly description: string } {
  const text = parseComment(comment);
  const end = text.indexOf('\n\n');
  const first = end < 0 ? text : text.slice(0, end);
  return {
    summary: first
      .replace(/\s*\n\s*/g, ' ')
      .replaceAll('`', '')
      .replace(/(?<!\.)\.$/, ''),
    description: end < 0 ? '' : text.slice(end).trim(),
  };
}

/** The non-empty parts as paragraphs; undefined if there is none. */
export function joinParagraphs(...parts: readonly (string | undefined)[]): string | undefined {
  const present = parts.filter((part) => part !== undefined && part !== '');
  return present.length === 0 ? undefined : present.join('\n\n');
}
