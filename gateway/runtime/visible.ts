/** A text from outside for a terminal: control characters, which could steer it or begin a line of their own, as `\\u001b`. */
export function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
