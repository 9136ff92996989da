import { latin1 } from '../ascii.js';
import type { ParseField, ParsePlan } from './plan.js';

interface Text {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const LONGEST = 64;

/** `; is "title" meant?` for a key that is nearly a field's name, else ''. */
export function nearest(key: Text, plan: ParsePlan): string {
  return suggestion(
    key,
    plan.fields.map((f) => f.type.jsonName),
  );
}

/** The same for the name of an enum value. */
export function nearestValue(name: Text, f: ParseField): string {
  return suggestion(name, f.values?.names() ?? []);
}

function suggestion({ bytes, start, end }: Text, names: Iterable<string>): string {
  if (end - start > LONGEST) return '';
  const given = latin1(bytes, start, end).toLowerCase();
  let best = '';
  let least = Math.floor(given.length / 3) + 1;
  for (const name of names) {
    const edits = distance(given, name.toLowerCase(), least);
    if (edits < least) {
      least = edits;
      best = name;
    }
  }
  return best === '' ? '' : `; is "${best}" meant?`;
}

/** Letters to add, drop or change (Levenshtein), or `limit` if there are at least so many. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || b.length > LONGEST) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
