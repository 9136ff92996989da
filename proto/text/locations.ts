import type { SourceLocation } from '../descriptor/descriptor.js';
import type { Token } from './token.js';

/** A location that starts at a token and is still without an end. */
export function startLocation(path: readonly number[], token: Token): SourceLocation {
  return { path: [...path], span: [token.line, token.column], leadingDetachedComments: [] };
}

/** Gives a location its end, if it has none; the end line is left out where it is the start line. */
export function endLocation(location: SourceLocation, token: Token): void {
  if (location.span.length > 2) return;
  if (token.line !== location.span[0]) location.span.push(token.line);
  location.span.push(token.endColumn);
}
