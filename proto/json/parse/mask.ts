import { BACKSLASH, BEGIN_ARRAY, BEGIN_OBJECT, COMMA, END_ARRAY, END_OBJECT, QUOTE } from '../ascii.js';
import type { ParsePlan } from './plan.js';
import { skipSpace } from './syntax.js';

/**
 * Notes the paths of the fields that a JSON text names, for a derived FieldMask. The text has been parsed: it is walked again, so that parsing
 * need not keep track. A message that has members is named by these; all else (scalars, repeated fields, maps, well-known types, `null`, an
 * empty object) by its own field.
 *
 *     {"title":"A","author":{"bornYear":1}}  ->  title, author.born_year
 */
export function collectPaths(bytes: Uint8Array, plan: ParsePlan, mask: string[]): void {
  collect(bytes, skipSpace(bytes, 0), plan, '', mask);
}

/** Walks the object at `pos` and returns its end. */
function collect(bytes: Uint8Array, pos: number, plan: ParsePlan, prefix: string, mask: string[]): number {
  for (pos = skipSpace(bytes, pos + 1); bytes[pos] !== END_OBJECT; pos = skipSpace(bytes, pos)) {
    if (bytes[pos] === COMMA) pos = skipSpace(bytes, pos + 1);
    const end = stringEnd(bytes, pos);
    const field = plan.keys.find(bytes, pos + 1, end - 1) ?? plan.keys.get(unescaped(bytes, pos, end));
    // Behind the key stand white space, a colon, white space.
    pos = skipSpace(bytes, skipSpace(bytes, end) + 1);
    const path = field === undefined ? '' : prefix + field.type.protoName;
    if (field?.kind === 'message' && field.shape === 'one' && field.plan !== undefined && hasMembers(bytes, pos)) {
      pos = collect(bytes, pos, field.plan, `${path}.`, mask);
      continue;
    }
    if (field !== undefined) mask.push(path);
    pos = valueEnd(bytes, pos);
  }
  return pos + 1;
}

function hasMembers(bytes: Uint8Array, pos: number): boolean {
  return bytes[pos] === BEGIN_OBJECT && bytes[skipSpace(bytes, pos + 1)] !== END_OBJECT;
}

function valueEnd(bytes: Uint8Array, pos: number): number {
  let depth = 0;
  for (; ; pos++) {
    const byte = bytes[pos] as number;
    if (byte === QUOTE) pos = stringEnd(bytes, pos) - 1;
    else if (byte === BEGIN_OBJECT || byte === BEGIN_ARRAY) depth += 1;
    else if (byte === END_OBJECT || byte === END_ARRAY) {
      if (depth === 0) return pos;
      depth -= 1;
    } else if (byte === COMMA && depth === 0) return pos;
  }
}

function stringEnd(bytes: Uint8Array, pos: number): number {
  for (pos += 1; bytes[pos] !== QUOTE; pos++) if (bytes[pos] === BACKSLASH) pos += 1;
  return pos + 1;
}

function unescaped(bytes: Uint8Array, start: number, end: number): string {
  return String(JSON.parse(new TextDecoder().decode(bytes.subarray(start, end))));
}
