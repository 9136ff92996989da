import { LENGTH, VARINT } from '../../wire/wire.js';
import { BEGIN_ARRAY, END_ARRAY } from '../ascii.js';
import type { PrintField } from './plan.js';
import type { Printing } from './printing.js';
import { skip } from './read.js';

/** The wire type of the tag is one that the field can have. */
export function fits(f: PrintField, tag: number): boolean {
  return (tag & 7) === f.wire || (f.packable && (tag & 7) === LENGTH);
}

/** The default of a field that is not on the wire, with its key, if it is to be written. */
export function printAbsent(p: Printing, f: PrintField): void {
  const text = p.enumNumbers ? f.absentNumber : f.absent;
  if (text !== undefined) p.out.fixed(text);
}

/** Begins an array: returns where its values stand, each after a comma, the first of which becomes the bracket. */
export function openMany(p: Printing, f: PrintField): number {
  p.out.fixed(f.key);
  return p.out.length;
}

/** Makes an array of the values printed since `open`, each after a comma. None (an empty packed field) counts as absent. */
export function closeMany(p: Printing, f: PrintField, open: number): void {
  const out = p.out;
  if (out.length === open) {
    out.length = open - f.key.length;
    printAbsent(p, f);
    return;
  }
  out.bytes[open] = BEGIN_ARRAY;
  out.byte(END_ARRAY);
}

/** A varint or fixed value of zero bits (so not -0), an empty string. */
export function isDefault(p: Printing, f: PrintField, pos: number, end: number): boolean {
  if (f.wire === LENGTH) return p.source.bytes[pos] === 0;
  const stop = skip(p, f.tag, pos, end);
  for (; pos < stop; pos++) if (((p.source.bytes[pos] as number) & (f.wire === VARINT ? 0x7f : 0xff)) !== 0) return false;
  return true;
}
