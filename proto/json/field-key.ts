import type { FieldType } from '../schema.js';

/**
 * A field's key in JSON text, in queries and in forms: its JSON name, or its proto name (an extension has one name). Where that means another field
 * to who reads it, the other name, so that what is printed is read as what it was.
 *
 *     string uid = 1 [json_name = "id"]; string id = 2 [json_name = "legacyId"];   with proto names  ->  uid, legacyId
 */
export function fieldKey(field: FieldType, protoNames: boolean): string {
  const { protoName, jsonName, parent } = field;
  if (field.extension) return jsonName;
  const [first, other] = protoNames ? [protoName, jsonName] : [jsonName, protoName];
  return parent.field(first) !== field && parent.field(other) === field ? other : first;
}
