import type { FieldChain, FieldType } from '../proto/schema.js';
import { joinParagraphs } from './comments.js';
import type { SchemaObject } from './openapi.js';
import type { Schemas } from './schemas.js';
import { plainMessageSchema } from './well-known.js';

/**
 * A value of a field as text, for a path or a query. It says less than a schema of JSON may, because tools take `byte` and the `content...` keywords
 * of a parameter for the upload of a file.
 */
export interface TextForm {
  readonly schema: SchemaObject;
  /** What the schema does not say. */
  readonly note: string | undefined;
}

/** The text form of one value: of an element of a repeated field, of a value of a map. */
export function textForm(field: FieldType, schemas: Schemas): TextForm {
  const value = field.kind === 'map' ? field.value : field;
  if (value.kind === 'message' && plainMessageSchema(value.type.name, schemas.style.dialect, schemas.style.int64) === undefined) {
    // For its place among the components, which the note names.
    schemas.message(value.type);
    return { schema: { type: 'string' }, note: `JSON text of \`${value.type.name}\`.` };
  }
  const { description, ...schema } = schemas.value(value);
  return schema.format === 'byte' ? { schema: { type: 'string' }, note: 'Base64.' } : { schema, note: description };
}

/** What the field's comment says, and what there is to know of its form. */
export function describeText(field: FieldType, form: TextForm | undefined, schemas: Schemas): string | undefined {
  return joinParagraphs(schemas.describe({}, field).description, form?.note);
}

/** Whether an element of the path is deprecated. */
export function isDeprecated(chain: FieldChain): boolean {
  return chain.some((field) => field.deprecated);
}
