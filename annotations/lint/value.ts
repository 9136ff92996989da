import type { FieldType } from '../../proto/schema.js';
import { fieldUse } from '../behavior.js';
import type { Binding, Capture } from '../binding.js';

/** The variable that captures a segment of a binding's template. */
export function captureAt({ captures }: Binding, segment: number): Capture | undefined {
  return captures.find(({ start, end }) => start <= segment && segment < end);
}

/** Whether a variable takes a text as one segment of its value, or refuses it: `search` is no number, and no `LANGUAGE` of an enum. */
export function mayBe({ chain }: Capture, text: string): boolean {
  const field = chain.at(-1);
  if (field === undefined) return false;
  switch (field.kind) {
    case 'string':
      return fieldUse(field).format === undefined;
    case 'enum':
      return field.type.value(text) !== undefined || isNumber(text);
    case 'bool':
      return text === 'true' || text === 'false';
    case 'bytes':
      return /^[\w+/=-]*$/.test(text);
    case 'map':
      return false;
    case 'message':
      return field.type.name === 'google.protobuf.StringValue' || field.type.name === 'google.protobuf.FieldMask';
    default:
      return isNumber(text);
  }
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

/** Words in the name of a field whose values have colons. */
const withColon: ReadonlySet<string> = new Set(['uri', 'url', 'urn', 'iri', 'arn', 'digest']);
/** AIP-122: names of resources are letters, digits and hyphens between slashes. */
const resourceName = /(?:^|_)(?:name|parent)$/;

/**
 * Whether something says that values of a variable may have a colon in their last segment: the name of the field, or a template that takes paths of
 * any length. Names of resources have none, nor have plain ids.
 */
export function mayHaveColon({ template }: Binding, { chain, end }: Capture): boolean {
  const field = chain.at(-1);
  if (field === undefined || !isText(field)) return false;
  const { format, reference } = fieldUse(field);
  if (format !== undefined || reference) return false;
  if (field.protoName.split('_').some((word) => withColon.has(word))) return true;
  return template.segments[end - 1]?.kind === 'multi' && !resourceName.test(field.protoName);
}

function isText(field: FieldType): boolean {
  return field.kind === 'message' ? field.type.name === 'google.protobuf.StringValue' : field.kind === 'string';
}
