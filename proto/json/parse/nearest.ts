import { nearest } from '../../nearest.js';
import { latin1 } from '../ascii.js';
import type { ParseField, ParsePlan } from './plan.js';

interface Text {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** `; is "title" meant?` for a key that is nearly a field's name, else ''. */
export function nearestField(key: Text, plan: ParsePlan): string {
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
  const name = nearest(latin1(bytes, start, end), names, 3);
  return name === undefined ? '' : `; is "${name}" meant?`;
}
