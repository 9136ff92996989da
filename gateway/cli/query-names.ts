import { fieldUse } from '../../annotations/behavior.js';
import type { Binding } from '../../annotations/binding.js';
import { fieldKey } from '../../proto/json/field-key.js';
import { formOf } from '../../proto/json/form.js';
import type { FieldType } from '../../proto/schema.js';
import { excludes } from '../../swagger/schemas.js';

/**
 * What the query parameters of a binding are called, at the top level of its request: the fields that neither path nor body sets.
 *
 *     message ListRequest { string parent = 1; int32 page_size = 2; Filter filter = 3; map<string, string> labels = 4; }
 *     GET /v1/{parent=shelves/*}/books   ->  pageSize, filter.*, labels[*]
 */
export function queryNames(binding: Binding, protoNames: boolean): string[] {
  if (binding.body === '*') return [];
  const said = binding.captures.map(({ chain }) => chain);
  if (binding.body !== 'none') said.push(binding.body);
  return binding.method.input.fields
    .filter((field) => !excludes(said, field) && !fieldUse(field).outputOnly)
    .map((field) => `${fieldKey(field, protoNames)}${partsOf(field)}`);
}

function partsOf(field: FieldType): string {
  if (field.kind === 'map') return '[*]';
  const hasParts = field.kind === 'message' && !field.repeated && formOf(field.type) === 'message' && field.type.fields.length > 0;
  return hasParts ? '.*' : '';
}
