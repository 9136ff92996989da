import type { FieldType } from '../proto/schema.js';
import type { Binding } from './binding.js';

/** The one FieldMask of a PATCH whose body is a field: the mask that says which of the resource's fields to update (AIP-134). */
export function patchMaskField({ httpMethod, body, method }: Binding): FieldType | undefined {
  if (httpMethod !== 'PATCH' || typeof body === 'string') return undefined;
  const masks = method.input.fields.filter((f) => f.kind === 'message' && !f.repeated && f.type.name === 'google.protobuf.FieldMask');
  // As a member of a oneof it would unset what the request sets of that.
  return masks.length === 1 && masks[0]?.oneof === undefined ? masks[0] : undefined;
}
