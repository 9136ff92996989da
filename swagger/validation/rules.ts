import type { FieldType, MessageType } from '../../proto/schema.js';
import { WireFormatError } from '../../proto/wire/reader.js';
import { bytesOf, readWireFields, textOf, varintOf, type WireFields } from './wire-fields.js';

/** Extension numbers of FieldOptions and MessageOptions: buf/validate/validate.proto and protoc-gen-validate's validate/validate.proto. */
const PROTOVALIDATE = 1159;
const PROTOC_GEN_VALIDATE = 1071;

/** The rules of one value, as both systems write them: what they share has the same numbers. */
export interface ValueRules {
  readonly system: 'protovalidate' | 'protoc-gen-validate';
  readonly fields: WireFields;
  /** The value must be there. */
  readonly required: boolean;
  /** The rules do not hold for a value that is empty, or zero. */
  readonly unlessEmpty: boolean;
  /** What expressions demand, in words. */
  readonly sentences: readonly string[];
}

const known = new WeakMap<FieldType, ValueRules | undefined | null>();

/** The validation rules in the options of a field; undefined if there are none, or they are broken. */
export function rulesOf(field: FieldType): ValueRules | undefined {
  let rules = known.get(field);
  if (rules === undefined) {
    rules = quietly(() => readOptions(field.options)) ?? null;
    known.set(field, rules);
  }
  return rules ?? undefined;
}

/** What a message's own rules demand, in words. */
export function messageSentences(type: MessageType): readonly string[] {
  return quietly(() => readMessage(type.options)) ?? [];
}

/** What is read, or undefined where bytes are no message: rules that are broken say nothing. */
export function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireFormatError) return undefined;
    throw error;
  }
}

function readOptions(options: Uint8Array): ValueRules | undefined {
  if (options.length === 0) return undefined;
  const fields = readWireFields(options);
  const buf = bytesOf(fields, PROTOVALIDATE);
  if (buf !== undefined) return protovalidateRules(buf);
  const pgv = bytesOf(fields, PROTOC_GEN_VALIDATE);
  return pgv === undefined ? undefined : pgvRules(pgv);
}

/** Rules of the elements of a list, or of the keys or values of a map. */
export function nestedRules(rules: Uint8Array | undefined, of: ValueRules): ValueRules | undefined {
  if (rules === undefined) return undefined;
  return quietly(() => (of.system === 'protovalidate' ? protovalidateRules(rules) : pgvRules(rules)));
}

/** buf.validate.Ignore. */
const IGNORE_IF_ZERO_VALUE = 1n;
const IGNORE_ALWAYS = 3n;

function protovalidateRules(bytes: Uint8Array): ValueRules | undefined {
  const fields = readWireFields(bytes);
  const ignore = varintOf(fields, 27);
  if (ignore === IGNORE_ALWAYS) return undefined;
  const sentences = [...celSentences(fields, 23), ...textExpressions(fields, 29)];
  const unlessEmpty = ignore === IGNORE_IF_ZERO_VALUE;
  return { system: 'protovalidate', fields, required: varintOf(fields, 25) === 1n, unlessEmpty, sentences };
}

/** Where each kind of protoc-gen-validate's rules says `required` or `ignore_empty`. */
const pgvRequired: ReadonlyMap<number, number> = new Map([
  [17, 2],
  [20, 1],
  [21, 1],
  [22, 1],
]);
const pgvIgnoreEmpty = (kind: number): number | undefined =>
  kind <= 12
    ? 8
    : new Map([
        [14, 26],
        [15, 14],
        [18, 5],
        [19, 6],
      ] as const).get(kind as 14);

function pgvRules(bytes: Uint8Array): ValueRules | undefined {
  const fields = readWireFields(bytes);
  let required = false;
  let unlessEmpty = false;
  for (const [kind, [value]] of fields) {
    if (!(value instanceof Uint8Array)) continue;
    const inside = readWireFields(value);
    const requires = pgvRequired.get(kind);
    const ignores = pgvIgnoreEmpty(kind);
    required ||= requires !== undefined && varintOf(inside, requires) === 1n;
    unlessEmpty ||= ignores !== undefined && varintOf(inside, ignores) === 1n;
  }
  return { system: 'protoc-gen-validate', fields, required, unlessEmpty, sentences: [] };
}

function readMessage(options: Uint8Array): readonly string[] {
  if (options.length === 0) return [];
  const bytes = bytesOf(readWireFields(options), PROTOVALIDATE);
  if (bytes === undefined) return [];
  const fields = readWireFields(bytes);
  return [...celSentences(fields, 3), ...textExpressions(fields, 5)];
}

/** `buf.validate.Rule`: what its author says of it, else its expression. */
function celSentences(fields: WireFields, number: number): string[] {
  return (fields.get(number) ?? []).flatMap((value) => {
    if (!(value instanceof Uint8Array)) return [];
    const rule = readWireFields(value);
    const message = textOf(rule, 2);
    return message !== undefined && message !== '' ? [sentence(message)] : textExpressions(rule, 3);
  });
}

function textExpressions(fields: WireFields, number: number): string[] {
  return (fields.get(number) ?? []).flatMap((value) =>
    value instanceof Uint8Array ? [`Must fulfil \`${new TextDecoder().decode(value).replaceAll('`', "'")}\`.`] : [],
  );
}

function sentence(text: string): string {
  const one = text.trim();
  const begun = one.charAt(0).toUpperCase() + one.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
