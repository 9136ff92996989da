import { fieldUse } from '../annotations/behavior.js';
import { fieldKey } from '../proto/json/field-key.js';
import type { EnumType, FieldChain, FieldType, MessageType, ScalarKind } from '../proto/schema.js';
import { excludes, type JsonStyle } from './schemas.js';
import { fitting } from './validation/fitting.js';
import { validationOf } from './validation/validation.js';
import { NULL_VALUE, wrappedKind } from './well-known.js';

/** Of a request only what a caller may send is shown, and nothing that a server would refuse by rule; of a reply what a caller may get. */
export type Direction = 'request' | 'reply';

/** A JSON value. */
export type Example = string | number | boolean | null | readonly Example[] | { readonly [key: string]: Example };

/** Deepest nesting of messages, and most fields, of one example. */
const MAX_DEPTH = 4;
const MAX_FIELDS = 60;

/**
 * Makes up JSON values that fit, because those that tools make up do not: they set all members of a oneof and write 64-bit integers as numbers.
 * A message that contains itself ends at its second appearance. One instance makes one value.
 */
export class ExampleWriter {
  #fields = 0;
  readonly #above: MessageType[] = [];

  constructor(
    readonly style: JsonStyle,
    readonly direction: Direction,
  ) {}

  /** @param without chains to leave out, and with them the other members of their oneofs */
  message(type: MessageType, without: readonly FieldChain[] = []): Example {
    const special = this.#special(type);
    if (special !== undefined) return special;
    const oneofs = new Set<unknown>();
    const entries: [string, Example][] = [];
    this.#above.push(type);
    for (const field of type.fields) {
      const isSaid = excludes(without, field) || (field.oneof !== undefined && oneofs.has(field.oneof));
      if (isSaid || !this.#isShown(field) || this.#fields >= MAX_FIELDS) continue;
      if (field.oneof !== undefined) oneofs.add(field.oneof);
      this.#fields += 1;
      const inside = without.filter((chain) => chain[0] === field).map((chain) => chain.slice(1));
      entries.push([fieldKey(field, this.style.protoNames), this.whole(field, inside)]);
    }
    this.#above.pop();
    return Object.fromEntries(entries);
  }

  /** A field's whole value: an array of one element, an object of one key. */
  whole(field: FieldType, without: readonly FieldChain[] = []): Example {
    if (field.kind === 'map') return { [mapKey(field.key.kind)]: this.#value(field.value, []) };
    const value = this.#value(field, without);
    return field.repeated ? [value] : value;
  }

  #isShown(field: FieldType): boolean {
    const use = fieldUse(field);
    if (field.deprecated || !this.style.visibility.field(field) || (this.direction === 'request' ? use.outputOnly : use.inputOnly))
      return false;
    const value = field.kind === 'map' ? field.value : field;
    if (value.kind !== 'message') return true;
    // Without knowing the types of the server nothing can be said that it would take.
    const isForeign = value.type.name === 'google.protobuf.Any' || value.type.name === 'google.protobuf.FieldMask';
    if (this.direction === 'request' && isForeign) return false;
    return !this.#above.includes(value.type) && this.#above.length < MAX_DEPTH;
  }

  #value(field: FieldType, without: readonly FieldChain[]): Example {
    switch (field.kind) {
      case 'message':
        return this.message(field.type, without);
      case 'enum':
        return field.type.name === NULL_VALUE ? null : enumExample(field.type, this.style);
      case 'map':
        return this.whole(field);
      default:
        return this.#fitting(this.#scalar(field.kind, fieldUse(field).format), field);
    }
  }

  /** A value that the rules of its field allow. */
  #fitting(value: Example, field: FieldType): Example {
    const keywords = validationOf(field, this.style).value;
    if (typeof value !== 'string' && typeof value !== 'number') return value;
    return fitting(formats.get(keywords.format) ?? value, keywords.anyOf?.[1] ?? keywords);
  }

  #scalar(kind: ScalarKind, format: string | undefined): Example {
    switch (kind) {
      case 'bool':
        return true;
      case 'string':
        return formats.get(format) ?? 'string';
      case 'bytes':
        return 'Ynl0ZXM=';
      case 'double':
      case 'float':
        return 1.5;
      case 'int64':
      case 'sint64':
      case 'sfixed64':
      case 'uint64':
      case 'fixed64':
        return this.style.int64 === 'string' ? '1' : 1;
      default:
        return 1;
    }
  }

  #special(type: MessageType): Example | undefined {
    const wrapped = wrappedKind(type.name);
    return wrapped === undefined ? wellKnown.get(type.name) : this.#scalar(wrapped, undefined);
  }
}

const formats: ReadonlyMap<string | undefined, string> = new Map<string | undefined, string>([
  ['uuid', '123e4567-e89b-42d3-a456-426614174000'],
  ['ipv4', '192.0.2.1'],
  ['ipv6', '2001:db8::1'],
  ['email', 'jane@example.com'],
  ['hostname', 'example.com'],
  ['uri', 'https://example.com/'],
  ['uri-reference', '/path'],
]);

const wellKnown: ReadonlyMap<string, Example> = new Map<string, Example>([
  ['google.protobuf.Timestamp', '2025-01-31T12:00:00Z'],
  ['google.protobuf.Duration', '1.5s'],
  ['google.protobuf.FieldMask', 'title,author.name'],
  ['google.protobuf.Any', { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1.5s' }],
  ['google.protobuf.Struct', { key: 'value' }],
  ['google.protobuf.Value', 'value'],
  ['google.protobuf.ListValue', ['value']],
  ['google.protobuf.Empty', {}],
]);

/** The first value that says something. */
function enumExample(type: EnumType, { enums: form, visibility }: JsonStyle): Example {
  const values = type.values.filter(visibility.value);
  const value = values.find(({ number, deprecated }) => number !== 0 && !deprecated) ?? values[0];
  return (form === 'name' ? value?.protoName : value?.number) ?? 0;
}

function mapKey(kind: ScalarKind): string {
  if (kind === 'string') return 'key';
  return kind === 'bool' ? 'true' : '1';
}
