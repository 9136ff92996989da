import type { FieldType } from '../../proto/schema.js';
import { fieldUse } from '../behavior.js';
import type { Binding } from '../binding.js';

/**
 * A required field that clients cannot set: another member of its oneof comes from the path or body, or it would have to be in the query and has no
 * place there. "Fields which are mapped to URL query parameters must have a primitive type or a repeated primitive type or a non-repeated message type"
 * (http.proto).
 *
 *     message M { string id = 1; repeated Item items = 2 [(google.api.field_behavior) = REQUIRED]; }
 *     GET /v1/{id}   leaves `items` to the query
 */
export function requiredField(binding: Binding): string | undefined {
  for (const field of binding.method.input.fields) {
    const reason = fieldUse(field).required ? whyUnset(field, binding) : undefined;
    if (reason !== undefined) return `the required field "${field.protoName}" ${reason}`;
  }
  return undefined;
}

function whyUnset(field: FieldType, { captures, body }: Binding): string | undefined {
  const set = [...captures.map(({ chain }) => chain[0]), ...(typeof body === 'string' ? [] : body)];
  if (set.includes(field)) return undefined;
  const rival = field.oneof === undefined ? undefined : set.find((other) => other?.oneof === field.oneof);
  if (rival !== undefined) return `cannot be set beside "${rival.protoName}" of the same oneof`;
  if (body === '*') return undefined;
  const what = field.kind === 'map' ? 'a map' : field.kind === 'message' && field.repeated ? 'a repeated message' : undefined;
  return what === undefined
    ? undefined
    : `is ${what} and left to the query, where http.proto has no place for one; only a body can hold it`;
}
