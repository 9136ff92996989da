import type { Problem } from '../../proto/problem.js';
import type { Schema } from '../../proto/schema.js';
import type { Binding } from '../binding.js';

/** What a rule has against a binding, at the place of its method. */
export function report(schema: Schema, binding: Binding, rule: string, reason: string): Problem {
  const { method } = binding;
  const place = schema.where(method.name) ?? { file: method.service.file };
  return { severity: 'warning', ...place, subject: method.name, reason: `${describe(binding)}: ${reason}`, rule };
}

/** A binding as others are told of it: `GET "/v1/{id}" of a.S.Get (a.proto:7)`. */
export function nameOf(schema: Schema, binding: Binding): string {
  const { name, service } = binding.method;
  const where = schema.where(name);
  return `${describe(binding)} of ${name} (${where === undefined ? service.file : `${where.file}:${where.line}`})`;
}

function describe({ httpMethod, template }: Binding): string {
  return `${httpMethod} "${template.text}"`;
}
