const utf8 = new TextEncoder();

/** Up to so many characters a loop is faster than a call into the runtime, and the array small enough for V8's own heap. */
const SHORT = 64;

/** UTF-8 of a text, or undefined if it has a lone surrogate, which has none. */
export function encodeText(text: string): Uint8Array | undefined {
  const ascii = text.length <= SHORT ? encodeAscii(text) : undefined;
  if (ascii !== undefined) return ascii;
  return /\p{Surrogate}/u.test(text) ? undefined : utf8.encode(text);
}

function encodeAscii(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return undefined;
    bytes[at] = code;
  }
  return bytes;
}
