const utf8 = new TextEncoder();

/** UTF-8 of a text, or undefined if it has a lone surrogate, which has none. */
export function encodeText(text: string): Uint8Array | undefined {
  return /\p{Surrogate}/u.test(text) ? undefined : utf8.encode(text);
}
