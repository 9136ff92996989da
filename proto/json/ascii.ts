/** Bytes that JSON text is made of, by the names of RFC 8259. */
export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const BEGIN_ARRAY = 0x5b;
export const BACKSLASH = 0x5c;
export const END_ARRAY = 0x5d;
export const UNDERSCORE = 0x5f;
export const BEGIN_OBJECT = 0x7b;
export const END_OBJECT = 0x7d;

const utf8 = new TextEncoder();

/** UTF-8 of a text known when a plan is compiled. */
export function encode(text: string): Uint8Array {
  return utf8.encode(text);
}

/** What a byte of a string is: 0 = stands for itself in a JSON string, 1 = quote, 2 = backslash, 3 = control, 4 = part of a longer UTF-8 sequence. */
export const TEXT_CLASS: Uint8Array = new Uint8Array(256).map((_, byte) => {
  if (byte === QUOTE) return 1;
  if (byte === BACKSLASH) return 2;
  if (byte < SPACE) return 3;
  return byte < 0x80 ? 0 : 4;
});

/** Bytes as the string of the same code points (Latin-1): for messages, map keys and numbers, never for text of a client's. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 4096) text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 4096, end)));
  return text;
}
