import { BEGIN_OBJECT, COMMA, END_OBJECT, latin1, QUOTE } from '../ascii.js';
import type { Parsing } from './parsing.js';
import type { ParsePlan } from './plan.js';
import { failSyntax, failType, isWord, skipColon, skipSpace, skipValue, TYPE_KEY } from './syntax.js';
import { parseString, skipString } from './text.js';
import { beginLength, endLength, varintSize } from './write.js';

const TYPE_URL = 10;
const VALUE = 18;
export const VALUE_KEY = Uint8Array.from('"value"', (letter) => letter.charCodeAt(0));
/** What a printer writes where the content has no JSON form. To pass over it would leave an empty message. */
const BYTES_KEY = Uint8Array.from('"@value"', (letter) => letter.charCodeAt(0));

/** Guess of the next content's length size. */
const content = { lengthSize: 2 };

/**
 * An object as the content of an Any: the members of its message beside `@type`, or a form of its own in `value` (any.proto "JSON").
 *
 *     {"@type":"x.y/pkg.Book","title":"A"}  ->  0a 0c "x.y/pkg.Book" 12 03 0a 01 41
 */
export function parseAny(p: Parsing, pos: number, depth: number): number {
  const bytes = p.source.bytes;
  if (bytes[pos] !== BEGIN_OBJECT) failType(p, pos, 'an object');
  const typeAt = findType(p, pos, depth);
  if (typeAt < 0) {
    const next = skipSpace(bytes, pos + 1);
    return bytes[next] === END_OBJECT ? next + 1 : p.fail(pos, '"@type" is missing');
  }
  const plan = parseType(p, skipColon(p, typeAt + TYPE_KEY.length));
  const out = p.out;
  const before = out.length;
  out.byte(VALUE);
  const length = beginLength(out, content);
  const start = out.length;
  const end =
    plan.form === 'message' ? p.run.members(p, plan, pos + 1, depth, typeAt, undefined) : parseSpecial(p, plan, pos, depth, typeAt);
  if (out.length === start) out.length = before;
  else endLength(out, content, length);
  return end;
}

/** Refuses a key beside `@type` that no message has but that may not be passed over; `pos` is where its value stands. */
export function assertPassable(p: Parsing, key: number, pos: number): void {
  if (isWord(p, key, TYPE_KEY)) p.fail(pos, 'the key occurs twice');
  if (isWord(p, key, BYTES_KEY)) p.fail(pos, 'bytes of an Any without a JSON form are not taken back');
}

/** Where the key `@type` stands in the object at `pos`, or -1. Nearly always it comes first; else the object is looked through, once for all within. */
function findType(p: Parsing, pos: number, depth: number): number {
  const first = skipSpace(p.source.bytes, pos + 1);
  if (isWord(p, first, TYPE_KEY)) return first;
  if (pos >= p.typesKnown) p.typesKnown = skipValue(p, pos, depth - 1);
  return p.types.get(pos) ?? -1;
}

/** Writes the type URL and finds the plan of its type. */
function parseType(p: Parsing, pos: number): ParsePlan {
  if (p.source.bytes[pos] !== QUOTE) failType(p, pos, 'a type URL');
  const out = p.out;
  out.byte(TYPE_URL);
  const before = out.length;
  parseString(p, pos);
  const written = out.length - before;
  let lengthSize = 1;
  while (varintSize(written - lengthSize) > lengthSize) lengthSize += 1;
  const url = latin1(out.bytes, before + lengthSize, out.length);
  const slash = url.lastIndexOf('/');
  return (slash < 0 ? undefined : p.any(url.slice(slash + 1))) ?? p.fail(pos, 'the type is not known');
}

/** A type with a form of its own: `{"@type":...,"value":...}`. */
function parseSpecial(p: Parsing, plan: ParsePlan, object: number, depth: number, typeAt: number): number {
  const bytes = p.source.bytes;
  let found = false;
  for (let pos = skipSpace(bytes, object + 1); ; pos = skipSpace(bytes, pos + 1)) {
    if (bytes[pos] !== QUOTE) failSyntax(p, pos, 'a key in quotes');
    const key = pos;
    const keyEnd = skipString(p, pos);
    pos = skipColon(p, keyEnd);
    if (key !== typeAt) assertPassable(p, key, keyEnd);
    if (key === typeAt) pos = skipValue(p, pos, depth);
    else if (isWord(p, key, VALUE_KEY)) {
      if (found) p.fail(keyEnd, 'the key occurs twice');
      found = true;
      pos = p.run.content(p, plan, pos, depth);
    } else if (p.ignoreUnknown) pos = skipValue(p, pos, depth);
    else p.fail(keyEnd, 'unknown field; only "value" stands beside this type');
    pos = skipSpace(bytes, pos);
    if (bytes[pos] === END_OBJECT) return found ? pos + 1 : p.fail(object, '"value" is missing');
    if (bytes[pos] !== COMMA) failSyntax(p, pos, "',' or '}'");
  }
}
