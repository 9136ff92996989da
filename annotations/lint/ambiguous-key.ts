import type { Problem } from '../../proto/problem.js';
import type { FieldType, MessageType, Schema } from '../../proto/schema.js';
import type { Binding } from '../binding.js';

/** Name of the rule. */
export const AMBIGUOUS_KEY = 'ambiguous-key';

/**
 * Fields of requests and replies whose proto name is the JSON name of another field: as a key it means that one. Each once, in order of bindings.
 *
 *     string uid = 1 [json_name = "id"];
 *     string id = 2;                       as a key, `id` is field 1, and nothing is field 2
 */
export function ambiguousKeys(schema: Schema, bindings: readonly Binding[]): Problem[] {
  const reached = new Set(bindings.flatMap(({ method }) => [method.input, method.output]));
  const problems: Problem[] = [];
  // A Set's iterator also visits what is added while it runs.
  for (const type of reached) {
    for (const field of type.fields) {
      const meant = type.field(field.protoName);
      // Of two fields with one JSON name the linker warns.
      if (meant !== undefined && meant !== field && meant.jsonName !== field.jsonName) problems.push(report(schema, type, field, meant));
      if (field.kind === 'message' || field.kind === 'map') reached.add(field.type);
    }
  }
  return problems;
}

function report(schema: Schema, type: MessageType, field: FieldType, meant: FieldType): Problem {
  const other = type.field(field.jsonName) === field ? `only "${field.jsonName}" is this field` : 'no key is this field';
  const reason = `"${field.protoName}" as a key of JSON, a query or a form is "${meant.protoName}", whose JSON name it is; ${other}`;
  const place = schema.where(field.name) ?? { file: type.file };
  return { severity: 'warning', ...place, subject: field.name, reason, rule: AMBIGUOUS_KEY };
}
