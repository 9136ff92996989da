/** Character classes of proto source, by UTF-16 code unit; -1 stands for the end of the text. */
export const NEWLINE = 0x0a;
export const TAB = 0x09;
export const SLASH = 0x2f;
export const STAR = 0x2a;
export const BACKSLASH = 0x5c;
export const DOT = 0x2e;

/** Space, tab, carriage return, vertical tab, form feed. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === TAB || code === 0x0d || code === 0x0b || code === 0x0c;
}

/** A letter of ASCII or an underscore. */
export function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

/** A decimal digit. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** An octal digit. */
export function isOctalDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x37;
}

/** A hexadecimal digit, in either case. */
export function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
}

/** Control characters that are not white space. */
export function isControl(code: number): boolean {
  return code >= 0 && code < 0x20 && !isBlank(code) && code !== NEWLINE;
}
