import type { Arena } from '../arena.js';
import { DOT } from '../ascii.js';
import { isBare } from '../form.js';
import type { Parsing } from './parsing.js';
import type { ParseField, ParsePlan } from './plan.js';

const ASTERISK = 0x2a;

/**
 * Writes the path `[pos, end)` in the proto names of the fields that it names; false, and nothing written, if it names none of the type. Keys of maps
 * stay as they are, as does what lies within values of any form; `*` stands for each element of a list (https://google.aip.dev/161).
 *
 *     enGB, sub_thing.subValue, labels.aB.subValue, all_things.*.STATUS  ->  en_GB, sub_thing.subValue, labels.aB.subValue, all_things.*.STATUS
 */
export function writeNamed(p: Parsing, bytes: Uint8Array, pos: number, end: number, type: ParsePlan): boolean {
  const { out } = p;
  const start = out.length;
  let within: ParsePlan | undefined = type;
  /** The list or map of which the next step may be an element. */
  let elements: ParseField['shape'] = 'one';
  for (;;) {
    const stop = stepEnd(bytes, pos, end);
    if (elements === 'map' || (elements === 'many' && stop - pos === 1 && bytes[pos] === ASTERISK)) {
      out.copy(bytes, pos, stop);
      elements = 'one';
    } else {
      const field: ParseField | undefined = within?.keys.find(bytes, pos, stop);
      if (field === undefined) break;
      writeName(out, field.type.protoName);
      within = field.shape === 'map' ? field.entry?.value.plan : field.plan;
      elements = field.shape;
    }
    if (stop === end) return true;
    if (within !== undefined && elements === 'one' && isFree(within)) {
      out.copy(bytes, stop, end);
      return true;
    }
    out.byte(DOT);
    pos = stop + 1;
  }
  out.length = start;
  return false;
}

/** ASCII, as all names of fields are. */
function writeName(out: Arena, name: string): void {
  const bytes = out.reserve(name.length);
  let at = out.length;
  for (let i = 0; i < name.length; i++) bytes[at++] = name.charCodeAt(i);
  out.length = at;
}

/** Its values have names of their own, not those of fields. */
function isFree({ form }: ParsePlan): boolean {
  return isBare(form) || form === 'any';
}

function stepEnd(bytes: Uint8Array, pos: number, end: number): number {
  while (pos < end && bytes[pos] !== DOT) pos++;
  return pos;
}
