import { LENGTH, MAX_DEPTH, START_GROUP } from '../../wire/wire.js';
import { BEGIN_OBJECT, COMMA, END_OBJECT } from '../ascii.js';
import { WireError } from '../codec.js';
import { printAny } from './any.js';
import { printDouble, printFloat, printInt64, printInteger, printText, printUint64 } from './decimal.js';
import { closeMany, fits, isDefault, openMany, printAbsent } from './field.js';
import { printMap } from './map.js';
import { printMask } from './mask.js';
import type { EnumNames, PrintField, PrintPlan } from './plan.js';
import { disorder, type Interpreter, type Printing } from './printing.js';
import { readFixed32, readFixed64, readLength, readTag, readVarint, skip, skipGroup, truncated } from './read.js';
import { isOrdered, printScattered } from './scattered.js';
import { printBase64, printString } from './text.js';
import { printDuration, printTimestamp } from './time.js';

/**
 * Prints the members of the message at `[pos, end)`, or up to the end tag `group` if that is not 0; returns where the message ends.
 *
 *     12 01 41 18 05  ->  ,"title":"A","pages":5
 *
 * The fast path expects fields by ascending number, as serializers write them: each tag is compared with that of the field expected next, and what
 * lies between is absent.
 */
function printMembers(p: Printing, plan: PrintPlan, pos: number, end: number, group: number, depth: number): number {
  if ((plan.careful || p.careful) && !isOrdered(p, plan, pos, end, group)) return printScattered(p, plan, pos, end, group, depth);
  const bytes = p.source.bytes;
  let field = plan.first;
  let oneofs = 0;
  let ended = group === 0;
  while (pos < end) {
    let tag = bytes[pos] as number;
    if (tag < 0x80) pos += 1;
    else {
      tag = readTag(p, pos, end);
      pos = p.pos;
    }
    if (tag !== field.tag) {
      if (tag === group && group !== 0) {
        ended = true;
        break;
      }
      const found = findField(plan, field, tag);
      if (found === undefined) {
        pos = skip(p, tag, pos, end);
        continue;
      }
      if (plan.writesAbsent) for (; field !== found; field = field.next) if (field.absent !== undefined) printAbsent(p, field);
      field = found;
    }
    if (field.oneof !== 0) {
      if ((oneofs & (1 << field.oneof)) !== 0) disorder(plan);
      oneofs |= 1 << field.oneof;
    }
    if (field.shape === 'one') {
      const start = p.out.length;
      pos = printOne(p, field, pos, end, depth);
      if (p.out.length === start && !field.dropDefault) continue;
    } else if (field.shape === 'many') pos = printMany(p, field, tag, pos, end, depth);
    else pos = printMap(p, field, pos, end, depth);
    field = field.next;
  }
  if (!ended) truncated();
  if (plan.writesAbsent) for (; field.tag >= 0; field = field.next) if (field.absent !== undefined) printAbsent(p, field);
  return pos;
}

/** The field of a tag at or behind the one expected; undefined for a field that the schema, or the wire type, makes unknown. */
function findField(plan: PrintPlan, expected: PrintField, tag: number): PrintField | undefined {
  if (expected.next.tag === tag) return expected.next;
  if (tag < 8) throw new WireError('field number 0');
  const field = plan.byNumber.get(tag >>> 3);
  if (field === undefined || !fits(field, tag)) return undefined;
  return field.number < expected.number ? disorder(plan) : field;
}

/** Key and value. Prints nothing for a default that counts as absent and for an unknown value of a closed enum. */
function printOne(p: Printing, f: PrintField, pos: number, end: number, depth: number): number {
  if (f.dropDefault && isDefault(p, f, pos, end)) return skip(p, f.tag, pos, end);
  const out = p.out;
  const start = out.length;
  out.fixed(f.key);
  const value = out.length;
  pos = printValue(p, f, pos, end, depth);
  if (out.length === value) out.length = start;
  return pos;
}

/** An array of all adjacent values of the field; the first one's tag has been read. */
function printMany(p: Printing, f: PrintField, tag: number, pos: number, end: number, depth: number): number {
  const bytes = p.source.bytes;
  const open = openMany(p, f);
  for (;;) {
    pos = printElement(p, f, tag, pos, end, depth);
    if (pos >= end) break;
    let next = bytes[pos] as number;
    let behind = pos + 1;
    if (next >= 0x80) {
      next = readTag(p, pos, end);
      behind = p.pos;
    }
    if (next !== tag && !(next >>> 3 === f.number && fits(f, next))) break;
    tag = next;
    pos = behind;
  }
  closeMany(p, f, open);
  return pos;
}

/** One value after a comma, or all of a packed field. */
function printElement(p: Printing, f: PrintField, tag: number, pos: number, end: number, depth: number): number {
  const out = p.out;
  if (!f.packable || (tag & 7) !== LENGTH) {
    out.byte(COMMA);
    const start = out.length;
    pos = printValue(p, f, pos, end, depth);
    if (out.length === start) out.length = start - 1;
    return pos;
  }
  const stop = readLength(p, pos, end);
  for (pos = p.pos; pos < stop; ) {
    out.byte(COMMA);
    const start = out.length;
    pos = printValue(p, f, pos, stop, depth);
    if (out.length === start) out.length = start - 1;
  }
  return stop;
}

/** The interpreter's switch. Kinds that most messages have come first. */
function printValue(p: Printing, f: PrintField, pos: number, end: number, depth: number): number {
  const out = p.out;
  switch (f.kind) {
    case 'string': {
      const stop = readLength(p, pos, end);
      printString(p, p.pos, stop);
      return stop;
    }
    case 'message':
      if (f.plan === undefined) return pos;
      if (f.wire === START_GROUP) return printObject(p, f.plan, pos, end, endTag(f), depth + 1);
      {
        const stop = readLength(p, pos, end);
        printObject(p, f.plan, p.pos, stop, 0, depth + 1);
        return stop;
      }
    case 'int32':
      pos = readVarint(p, pos, end);
      printInteger(out, p.low);
      return pos;
    case 'int64':
      pos = readVarint(p, pos, end);
      printInt64(out, p.low, p.high, f.quoted);
      return pos;
    case 'bool':
      pos = readVarint(p, pos, end);
      printText(out, (p.low | p.high) === 0 ? 'false' : 'true');
      return pos;
    case 'enum':
      pos = readVarint(p, pos, end);
      if (f.names !== undefined) printEnum(p, f.names, p.low);
      return pos;
    case 'double':
      if (pos + 8 > end) truncated();
      printDouble(out, p.source.view.getFloat64(pos, true));
      return pos + 8;
    case 'uint32':
      pos = readVarint(p, pos, end);
      printInteger(out, p.low >>> 0);
      return pos;
    case 'uint64':
      pos = readVarint(p, pos, end);
      printUint64(out, p.low, p.high, f.quoted);
      return pos;
    case 'float':
      if (pos + 4 > end) truncated();
      printFloat(out, p.source.view.getFloat32(pos, true));
      return pos + 4;
    case 'bytes': {
      const stop = readLength(p, pos, end);
      printBase64(p, p.pos, stop);
      return stop;
    }
    case 'sint32':
      pos = readVarint(p, pos, end);
      printInteger(out, (p.low >>> 1) ^ -(p.low & 1));
      return pos;
    case 'sint64': {
      pos = readVarint(p, pos, end);
      const sign = -(p.low & 1);
      printInt64(out, ((p.low >>> 1) | (p.high << 31)) ^ sign, (p.high >>> 1) ^ sign, f.quoted);
      return pos;
    }
    case 'fixed32':
      printInteger(out, readFixed32(p, pos, end) >>> 0);
      return pos + 4;
    case 'sfixed32':
      printInteger(out, readFixed32(p, pos, end));
      return pos + 4;
    case 'fixed64':
      pos = readFixed64(p, pos, end);
      printUint64(out, p.low, p.high, f.quoted);
      return pos;
    case 'sfixed64':
      pos = readFixed64(p, pos, end);
      printInt64(out, p.low, p.high, f.quoted);
      return pos;
    case 'null':
      pos = readVarint(p, pos, end);
      printText(out, 'null');
      return pos;
    case 'finite':
      if (pos + 8 > end) truncated();
      if (!Number.isFinite(p.source.view.getFloat64(pos, true))) throw new WireError('a Value that is not a finite number');
      printDouble(out, p.source.view.getFloat64(pos, true));
      return pos + 8;
    default:
      return printSpecial(p, f, pos, end, depth);
  }
}

/** A message in a form of its own, or a step of a field chain. */
function printSpecial(p: Printing, f: PrintField, pos: number, end: number, depth: number): number {
  if (f.plan === undefined) return pos;
  let stop = end;
  let behind = end;
  if (f.wire === START_GROUP) {
    behind = skipGroup(p, f.tag, pos, end);
    stop = p.pos;
  } else {
    stop = readLength(p, pos, end);
    behind = stop;
    pos = p.pos;
  }
  if (f.kind === 'inline') printMembers(p, f.plan, pos, stop, 0, depth + 1);
  else printContent(p, f.plan, pos, stop, depth);
  return behind;
}

/** The message at `[pos, end)` in the form of its type; `depth` is that of what it stands in. */
function printContent(p: Printing, plan: PrintPlan, pos: number, end: number, depth: number): void {
  switch (plan.form) {
    case 'message':
      printObject(p, plan, pos, end, 0, depth + 1);
      return;
    case 'timestamp':
      printTimestamp(p, pos, end);
      return;
    case 'duration':
      printDuration(p, pos, end);
      return;
    case 'mask':
      printMask(p, pos, end);
      return;
    case 'any':
      checkDepth(depth + 1);
      printAny(p, pos, end, depth + 1);
      return;
    case 'struct':
    case 'list':
      checkDepth(depth + 1);
      printMembers(p, plan, pos, end, 0, depth + 1);
      return;
    default: {
      const start = p.out.length;
      printMembers(p, plan, pos, end, 0, depth);
      if (p.out.length === start) printText(p.out, 'null');
    }
  }
}

function printObject(p: Printing, plan: PrintPlan, pos: number, end: number, group: number, depth: number): number {
  checkDepth(depth);
  const out = p.out;
  const start = out.length;
  pos = printMembers(p, plan, pos, end, group, depth);
  if (out.length === start) out.byte(BEGIN_OBJECT);
  else out.bytes[start] = BEGIN_OBJECT;
  out.byte(END_OBJECT);
  return pos;
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new WireError(`messages nested deeper than ${MAX_DEPTH}`);
}

/** The tag that ends a group. */
function endTag(f: PrintField): number {
  return f.tag + 1;
}

/** A name, or a number where there is none; nothing for an unknown value of a closed enum. */
function printEnum(p: Printing, names: EnumNames, number: number): void {
  const text = (number >= 0 && number < names.dense.length ? names.dense[number] : undefined) ?? names.sparse.get(number);
  if (text === undefined && names.closed) return;
  if (text === undefined || p.enumNumbers) printInteger(p.out, number);
  else p.out.fixed(text);
}

export const interpreter: Interpreter = { value: printValue, element: printElement, content: printContent, members: printMembers };
