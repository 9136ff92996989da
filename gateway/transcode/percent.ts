import { JsonError } from '../../proto/json/codec.js';

/**
 * Decodes a key or value of `application/x-www-form-urlencoded` text (WHATWG URL), as query strings and forms have it: `+` is a space.
 * Malformed escapes and invalid UTF-8 throw {@link JsonError}.
 *
 * @param key what the error names: the key of a value, '' for a key
 * @param noun what a key is: `query parameter`
 */
export function decodeComponent(text: string, key: string, noun: string): string {
  // Replacing them one by one takes four times as long, where there is nothing else.
  const spaced = text.includes('+') ? text.split('+').join(' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new JsonError(key, `malformed percent-encoding in a ${noun}`);
  }
}
