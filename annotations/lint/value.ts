import { messageOption } from '../../proto/descriptor/option.js';
import type { FieldType } from '../../proto/schema.js';
import { WireFormatError } from '../../proto/wire/reader.js';
import { fieldUse } from '../behavior.js';
import type { Binding, Capture } from '../binding.js';

/** Extension of MessageOptions, google/api/resource.proto. */
const RESOURCE = 1053;

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

/** Whether values of a variable may have a colon: texts, unless they are names of resources, of which AIP-122 wants letters, digits and hyphens. */
export function mayHaveColon({ chain }: Capture): boolean {
  const field = chain.at(-1);
  if (field === undefined) return false;
  if (field.kind === 'message') return field.type.name === 'google.protobuf.StringValue';
  return field.kind === 'string' && fieldUse(field).format === undefined && !isResourceName(field);
}

function isResourceName(field: FieldType): boolean {
  return fieldUse(field).reference || (field.protoName === 'name' && isResource(field));
}

function isResource({ parent }: FieldType): boolean {
  try {
    return messageOption(parent.options, RESOURCE) !== undefined;
  } catch (error) {
    if (error instanceof WireFormatError) return false;
    throw error;
  }
}
