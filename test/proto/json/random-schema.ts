import fc, { type GeneratorValue } from 'fast-check';
import type { ScalarKind } from '../../../proto/schema.js';

/** How a field of a random schema is written, and what JSON values it takes. */
interface RandomField {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly label: '' | 'optional ' | 'repeated ' | 'map' | 'oneof';
  readonly key: string;
}

interface RandomMessage {
  readonly name: string;
  readonly fields: readonly RandomField[];
}

/** A proto3 file of a few messages that refer to each other. */
export interface RandomSchema {
  readonly text: string;
  readonly messages: readonly RandomMessage[];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const scalars: readonly ScalarKind[] = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
];
const keys = scalars.filter((kind) => kind !== 'double' && kind !== 'float' && kind !== 'bytes');
const wellKnown = [
  'Timestamp',
  'Duration',
  'FieldMask',
  'Struct',
  'Value',
  'ListValue',
  'Any',
  'Empty',
  'DoubleValue',
  'FloatValue',
  'Int64Value',
  'UInt64Value',
  'Int32Value',
  'UInt32Value',
  'BoolValue',
  'StringValue',
  'BytesValue',
].map((name) => `google.protobuf.${name}`);
const imports = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'];

/** A schema out of the generator's choices. */
export function randomSchema(gen: GeneratorValue): RandomSchema {
  const names = ['A', 'B', 'C'].slice(0, gen(fc.integer, { min: 1, max: 3 }));
  const messages = names.map((name) => ({ name, fields: randomFields(gen, names) }));
  const text = [
    'syntax = "proto3";',
    'package r;',
    ...imports.map((name) => `import "google/protobuf/${name}.proto";`),
    'enum E { ZERO = 0; ONE = 1; LARGE = 100000; BELOW = -5; }',
    ...messages.map(messageText),
  ].join('\n');
  return { text, messages };
}

function randomFields(gen: GeneratorValue, names: readonly string[]): RandomField[] {
  const count = gen(fc.integer, { min: 0, max: 9 });
  const number = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20_000, max: 536_870_911 }));
  const numbers = gen(() => fc.uniqueArray(number, { minLength: count, maxLength: count }));
  return numbers.map((number, i) => ({
    name: `field_${'abcdefghi'[i]}`,
    number,
    type: gen(() => fc.constantFrom(...scalars, ...names, ...wellKnown, 'E', 'google.protobuf.NullValue')),
    label: gen(() => fc.constantFrom<RandomField['label'][]>('', '', 'optional ', 'repeated ', 'map', 'oneof')),
    key: gen(() => fc.constantFrom(...keys)),
  }));
}

function messageText({ name, fields }: RandomMessage): string {
  const line = (f: RandomField) => `${f.type} ${f.name} = ${f.number};`;
  const members = fields.filter((f) => f.label === 'oneof').map(line);
  const others = fields
    .filter((f) => f.label !== 'oneof')
    .map((f) => (f.label === 'map' ? `map<${f.key}, ${f.type}> ${f.name} = ${f.number};` : f.label + line(f)));
  return `message ${name} { ${others.join(' ')} ${members.length > 0 ? `oneof choice { ${members.join(' ')} }` : ''} }`;
}

const digits = (bits: number, signed: boolean) =>
  fc.bigInt({ min: signed ? -(2n ** BigInt(bits - 1)) : 0n, max: signed ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n });

/** A ProtoJSON object for a message of the schema, in the spelling that the official printers use. */
export function randomJson(gen: GeneratorValue, schema: RandomSchema, name: string, depth = 0): Json {
  const message = schema.messages.find((m) => m.name === name);
  const json: Record<string, Json> = {};
  let hasMember = false;
  for (const f of message?.fields ?? []) {
    if (depth > 3 || gen(fc.nat, 3) === 0 || (f.label === 'oneof' && hasMember)) continue;
    hasMember ||= f.label === 'oneof';
    json[`field${f.name.slice(6).toUpperCase()}`] = randomField(gen, schema, f, depth);
  }
  return json;
}

function randomField(gen: GeneratorValue, schema: RandomSchema, f: RandomField, depth: number): Json {
  const value = () => randomValue(gen, schema, f.type, depth);
  const count = f.label === 'repeated ' || f.label === 'map' ? gen(fc.integer, { min: 0, max: 4 }) : 1;
  if (f.label === 'repeated ') return Array.from({ length: count }, value);
  if (f.label !== 'map') return value();
  const map: Record<string, Json> = {};
  for (let i = 0; i < count; i++)
    Object.defineProperty(map, String(randomValue(gen, schema, f.key, depth)), {
      value: value(),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return map;
}

function randomValue(gen: GeneratorValue, schema: RandomSchema, type: string, depth: number): Json {
  const kind = /^google\.protobuf\.(.*?)(Value)?$/.exec(type);
  switch (kind?.[1]) {
    case undefined:
      return randomScalar(gen, schema, type, depth);
    case 'Timestamp':
      return gen(() => fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }))
        .toISOString()
        .replace('.000Z', 'Z')
        .replace(/^\+00/, '');
    case 'Duration':
      return `${gen(fc.integer, { min: -315_576_000, max: 315_576_000 })}.${gen(fc.integer, { min: 100, max: 999 })}s`;
    case 'FieldMask':
      return gen(() => fc.array(fc.constantFrom('a', 'fooBar', 'a.bC.d', 'x9'), { maxLength: 3 })).join(',');
    case 'Struct':
      return gen(() => fc.dictionary(fc.string({ unit: 'grapheme' }), jsonValue));
    case '':
      return gen(() => jsonValue);
    case 'List':
      return gen(() => fc.array(jsonValue, { maxLength: 3 }));
    case 'Any':
      return gen(fc.boolean)
        ? { '@type': 'x/google.protobuf.Duration', value: '1s' }
        : { ...(randomJson(gen, schema, 'A', depth + 1) as object), '@type': 'x/r.A' };
    case 'Empty':
      return {};
    case 'Null':
      return null;
    default:
      return randomScalar(gen, schema, kind?.[1]?.toLowerCase() ?? '', depth);
  }
}

const jsonValue: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2, stringUnit: 'grapheme' })
  .map((value) => JSON.parse(JSON.stringify(value)));

function randomScalar(gen: GeneratorValue, schema: RandomSchema, type: string, depth: number): Json {
  switch (type) {
    case 'bool':
      return gen(fc.boolean);
    case 'string':
      return gen(fc.string, { unit: 'grapheme', maxLength: 40 });
    case 'bytes':
      return Buffer.from(gen(fc.uint8Array, { maxLength: 40 })).toString('base64');
    case 'double':
      return notFinite(gen(fc.double));
    case 'float':
      return notFinite(gen(fc.float));
    case 'E':
      return gen(() => fc.constantFrom<Json[]>('ZERO', 'ONE', 'LARGE', 'BELOW', 77, -1));
  }
  const bits = /(u|fixed|sfixed)?.*?(32|64)$/.exec(type);
  if (bits === null) return randomJson(gen, schema, type, depth + 1);
  const value = gen(() => digits(Number(bits[2]), !/^(u|fixed)/.test(type)));
  return bits[2] === '32' ? Number(value) : String(value);
}

function notFinite(value: number): Json {
  return Number.isFinite(value) ? value : String(value);
}
