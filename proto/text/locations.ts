import type { SourceLocation } from '../descriptor/descriptor.js';
import type { Token } from './token.js';

const none: readonly string[] = [];

/** A location that starts at a token and is still without an end. */
export function startLocation(path: readonly number[], token: Token): SourceLocation {
  return { path, span: [token.line, token.column], leadingDetachedComments: none };
}

/** Gives a location its end, if it has none; the end line is left out where it is the start line. */
export function endLocation(location: SourceLocation, token: Token): void {
  const [line = 0, column = 0] = location.span;
  if (location.span.length > 2) return;
  // A new array, since one that grows takes several times the memory, and there are millions of these.
  location.span = token.line === line ? [line, column, token.endColumn] : [line, column, token.line, token.endColumn];
}
