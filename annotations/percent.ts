/** A text is not percent-encoded UTF-8. `message` is safe to show to a client. */
export class PercentError extends Error {
  override readonly name = 'PercentError';
}

/**
 * Decodes what a variable captured, once (http.proto, "Path template syntax"): all of one segment, and of several segments all but `%2F`, which
 * would look like a separator afterwards. Throws {@link PercentError}.
 */
export function decodeCapture(text: string, multi: boolean): string {
  assertPlain(text);
  if (!text.includes('%')) return text;
  const decoded = multi ? text.split(/(%2F)/i).map((part, i) => (i % 2 === 1 ? part : decode(part))) : [decode(text)];
  return decoded.join('');
}

function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw new PercentError('the path has malformed percent-encoding or invalid UTF-8');
  }
  if (decoded.includes('\0')) throw new PercentError('the path contains a NUL character');
  return decoded;
}

/** Node hands on bytes above 0x7E as Latin-1: what they mean is unknown. */
function assertPlain(text: string): void {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x21 || code > 0x7e) throw new PercentError('the path contains a character that must be percent-encoded');
  }
}

/** The one spelling of a segment or path for comparison: the hex digits of `%XX` in upper case, all else as it is. Its length stays. */
export function normalizeSegment(text: string): string {
  return text.includes('%') ? text.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase()) : text;
}
