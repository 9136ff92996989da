import { BEGIN_OBJECT, COLON, COMMA, END_OBJECT, QUOTE } from '../ascii.js';
import { printText } from './decimal.js';
import { printAbsent } from './field.js';
import type { PrintField } from './plan.js';
import { disorder, type Printing } from './printing.js';
import { readLength, readTag, skip } from './read.js';

/**
 * An object of all adjacent entries of a map field; the first one's tag has been read.
 *
 *     0a 05 0a 01 6b 10 07  ->  ,"labels":{"k":7}
 */
export function printMap(p: Printing, f: PrintField, pos: number, end: number, depth: number): number {
  const entries = f.careful || p.careful ? adjacentEntries(p, f, pos, end) : undefined;
  if (entries !== undefined) {
    printEntries(p, f, entries, depth);
    return entries.at(-1) ?? end;
  }
  const out = p.out;
  out.fixed(f.key);
  const open = out.length;
  const keys = p.enterMap();
  for (;;) {
    const stop = readLength(p, pos, end);
    const start = out.length;
    const keyEnd = printEntry(p, f, p.pos, stop, depth);
    pos = stop;
    if (keyEnd > 0 && !keys.add(out.bytes, start + 1, keyEnd)) disorder(f);
    if (!nextIsSame(p, f, pos, end)) break;
    pos = p.pos;
  }
  p.leaveMap(keys);
  closeMap(p, f, open);
  return pos;
}

/** A map whose entries lie at `[start, end)` pairs anywhere in the source: of equal keys the last one counts. */
export function printEntries(p: Printing, f: PrintField, entries: readonly number[], depth: number): void {
  const out = p.out;
  out.fixed(f.key);
  const open = out.length;
  const keys = p.enterMap();
  /** Where each printed entry begins and ends; those that another one of their key follows begin at -1. */
  const spans: number[] = [];
  /** By the number of a key, where the span of its last entry stands. */
  const last: number[] = [];
  for (let i = 0; i < entries.length; i += 2) {
    const start = out.length;
    const keyEnd = printEntry(p, f, entries[i] ?? 0, entries[i + 1] ?? 0, depth);
    if (keyEnd === 0) continue;
    const key = keys.number(out.bytes, start + 1, keyEnd);
    if (key < last.length) spans[last[key] as number] = -1;
    last[key] = spans.length;
    spans.push(start, out.length);
  }
  p.leaveMap(keys);
  let at = open;
  for (let i = 0; i < spans.length; i += 2) {
    const [start = 0, end = 0] = [spans[i], spans[i + 1]];
    if (start < 0) continue;
    if (at !== start) out.bytes.copyWithin(at, start, end);
    at += end - start;
  }
  out.length = at;
  closeMap(p, f, open);
}

function closeMap(p: Printing, f: PrintField, open: number): void {
  const out = p.out;
  if (out.length === open) {
    out.length = open - f.key.length;
    printAbsent(p, f);
    return;
  }
  out.bytes[open] = BEGIN_OBJECT;
  out.byte(END_OBJECT);
}

/** The tag of another entry follows; its end is left in `p.pos`. */
function nextIsSame(p: Printing, f: PrintField, pos: number, end: number): boolean {
  return pos < end && readTag(p, pos, end) === f.tag;
}

function adjacentEntries(p: Printing, f: PrintField, pos: number, end: number): number[] {
  const entries: number[] = [];
  for (;;) {
    const stop = readLength(p, pos, end);
    entries.push(p.pos, stop);
    if (!nextIsSame(p, f, stop, end)) return entries;
    pos = p.pos;
  }
}

/** `,"key":value`. Returns where the key ends in the output, or 0 if the value is an unknown one of a closed enum, which makes the entry unknown. */
function printEntry(p: Printing, f: PrintField, pos: number, end: number, depth: number): number {
  if (f.entry === undefined) return 0;
  const { key, value } = f.entry;
  let keyAt = -1;
  let valueAt = -1;
  let pieces: number[] | undefined;
  while (pos < end) {
    const tag = readTag(p, pos, end);
    pos = p.pos;
    if (tag === key.tag) keyAt = pos;
    else if (tag === value.tag) {
      if (valueAt >= 0 && value.plan !== undefined) pieces ??= [valueAt];
      pieces?.push(pos);
      valueAt = pos;
    }
    pos = skip(p, tag, pos, end);
  }
  const out = p.out;
  const start = out.length;
  out.byte(COMMA);
  printKey(p, key, keyAt, end);
  const keyEnd = out.length;
  out.byte(COLON);
  if (pieces !== undefined) printMerged(p, value, pieces, end, depth);
  else if (valueAt >= 0) p.run.value(p, value, valueAt, end, depth);
  else if (value.plan !== undefined) p.run.content(p, value.plan, end, end, depth);
  else printAbsent(p, value);
  if (out.length > keyEnd + 1) return keyEnd;
  out.length = start;
  return 0;
}

/** Keys are strings in JSON: `"7"`, `"true"`. */
function printKey(p: Printing, key: PrintField, at: number, end: number): void {
  const out = p.out;
  if (key.kind === 'string') {
    if (at < 0) printText(out, '""');
    else p.run.value(p, key, at, end, 0);
    return;
  }
  out.byte(QUOTE);
  if (at >= 0) p.run.value(p, key, at, end, 0);
  else printText(out, key.kind === 'bool' ? 'false' : '0');
  out.byte(QUOTE);
}

/** The value of an entry that has several: messages are merged. */
function printMerged(p: Printing, value: PrintField, starts: readonly number[], end: number, depth: number): void {
  if (value.plan === undefined) return;
  const pieces = starts.flatMap((start) => {
    const stop = readLength(p, start, end);
    return [p.pos, stop];
  });
  const at = p.join(pieces);
  p.run.content(p, value.plan, at, p.source.length, depth);
  p.source.length = at;
}
