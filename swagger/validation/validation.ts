import type { FieldType } from '../../proto/schema.js';
import type { SchemaObject } from '../openapi.js';
import { type EnumForm, type Int64Form, wrappedKind } from '../well-known.js';
import { countKeywords, enumKeywords, type Said, scalarKeywords } from './keywords.js';
import { nestedRules, quietly, rulesOf, type ValueRules } from './rules.js';
import { bytesOf, readWireFields } from './wire-fields.js';

export { messageSentences } from './rules.js';

/** What the validation rules of a field (protovalidate's, or else protoc-gen-validate's) demand of what a caller sends. */
export interface Validation {
  /** Of one value: of an element of a list, of a value of a map. */
  readonly value: SchemaObject;
  /** Of the list, or the map. */
  readonly whole: SchemaObject;
  readonly required: boolean;
  /** What no keyword says. */
  readonly sentences: readonly string[];
}

/** How values are written that rules speak of. */
export interface ValueStyle {
  readonly int64: Int64Form;
  readonly enums: EnumForm;
}

const none: Validation = { value: {}, whole: {}, required: false, sentences: [] };

/** Reads the rules in the options of a field. Broken ones say nothing. */
export function validationOf(field: FieldType, style: ValueStyle): Validation {
  const rules = rulesOf(field);
  return rules === undefined ? none : (quietly(() => readValidation(field, rules, style)) ?? none);
}

function readValidation(field: FieldType, rules: ValueRules, style: ValueStyle): Validation {
  const { required, sentences } = rules;
  if (field.kind === 'map' || field.repeated) {
    const whole = countKeywords(field, rules);
    const value = nestedSaid(field, rules, style);
    return { value: value.keywords, whole: whole.keywords, required, sentences: [...sentences, ...each(value.sentences)] };
  }
  const said = valueSaid(field, rules, style);
  return {
    value: rules.unlessEmpty ? unlessEmpty(said.keywords, field) : said.keywords,
    whole: {},
    required,
    sentences: [...sentences, ...said.sentences.map((text) => (rules.unlessEmpty ? `${text.slice(0, -1)}, unless it is empty.` : text))],
  };
}

/** What the rules of the elements, or of the values, say. */
function nestedSaid(field: FieldType, rules: ValueRules, style: ValueStyle): Said {
  const [kind, number] = field.kind === 'map' ? [19, 5] : [18, 4];
  const bytes = bytesOf(rules.fields, kind);
  const nested = bytes === undefined ? undefined : nestedRules(bytesOf(readWireFields(bytes), number), rules);
  return nested === undefined ? { keywords: {}, sentences: [] } : valueSaid(field.kind === 'map' ? field.value : field, nested, style);
}

function valueSaid(field: FieldType, rules: ValueRules, style: ValueStyle): Said {
  if (field.kind === 'enum') return enumKeywords(field.type, rules, style.enums);
  if (field.kind !== 'message' && field.kind !== 'map') return scalarKeywords(field.kind, rules, style.int64);
  const wrapped = wrappedKind(field.type.name);
  return wrapped === undefined ? { keywords: {}, sentences: [] } : scalarKeywords(wrapped, rules, style.int64);
}

function each(sentences: readonly string[]): string[] {
  return sentences.map((text) => `Each ${text.charAt(0).toLowerCase()}${text.slice(1)}`);
}

/** The rules hold for what is not the zero value. */
function unlessEmpty(keywords: SchemaObject, field: FieldType): SchemaObject {
  if (Object.keys(keywords).length === 0) return keywords;
  const { kind } = field;
  if (kind === 'string') return { anyOf: [{ enum: [''] }, keywords] };
  return kind === 'enum' || kind === 'message' || kind === 'map' ? {} : { anyOf: [{ enum: [0] }, keywords] };
}
