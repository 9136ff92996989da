import { fieldUse } from '../annotations/behavior.js';
import type { Binding } from '../annotations/binding.js';
import { patchMaskField } from '../annotations/patch-mask.js';
import type { FieldChain, FieldType, MessageType } from '../proto/schema.js';
import { joinParagraphs } from './comments.js';
import { chainName } from './naming.js';
import type { ParameterObject } from './openapi.js';
import { excludes, type Schemas } from './schemas.js';
import { describeText, isDeprecated, textForm } from './text-form.js';
import { validationOf } from './validation/validation.js';
import { freeForms, plainMessageSchema } from './well-known.js';

/** Messages nested deeper than this are one parameter with their JSON text. */
const MAX_DEPTH = 5;

/** Fewer levels are spread out where more parameters than this would come of it. */
const MAX_PARAMETERS = 100;

/**
 * The parameters in the query: every field that neither the path nor the body says. Fields of nested messages have dotted names; a map is a
 * deep object (`labels[key]=value`); a message that is not spread out, because it is repeated, free of form, recursive or deep, is JSON text.
 */
export function queryParameters(binding: Binding, schemas: Schemas, patchMask: boolean): ParameterObject[] {
  if (binding.body === '*') return [];
  const said = binding.captures.map((capture) => capture.chain);
  if (binding.body !== 'none') said.push(binding.body);
  let leaves: Leaf[] = [];
  for (let depth = MAX_DEPTH; depth >= 1; depth--) {
    leaves = spread(binding.method.input, { above: [], said, needed: true, depth, schemas });
    if (leaves.length <= MAX_PARAMETERS) break;
  }
  const mask = patchMask ? patchMaskField(binding) : undefined;
  return leaves.map((leaf) =>
    leaf.field === mask
      ? parameter({ ...leaf, required: false }, 'If unset: the fields that the body names.', schemas)
      : parameter(leaf, undefined, schemas),
  );
}

/** A field that is a parameter. */
interface Leaf {
  readonly chain: FieldChain;
  readonly field: FieldType;
  readonly required: boolean;
}

interface Place {
  /** From the request to the message. */
  readonly above: FieldChain;
  /** Chains, beginning in the message, that are said elsewhere. */
  readonly said: readonly FieldChain[];
  /** Whether the message must be there. */
  readonly needed: boolean;
  /** Longest chain. */
  readonly depth: number;
  readonly schemas: Schemas;
}

function spread(type: MessageType, place: Place): Leaf[] {
  return type.fields
    .filter((field) => !excludes(place.said, field) && !fieldUse(field).outputOnly && place.schemas.style.visibility.field(field))
    .flatMap((field) => {
      const chain = [...place.above, field];
      const said = place.said.filter((other) => other[0] === field).map((other) => other.slice(1));
      const required = place.needed && fieldUse(field).required;
      const whole = [{ chain, field, required }];
      if (field.kind !== 'message' || (said.length === 0 && !isSpread(field, chain, place))) return whole;
      // What the path sets a field of is there.
      const needed = required || (place.needed && said.length > 0);
      const parts = spread(field.type, { ...place, above: chain, said, needed });
      // A message that must be sent, though nothing in it need be, is sent as a whole.
      return field.required && required && said.length === 0 && !parts.some((part) => part.required) ? whole : parts;
    });
}

function isSpread(field: FieldType, chain: FieldChain, { depth, schemas }: Place): boolean {
  if (field.kind !== 'message' || field.repeated || chain.length >= depth) return false;
  const { type } = field;
  if (type.fields.length === 0 || freeForms.has(type.name)) return false;
  if (plainMessageSchema(type.name, schemas.style.dialect, schemas.style.int64) !== undefined) return false;
  return chain.every((one) => one.parent !== type);
}

function parameter({ chain, field, required }: Leaf, note: string | undefined, schemas: Schemas): ParameterObject {
  const form = textForm(field, schemas);
  const common = {
    name: chainName(chain, schemas.style.protoNames),
    in: 'query' as const,
    description: joinParagraphs(describeText(field, form, schemas), note),
    ...(required ? { required: true } : {}),
    ...(isDeprecated(chain) ? { deprecated: true } : {}),
  };
  if (field.kind === 'map') {
    // Without an example Swagger UI makes one up, and sends it.
    const schema = { type: 'object' as const, additionalProperties: form.schema };
    return { ...common, style: 'deepObject', explode: true, schema, example: {} };
  }
  const { whole } = validationOf(field, schemas.style);
  if (field.repeated) return { ...common, style: 'form', explode: true, schema: { type: 'array', items: form.schema, ...whole } };
  return { ...common, schema: form.schema };
}
