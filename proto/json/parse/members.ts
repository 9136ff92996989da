import { END_GROUP, START_GROUP } from '../../wire/wire.js';
import type { FixedText } from '../arena.js';
import { BEGIN_ARRAY, BEGIN_OBJECT, COMMA, END_ARRAY, END_OBJECT, QUOTE, SPACE } from '../ascii.js';
import { assertPassable, parseAny, VALUE_KEY } from './any.js';
import type { BoundTree } from './bound-tree.js';
import { checkBound } from './check-bound.js';
import { parseMap } from './map.js';
import { nearestField } from './nearest.js';
import type { Interpreter, Parsing } from './parsing.js';
import type { ParseField, ParsePlan } from './plan.js';
import { parseEnum, parseForm, parseQuoted, parseScalar } from './scalar-value.js';
import { checkDepth, FALSE, failSyntax, failType, isWord, NULL, nullEnd, skipColon, skipSpace, skipValue, TRUE } from './syntax.js';
import { parseString, readQuoted } from './text.js';
import { beginLength, endLength, writeVarint32 } from './write.js';

/**
 * Parses the members behind a `{` and writes their fields in the order they come; returns the position behind the `}`.
 *
 *     "title":"A","pages":5}  ->  12 01 41 18 05
 *
 * Each key is first compared with that of the field expected next: clients write fields in order. Values are read by the kind of the field,
 * straight from the bytes.
 */
function parseMembers(p: Parsing, plan: ParsePlan, pos: number, depth: number, typeAt: number, bound: BoundTree | undefined): number {
  const bytes = p.source.bytes;
  const seen = p.enterMessage(plan.words);
  let expected = plan.first;
  pos = skipSpace(bytes, pos);
  if (bytes[pos] === END_OBJECT) {
    p.seenTop = seen;
    return pos + 1;
  }
  for (;;) {
    if (bytes[pos] !== QUOTE) failSyntax(p, pos, 'a key in quotes');
    const start = pos;
    let field: ParseField | undefined = expected;
    if (isAt(p.source.view, pos, expected.key)) {
      pos += expected.key.length;
      if ((bytes[pos] as number) <= SPACE) pos = skipSpace(bytes, pos);
    } else {
      field = findField(p, plan, pos);
      pos = skipColon(p, p.pos);
    }
    if (field === undefined) pos = parseUnknown(p, plan, start, pos, depth, typeAt);
    else {
      const word = seen + (field.bit >>> 5);
      const bit = 1 << field.bit;
      if (((p.seen[word] as number) & bit) !== 0) p.fail(pos, 'the field occurs twice');
      p.seen[word] = (p.seen[word] as number) | bit;
      const before = p.out.length;
      const value = pos;
      pos = parseField(p, field, pos, depth, bound === undefined ? undefined : bound.inner.get(field.type));
      if (field.oneofBit >= 0 && p.out.length > before) markOneof(p, field, seen, value);
      if (bound !== undefined) checkBound(p, field, bound, before, value);
      expected = field.next;
    }
    pos = skipSpace(bytes, pos);
    const byte = bytes[pos] as number;
    if (byte === COMMA) pos = skipSpace(bytes, pos + 1);
    else if (byte === END_OBJECT) break;
    else failSyntax(p, pos, "',' or '}'");
  }
  p.seenTop = seen;
  return pos + 1;
}

function markOneof(p: Parsing, field: ParseField, seen: number, at: number): void {
  const word = seen + (field.oneofBit >>> 5);
  const bit = 1 << field.oneofBit;
  if (((p.seen[word] as number) & bit) !== 0) p.fail(at, `another member of the oneof ${field.type.oneof?.name ?? ''} is set`);
  p.seen[word] = (p.seen[word] as number) | bit;
}

/** The text stands at `pos`. Reads no further than a word past the end: the first bytes there, 0, are in no text. */
function isAt(view: DataView, pos: number, { words, lastMask }: FixedText): boolean {
  const last = words.length - 1;
  for (let i = 0; i < last; i++, pos += 4) if (view.getInt32(pos, true) !== words[i]) return false;
  return ((view.getInt32(pos, true) ^ (words[last] as number)) & lastMask) === 0;
}

/** The field of the key at `pos`, whose end is left in `p.pos`. */
function findField(p: Parsing, plan: ParsePlan, pos: number): ParseField | undefined {
  p.pos = readQuoted(p, pos);
  const { bytes, start, end } = p.text;
  return plan.keys.find(bytes, start, end);
}

function parseUnknown(p: Parsing, plan: ParsePlan, start: number, pos: number, depth: number, typeAt: number): number {
  if (start === typeAt) return skipValue(p, pos, depth);
  if (typeAt >= 0) assertPassable(p, start, pos);
  if (typeAt >= 0 && plan.type.name === 'google.protobuf.Empty' && isWord(p, start, VALUE_KEY) && p.source.bytes[pos] === BEGIN_OBJECT)
    return skipValue(p, pos, depth);
  if (p.ignoreUnknown) return skipValue(p, pos, depth);
  readQuoted(p, start);
  return p.fail(pos, `unknown field${nearestField(p.text, plan)}`);
}

/** Parses the value of a member and writes the field; nothing for `null` and for what counts as unset. */
function parseField(p: Parsing, f: ParseField, pos: number, depth: number, bound: BoundTree | undefined): number {
  const out = p.out;
  if (p.source.bytes[pos] === 0x6e && (f.shape !== 'one' || !takesNull(f))) {
    const end = nullEnd(p, pos);
    return end >= 0 ? end : failSyntax(p, pos, 'a value');
  }
  if (f.shape === 'many') return parseMany(p, f, pos, depth);
  if (f.shape === 'map') return parseMap(p, f, pos, depth);
  const start = out.length;
  writeVarint32(out, f.tag);
  const value = out.length;
  pos = bound !== undefined && f.kind === 'message' ? parseMessage(p, f, pos, depth + 1, bound) : parseValue(p, f, pos, depth);
  if (p.dropped) {
    p.dropped = false;
    out.length = start;
  } else if (f.dropDefault && isZero(out.bytes, value, out.length)) out.length = start;
  return pos;
}

function takesNull(f: ParseField): boolean {
  return f.kind === 'value' || f.kind === 'null';
}

/** A scalar of zero bits, or an empty string. */
function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (; start < end; start++) if (bytes[start] !== 0) return false;
  return true;
}

/** An array: values each with their tag, or packed. */
function parseMany(p: Parsing, f: ParseField, pos: number, depth: number): number {
  const bytes = p.source.bytes;
  const out = p.out;
  if (bytes[pos] !== BEGIN_ARRAY) failType(p, pos, 'an array');
  pos = skipSpace(bytes, pos + 1);
  if (bytes[pos] === END_ARRAY) return pos + 1;
  const start = out.length;
  let length = start;
  if (f.packed) {
    writeVarint32(out, f.tag);
    length = beginLength(out, f);
  }
  const content = out.length;
  for (;;) {
    const before = out.length;
    if (!f.packed) writeVarint32(out, f.tag);
    if (bytes[pos] === 0x6e && !takesNull(f) && isWord(p, pos, NULL)) p.fail(pos, 'null is not a value of a repeated field');
    pos = skipSpace(bytes, parseValue(p, f, pos, depth));
    if (p.dropped) {
      p.dropped = false;
      out.length = before;
    }
    const byte = bytes[pos] as number;
    if (byte === COMMA) pos = skipSpace(bytes, pos + 1);
    else if (byte === END_ARRAY) break;
    else failSyntax(p, pos, "',' or ']'");
  }
  if (f.packed) {
    if (out.length === content) out.length = start;
    else endLength(out, f, length);
  }
  return pos + 1;
}

/** The interpreter's switch: one value, written without its tag. Kinds that most messages have come first. */
function parseValue(p: Parsing, f: ParseField, pos: number, depth: number): number {
  switch (f.kind) {
    case 'string':
      if (p.source.bytes[pos] !== QUOTE) failType(p, pos, 'a string');
      return parseString(p, pos);
    case 'message':
      return parseMessage(p, f, pos, depth + 1, undefined);
    case 'int32':
    case 'int64':
    case 'double':
      return parseScalar(p, f, pos);
    case 'bool':
      if (isWord(p, pos, TRUE)) {
        p.out.byte(1);
        return pos + 4;
      }
      if (!isWord(p, pos, FALSE)) failType(p, pos, 'true or false');
      p.out.byte(0);
      return pos + 5;
    case 'enum':
      return parseEnum(p, f, pos);
    case 'null': {
      const end = nullEnd(p, pos);
      if (end < 0) return parseEnum(p, f, pos);
      p.out.byte(0);
      return end;
    }
    case 'bytes':
    case 'timestamp':
    case 'duration':
    case 'mask':
      return parseQuoted(p, f, pos);
    case 'struct':
    case 'list':
    case 'value':
    case 'any':
    case 'wrapper': {
      if (f.plan === undefined) return pos;
      const length = f.wire === START_GROUP ? 0 : beginLength(p.out, f);
      pos = parseContent(p, f.plan, pos, depth);
      endContent(p, f, length);
      return pos;
    }
    default:
      return parseScalar(p, f, pos);
  }
}

function endContent(p: Parsing, f: ParseField, length: number): void {
  if (f.wire === START_GROUP) writeVarint32(p.out, f.tag - START_GROUP + END_GROUP);
  else endLength(p.out, f, length);
}

/** An object as a message in the length or group form of its field. */
function parseMessage(p: Parsing, f: ParseField, pos: number, depth: number, bound: BoundTree | undefined): number {
  if (f.plan === undefined || p.source.bytes[pos] !== BEGIN_OBJECT) return failType(p, pos, 'an object');
  checkDepth(p, pos, depth);
  const length = f.wire === START_GROUP ? 0 : beginLength(p.out, f);
  pos = parseMembers(p, f.plan, pos + 1, depth, -1, bound);
  endContent(p, f, length);
  return pos;
}

/** A value in the form of its message type, written as the content of that message; `depth` is that of what it stands in. */
function parseContent(p: Parsing, plan: ParsePlan, pos: number, depth: number): number {
  switch (plan.form) {
    case 'message':
      if (p.source.bytes[pos] !== BEGIN_OBJECT) failType(p, pos, 'an object');
      checkDepth(p, pos, depth + 1);
      return parseMembers(p, plan, pos + 1, depth + 1, -1, undefined);
    case 'struct':
      checkDepth(p, pos, depth + 1);
      return parseMap(p, plan.first, pos, depth + 1);
    case 'list':
      checkDepth(p, pos, depth + 1);
      return parseMany(p, plan.first, pos, depth + 1);
    case 'any':
      checkDepth(p, pos, depth + 1);
      return parseAny(p, pos, depth + 1);
    case 'wrapper':
      return parseField(p, plan.first, pos, depth, undefined);
    case 'value':
      return parseField(p, memberOfValue(p, plan, pos), pos, depth, undefined);
    default:
      return parseForm(p, plan.form, pos);
  }
}

/** The member of google.protobuf.Value for a JSON value, by its first byte: null 1, number 2, string 3, bool 4, struct 5, list 6. */
function memberOfValue(p: Parsing, plan: ParsePlan, pos: number): ParseField {
  return plan.fields[valueNumber(p.source.bytes[pos] as number) - 1] ?? plan.first;
}

function valueNumber(byte: number): number {
  if (byte === QUOTE) return 3;
  if (byte === BEGIN_OBJECT) return 5;
  if (byte === BEGIN_ARRAY) return 6;
  if (byte === 0x74 || byte === 0x66) return 4;
  return byte === 0x6e ? 1 : 2;
}

export const interpreter: Interpreter = { value: parseValue, field: parseField, content: parseContent, members: parseMembers };
