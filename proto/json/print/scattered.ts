import { START_GROUP } from '../../wire/wire.js';
import { closeMany, fits, isDefault, openMany, printAbsent } from './field.js';
import { printEntries } from './map.js';
import type { PrintField, PrintPlan } from './plan.js';
import type { Printing } from './printing.js';
import { readLength, readTag, readVarint, skip, skipGroup, truncated } from './read.js';

/** The fast path can print the message: known fields by ascending number, only repeated ones more than once and in a row, one member of each oneof. */
export function isOrdered(p: Printing, plan: PrintPlan, pos: number, end: number, group: number): boolean {
  let field: PrintField | undefined;
  let adjacent = false;
  let oneofs = 0;
  while (pos < end) {
    const tag = readTag(p, pos, end);
    pos = p.pos;
    if (tag === group) return true;
    const f = plan.byNumber.get(tag >>> 3);
    if (f !== undefined && fits(f, tag)) {
      if (field !== undefined && (f.number < field.number || (f === field && (f.shape === 'one' || !adjacent)))) return false;
      if (f.oneof !== 0 && (oneofs & (1 << f.oneof)) !== 0) return false;
      if (f.oneof !== 0) oneofs |= 1 << f.oneof;
      field = f;
      adjacent = true;
    } else adjacent = false;
    pos = skip(p, tag, pos, end);
  }
  return true;
}

/** Where a field occurs in a message: tags and positions of the values behind them, alternating. */
type Places = Map<PrintField, number[]>;

/**
 * The members of a message whose fields come in any order: first where each field occurs, then the fields in order. The last of several values of a
 * singular field counts, messages are merged, the last member of a oneof wins.
 *
 *     18 05 12 01 41 18 07  ->  ,"title":"A","pages":7
 */
export function printScattered(p: Printing, plan: PrintPlan, pos: number, end: number, group: number, depth: number): number {
  const places: Places = new Map();
  const behind = collect(p, plan, places, pos, end, group);
  for (const f of plan.fields) {
    const found = places.get(f);
    if (found === undefined) printAbsent(p, f);
    else if (f.shape === 'one') printLast(p, f, found, end, depth);
    else if (f.shape === 'many') printAll(p, f, found, end, depth);
    else printEntries(p, f, entriesAt(p, found, end), depth);
  }
  return behind;
}

function collect(p: Printing, plan: PrintPlan, places: Places, pos: number, end: number, group: number): number {
  const members = new Map<number, PrintField>();
  while (pos < end) {
    const tag = readTag(p, pos, end);
    pos = p.pos;
    if (group !== 0 && tag === group) return pos;
    const f = plan.byNumber.get(tag >>> 3);
    if (f !== undefined && fits(f, tag) && isKnown(p, f, pos, end)) {
      const other = f.oneof === 0 ? undefined : members.get(f.oneof);
      if (other !== undefined && other !== f) places.delete(other);
      if (f.oneof !== 0) members.set(f.oneof, f);
      const found = places.get(f);
      if (found === undefined) places.set(f, [tag, pos]);
      else if (f.shape === 'one' && f.plan === undefined) found.splice(0, 2, tag, pos);
      else found.push(tag, pos);
    }
    pos = skip(p, tag, pos, end);
  }
  return group === 0 ? pos : truncated();
}

/** Not a number that a closed enum lacks: that is an unknown field. */
function isKnown(p: Printing, f: PrintField, pos: number, end: number): boolean {
  const { names } = f;
  if (names === undefined || !names.closed || f.shape !== 'one') return true;
  readVarint(p, pos, end);
  return names.type.valueByNumber(p.low) !== undefined;
}

function printLast(p: Printing, f: PrintField, found: readonly number[], end: number, depth: number): void {
  const out = p.out;
  const start = out.length;
  out.fixed(f.key);
  const value = out.length;
  if (f.plan === undefined || found.length === 2) p.run.value(p, f, found[1] ?? end, end, depth);
  else printJoined(p, f, f.plan, found, end, depth);
  if (out.length === value || (f.dropDefault && isDefault(p, f, found[1] ?? end, end))) out.length = start;
}

function printJoined(p: Printing, f: PrintField, plan: PrintPlan, found: readonly number[], end: number, depth: number): void {
  const pieces: number[] = [];
  for (let i = 0; i < found.length; i += 2) {
    const pos = found[i + 1] ?? end;
    if (f.wire === START_GROUP) {
      skipGroup(p, f.tag, pos, end);
      pieces.push(pos, p.pos);
    } else {
      const stop = readLength(p, pos, end);
      pieces.push(p.pos, stop);
    }
  }
  const at = p.join(pieces);
  if (f.kind === 'inline') p.run.members(p, plan, at, p.source.length, 0, depth + 1);
  else p.run.content(p, plan, at, p.source.length, depth);
  p.source.length = at;
}

function printAll(p: Printing, f: PrintField, found: readonly number[], end: number, depth: number): void {
  const open = openMany(p, f);
  for (let i = 0; i < found.length; i += 2) p.run.element(p, f, found[i] ?? 0, found[i + 1] ?? end, end, depth);
  closeMany(p, f, open);
}

function entriesAt(p: Printing, found: readonly number[], end: number): number[] {
  const entries: number[] = [];
  for (let i = 1; i < found.length; i += 2) {
    const stop = readLength(p, found[i] ?? end, end);
    entries.push(p.pos, stop);
  }
  return entries;
}
