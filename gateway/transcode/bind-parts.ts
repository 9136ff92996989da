import type { FieldType } from '../../proto/schema.js';
import { Refusal } from '../exchange/refusal.js';
import type { Draft, FieldBinder } from './field-binder.js';
import { decodePart } from './form.js';
import { httpBody, isHttpBody } from './http-body.js';
import type { NamedField } from './named-field.js';
import { isUtf8Type } from './parameters.js';
import type { Part } from './part.js';

/** Most bytes of a part that is taken as text; of files the size of the body is the limit. */
export const MAX_TEXT = 1024 * 1024;

/**
 * Writes the parts of `multipart/form-data`. A file goes as it is into a field of bytes, with its media type into a google.api.HttpBody; every other
 * part is a form field.
 *
 *     title = A, cover = cover.png (image/png)  ->  title: "A"  cover { content_type: "image/png" data: "..." }
 *
 * @param form of the same binding
 */
export function bindParts(form: FieldBinder, parts: readonly Part[], draft: Draft): void {
  for (const part of parts) {
    const field = form.find(part.name);
    if (field === undefined) continue;
    const content = part.file && field.last.kind !== 'map' ? contentOf(field.last, part) : undefined;
    if (content !== undefined) form.bindContent(part.name, field, content, draft);
    else form.bindText(part.name, field, textOf(field, part), draft);
  }
}

/** The content of the field in wire form; undefined if it takes no files. */
function contentOf(field: FieldType, { type, content }: Part): readonly Uint8Array[] | undefined {
  if (field.kind === 'bytes') return content;
  return field.kind === 'message' && isHttpBody(field.type) ? httpBody(type, content) : undefined;
}

/** The text of a form field. Files come here for what has its bytes as base64, and as JSON text: browsers send JSON of a type of its own as a file. */
function textOf({ last }: NamedField, { name, file, type, content }: Part): string {
  const bytes = Buffer.concat(content);
  if (file && holdsBytes(last.kind === 'map' ? last.value : last)) return bytes.toString('base64');
  if (!isUtf8Type(type))
    throw new Refusal('mediaType', '', `The charset of the part ${name} of the request body is not supported: send UTF-8.`);
  if (bytes.length > MAX_TEXT) throw new Refusal('size', name, `is text of more than ${MAX_TEXT} bytes`);
  return decodePart(bytes, name);
}

function holdsBytes(field: FieldType): boolean {
  return field.kind === 'bytes' || (field.kind === 'message' && field.type.name === 'google.protobuf.BytesValue');
}
