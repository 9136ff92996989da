import type { Problem } from '../../proto/problem.js';
import type { Schema } from '../../proto/schema.js';
import type { Binding } from '../binding.js';
import { describe, placeOf } from '../describe.js';

/** What a rule has against a binding, at the place of its method. */
export function report(schema: Schema, binding: Binding, rule: string, reason: string): Problem {
  const subject = binding.method.name;
  return { severity: 'warning', ...placeOf(schema, binding), subject, reason: `${describe(binding)}: ${reason}`, rule };
}
