import { fieldUse } from '../annotations/behavior.js';
import type { Visibility } from '../annotations/visibility.js';
import { fieldKey } from '../proto/json/field-key.js';
import type { EnumType, EnumValue, FieldChain, FieldType, MessageType, OneofType, Schema } from '../proto/schema.js';
import { joinParagraphs, parseComment } from './comments.js';
import type { Dialect } from './dialect.js';
import type { SchemaObject } from './openapi.js';
import { messageSentences, validationOf } from './validation/validation.js';
import { type EnumForm, freeForms, type Int64Form, NULL_VALUE, plainMessageSchema, scalarSchema } from './well-known.js';

/** What the JSON of a document's API looks like. */
export interface JsonStyle {
  readonly dialect: Dialect;
  readonly protoNames: boolean;
  readonly int64: Int64Form;
  readonly enums: EnumForm;
  /** Unset messages are written as null. */
  readonly nulls: boolean;
  /** Fields and enum values that its readers may not know of are left out. */
  readonly visibility: Visibility;
}

/**
 * JSON Schemas of messages, fields and enums. Types are referred to by their full names under `#/components/schemas`, and `components` gives
 * those that were referred to, with all that they reach.
 */
export class Schemas {
  readonly #schema: Schema;
  readonly #reached = new Map<string, MessageType | EnumType | SchemaObject>();

  constructor(
    schema: Schema,
    readonly style: JsonStyle,
  ) {
    this.#schema = schema;
  }

  /** The JSON form of a message of this type. */
  message(type: MessageType): SchemaObject {
    return plainMessageSchema(type.name, this.style.dialect, this.style.int64) ?? this.#refer(type.name, freeForms.get(type.name) ?? type);
  }

  /** One value of a field (an element, if it is repeated; a value, if it is a map), without what the field's own comment says. */
  value(field: FieldType): SchemaObject {
    return this.style.dialect.restrict(this.#plain(field), validationOf(field, this.style).value);
  }

  #plain(field: FieldType): SchemaObject {
    const { dialect, int64 } = this.style;
    switch (field.kind) {
      case 'message':
        return this.message(field.type);
      case 'enum':
        return field.type.name === NULL_VALUE ? dialect.nullValue : this.#refer(field.type.name, field.type);
      case 'map':
        return this.#plain(field.value);
      default: {
        const { format } = field.kind === 'string' ? fieldUse(field) : { format: undefined };
        return format === undefined ? scalarSchema(field.kind, dialect, int64) : { ...scalarSchema(field.kind, dialect, int64), format };
      }
    }
  }

  /** A field's whole value: an array if it is repeated, an object if it is a map. */
  whole(field: FieldType): SchemaObject {
    const { whole } = validationOf(field, this.style);
    if (field.kind === 'map') return { type: 'object', additionalProperties: this.value(field), ...whole };
    return field.repeated ? { type: 'array', items: this.value(field), ...whole } : this.value(field);
  }

  /** A field as a property of its message, described. */
  property(field: FieldType): SchemaObject {
    const mayBeNull = field.kind === 'message' && !field.repeated && field.oneof === undefined && !field.extension;
    const isNullable = this.style.nulls && mayBeNull;
    const whole = this.whole(field);
    return this.describe(isNullable ? this.style.dialect.nullable(whole) : whole, field);
  }

  /**
   * A message as an object in place, without the given fields; what has been said elsewhere (in the path) has no place in a body.
   * With a field go the other members of its oneof.
   */
  messageWithout(type: MessageType, without: readonly FieldChain[]): SchemaObject {
    const properties: [FieldType, SchemaObject][] = [];
    for (const field of this.#fields(type)) {
      const inside = without.filter((chain) => chain[0] === field && chain.length > 1).map((chain) => chain.slice(1));
      if (excludes(without, field)) continue;
      if (inside.length === 0 || field.kind !== 'message') properties.push([field, this.property(field)]);
      else properties.push([field, this.describe(this.messageWithout(field.type, inside), field)]);
    }
    return this.#object(type, properties, without.length === 0);
  }

  /** A message that every document needs, whether or not the descriptors have it. */
  builtIn(name: string, fallback: () => SchemaObject): SchemaObject {
    return this.#refer(name, freeForms.get(name) ?? this.#schema.message(name) ?? fallback());
  }

  /** Everything referred to, by name. */
  components(): Record<string, SchemaObject> {
    const built = new Map<string, SchemaObject>();
    // A Map's iterator also visits what is added while it runs.
    for (const [name, type] of this.#reached) built.set(name, this.#component(type));
    return Object.fromEntries([...built].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Adds what the field's comment and options say. */
  describe(schema: SchemaObject, field: FieldType): SchemaObject {
    const use = fieldUse(field);
    return this.style.dialect.annotate(schema, {
      description: joinParagraphs(
        parseComment(field.comment) || schema.description,
        field.oneof === undefined ? undefined : `At most one of ${this.#members(field.oneof)} is set.`,
        use.immutable ? 'Cannot be changed once set.' : undefined,
        ...validationOf(field, this.style).sentences,
      ),
      ...(use.outputOnly ? { readOnly: true } : {}),
      ...(use.inputOnly ? { writeOnly: true } : {}),
      ...(field.deprecated ? { deprecated: true } : {}),
    });
  }

  #refer(name: string, type: MessageType | EnumType | SchemaObject): SchemaObject {
    if (!this.#reached.has(name)) this.#reached.set(name, type);
    return { $ref: `#/components/schemas/${name}` };
  }

  #component(type: MessageType | EnumType | SchemaObject): SchemaObject {
    if ('values' in type) return enumSchema(type, this.style);
    return 'fields' in type ? this.messageWithout(type, []) : type;
  }

  #fields(type: MessageType): readonly FieldType[] {
    const fields = [...type.fields, ...[...this.#schema.extensions(type)].sort((a, b) => a.number - b.number)];
    return fields.filter(this.style.visibility.field);
  }

  #object(type: MessageType, properties: readonly (readonly [FieldType, SchemaObject])[], whole: boolean): SchemaObject {
    const name = (field: FieldType) => fieldKey(field, this.style.protoNames);
    const isRequired = (field: FieldType) => fieldUse(field).required || validationOf(field, this.style).required;
    const required = properties.filter(([field]) => isRequired(field)).map(([field]) => name(field));
    return {
      type: 'object',
      description: whole
        ? joinParagraphs(parseComment(type.comment), ...type.oneofs.map((oneof) => this.#oneofNote(oneof)), ...messageSentences(type))
        : undefined,
      properties: Object.fromEntries(properties.map(([field, schema]) => [name(field), schema])),
      required: required.length === 0 ? undefined : required,
      deprecated: type.deprecated ? true : undefined,
    };
  }

  #oneofNote(oneof: OneofType): string | undefined {
    const comment = parseComment(oneof.comment);
    const members = this.#members(oneof);
    return comment === '' || members === '' ? undefined : `\`${oneof.name}\` (${members}): ${comment}`;
  }

  #members(oneof: OneofType): string {
    const fields = oneof.fields.filter(this.style.visibility.field);
    return fields.map((field) => `\`${fieldKey(field, this.style.protoNames)}\``).join(', ');
  }
}

/** Whether a field, at the level at which the chains begin, is one of them or shares a oneof with the beginning of one. */
export function excludes(chains: readonly FieldChain[], field: FieldType): boolean {
  return chains.some(([first, second]) =>
    first === field ? second === undefined : first?.oneof !== undefined && first.oneof === field.oneof,
  );
}

function enumSchema(type: EnumType, { enums: form, visibility }: JsonStyle): SchemaObject {
  const values = type.values.filter(visibility.value);
  const notes = values.map((value) => valueNote(type, value, form)).filter((note) => note !== undefined);
  return {
    type: form === 'name' ? 'string' : 'integer',
    description: joinParagraphs(parseComment(type.comment), notes.join('\n')),
    ...(values.length === 0 ? {} : { enum: form === 'name' ? values.map(({ protoName }) => protoName) : distinctNumbers(values) }),
    deprecated: type.deprecated ? true : undefined,
  };
}

function distinctNumbers(values: readonly EnumValue[]): number[] {
  return [...new Set(values.map(({ number }) => number))];
}

function valueNote(type: EnumType, value: EnumValue, form: EnumForm): string | undefined {
  const canonical = type.valueByNumber(value.number);
  const remarks = [
    value.deprecated ? ' (deprecated)' : '',
    canonical === undefined || canonical === value ? '' : ` (another name of \`${canonical.protoName}\`)`,
  ].join('');
  const comment = parseComment(value.comment).replace(/\s*\n\s*/g, ' ');
  if (remarks === '' && comment === '' && form === 'name') return undefined;
  return `- ${form === 'name' ? '' : `${value.number}: `}\`${value.protoName}\`${remarks}${comment === '' ? '' : `: ${comment}`}`;
}
