import { JsonError } from '../../proto/json/codec.js';

/**
 * Decodes a key or value of a query string or form body (application/x-www-form-urlencoded, WHATWG URL): `+` is a space.
 * Malformed escapes and invalid UTF-8 throw {@link JsonError}.
 */
export function decodeQuery(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new JsonError('', 'the query string has a malformed percent-encoding');
  }
}
