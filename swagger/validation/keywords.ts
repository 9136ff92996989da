import type { EnumType, FieldType, ScalarKind } from '../../proto/schema.js';
import type { SchemaObject } from '../openapi.js';
import type { EnumForm } from '../well-known.js';
import { numbersOf, type RuleNumber } from './numbers.js';
import { ecmaPattern, literalPattern } from './pattern.js';
import type { ValueRules } from './rules.js';
import { bytesOf, readWireFields, textOf, textsOf, varintOf, type WireFields } from './wire-fields.js';

/** What rules come to: keywords for a schema, and sentences for what it has no keyword for. */
export interface Said {
  readonly keywords: SchemaObject;
  readonly sentences: readonly string[];
}

const nothing: Said = { keywords: {}, sentences: [] };

/** Field numbers of the rules of each kind of scalar in `FieldRules`, the same in protovalidate and protoc-gen-validate. */
const kinds: readonly ScalarKind[] = [
  ...(['float', 'double', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'fixed32', 'fixed64', 'sfixed32', 'sfixed64'] as const),
  ...(['bool', 'string', 'bytes'] as const),
];

/** What the rules of one scalar say. A 64-bit integer that is text in JSON has no keywords. */
export function scalarKeywords(kind: ScalarKind, rules: ValueRules, int64: 'string' | 'number'): Said {
  const number = kinds.indexOf(kind) + 1;
  const bytes = bytesOf(rules.fields, number);
  if (bytes === undefined) return nothing;
  const fields = readWireFields(bytes);
  if (kind === 'string') return stringKeywords(fields, rules.system);
  if (kind === 'bytes') return bytesKeywords(fields);
  if (kind === 'bool') return boolKeywords(fields);
  const bounds = { fields, kind };
  const isText = int64 === 'string' && /64$/.test(kind);
  return isText ? { keywords: {}, sentences: boundSentences(bounds) } : numberKeywords(bounds);
}

/** Formats of JSON Schema, and their numbers in `StringRules`. */
const stringFormats: readonly (readonly [number: number, format: string])[] = [
  [12, 'email'],
  [13, 'hostname'],
  [15, 'ipv4'],
  [16, 'ipv6'],
  [17, 'uri'],
  [18, 'uri-reference'],
  [22, 'uuid'],
];

/** What JSON Schema has no format for. */
const stringKinds: readonly (readonly [number: number, what: string])[] = [
  [14, 'an IP address'],
  [21, 'a host name or an IP address'],
];

/** Those of protovalidate alone; the other has something else at one of the numbers. */
const newerKinds: typeof stringKinds = [
  [26, 'an IP address with the length of its prefix'],
  [29, 'an IP prefix'],
  [32, 'a host and a port'],
  [33, 'a UUID without dashes'],
  [35, 'a ULID'],
];

function stringKeywords(fields: WireFields, system: ValueRules['system']): Said {
  const sentences: string[] = [];
  const say = (condition: boolean, sentence: () => string) => {
    if (condition) sentences.push(sentence());
  };
  const size = (number: number) => varintOf(fields, number);
  const length = size(19);
  const keywords = {
    ...enumOf(textsOf(fields, 1), textsOf(fields, 10)),
    ...notOf(textsOf(fields, 11)),
    ...countsOf('Length', length ?? size(2), length ?? size(3)),
    ...patternOf(fields, sentences),
    ...formatOf(fields),
  };
  const inBytes = size(20);
  say(inBytes !== undefined, () => `Must have ${inBytes} bytes.`);
  say(size(4) !== undefined, () => `Must have at least ${size(4)} bytes.`);
  say(size(5) !== undefined, () => `Must have at most ${size(5)} bytes.`);
  const without = textOf(fields, 23);
  say(without !== undefined, () => `Must not contain ${code(without ?? '')}.`);
  for (const [number, what] of system === 'protovalidate' ? [...stringKinds, ...newerKinds] : stringKinds)
    say(size(number) === 1n, () => `Must be ${what}.`);
  return { keywords, sentences };
}

function formatOf(fields: WireFields): SchemaObject {
  const format = stringFormats.find(([number]) => varintOf(fields, number) === 1n)?.[1];
  return format === undefined ? {} : { format };
}

/** There is one keyword for all that a text must look like; what finds no place in it becomes sentences. */
function patternOf(fields: WireFields, sentences: string[]): SchemaObject {
  const demands: readonly (readonly [number: number, verb: string, pattern: (text: string) => string | undefined])[] = [
    [6, 'match', ecmaPattern],
    [7, 'begin with', (text) => `^${literalPattern(text)}`],
    [8, 'end with', (text) => `${literalPattern(text)}$`],
    [9, 'contain', literalPattern],
  ];
  let pattern: string | undefined;
  for (const [number, verb, patternOf] of demands) {
    const text = textOf(fields, number);
    if (text === undefined) continue;
    const candidate = pattern === undefined ? patternOf(text) : undefined;
    if (candidate === undefined) sentences.push(`Must ${verb} ${code(text)}.`);
    else pattern = candidate;
  }
  return pattern === undefined ? {} : { pattern };
}

function bytesKeywords(fields: WireFields): Said {
  const [length, least, most] = [13, 2, 3].map((number) => varintOf(fields, number));
  const sentences = [
    ...(length === undefined ? [] : [`Must have ${length} bytes.`]),
    ...(least === undefined ? [] : [`Must have at least ${least} bytes.`]),
    ...(most === undefined ? [] : [`Must have at most ${most} bytes.`]),
  ];
  return { keywords: {}, sentences };
}

function boolKeywords(fields: WireFields): Said {
  const value = varintOf(fields, 1);
  return { keywords: {}, sentences: value === undefined ? [] : [`Must be ${code(String(value !== 0n))}.`] };
}

interface Bounds {
  readonly fields: WireFields;
  readonly kind: ScalarKind;
}

/** Numbers of the bounds in all numeric rules. */
const BOUNDS = { constant: 1, less: 2, atMost: 3, greater: 4, atLeast: 5, among: 6, notAmong: 7 } as const;

function lastOf({ fields, kind }: Bounds, number: number): RuleNumber | undefined {
  return numbersOf(fields, number, kind).at(-1);
}

function numberKeywords(bounds: Bounds): Said {
  const { fields, kind } = bounds;
  const plain = (number: number) => numbersOf(fields, number, kind).map(Number);
  const [less, atMost, greater, atLeast] = [BOUNDS.less, BOUNDS.atMost, BOUNDS.greater, BOUNDS.atLeast].map((n) => plain(n).at(-1));
  const [upper, lower] = [less ?? atMost, greater ?? atLeast];
  // Both rule systems take that as what lies outside of the two.
  if (upper !== undefined && lower !== undefined && upper < lower) return { keywords: {}, sentences: boundSentences(bounds) };
  const keywords = {
    ...enumOf(plain(BOUNDS.constant), plain(BOUNDS.among)),
    ...notOf(plain(BOUNDS.notAmong)),
    ...(atLeast === undefined ? {} : { minimum: atLeast }),
    ...(atMost === undefined ? {} : { maximum: atMost }),
    ...(greater === undefined ? {} : { exclusiveMinimum: greater }),
    ...(less === undefined ? {} : { exclusiveMaximum: less }),
  };
  return { keywords, sentences: [] };
}

function boundSentences(bounds: Bounds): string[] {
  const sentence = (number: number, words: string) => {
    const value = lastOf(bounds, number);
    return value === undefined ? [] : [`${words} ${value}`];
  };
  const all = (number: number) => numbersOf(bounds.fields, number, bounds.kind).join(', ');
  const [upper, lower] = [
    [...sentence(BOUNDS.less, 'less than'), ...sentence(BOUNDS.atMost, 'at most')],
    [...sentence(BOUNDS.greater, 'greater than'), ...sentence(BOUNDS.atLeast, 'at least')],
  ];
  const limit = (number: number, other: number) => lastOf(bounds, number) ?? lastOf(bounds, other);
  const [most, least] = [limit(BOUNDS.less, BOUNDS.atMost), limit(BOUNDS.greater, BOUNDS.atLeast)];
  const isOutside = most !== undefined && least !== undefined && most < least;
  const range = [...lower, ...upper].join(isOutside ? ' or ' : ' and ');
  return [
    ...sentence(BOUNDS.constant, 'Must be').map((text) => `${text}.`),
    ...(range === '' ? [] : [`Must be ${range}.`]),
    ...(all(BOUNDS.among) === '' ? [] : [`Must be one of ${all(BOUNDS.among)}.`]),
    ...(all(BOUNDS.notAmong) === '' ? [] : [`Must not be one of ${all(BOUNDS.notAmong)}.`]),
  ];
}

/** What the rules of an enum say: the values that are left. */
export function enumKeywords(type: EnumType, rules: ValueRules, form: EnumForm): Said {
  const bytes = bytesOf(rules.fields, 16);
  if (bytes === undefined) return nothing;
  const fields = readWireFields(bytes);
  const numbers = (number: number) => numbersOf(fields, number, 'int32').map(Number);
  const only = numbers(1).at(-1);
  const among = only === undefined ? numbers(3) : [only];
  const not = new Set(numbers(4));
  if (among.length === 0 && not.size === 0) return nothing;
  const left = type.values.filter(({ number }) => (among.length === 0 || among.includes(number)) && !not.has(number));
  const values = form === 'name' ? left.map(({ protoName }) => protoName) : [...new Set(left.map(({ number }) => number))];
  return { keywords: values.length === 0 ? {} : { enum: values }, sentences: [] };
}

/** What the rules of a list or a map say of how many there are. */
export function countKeywords(field: FieldType, rules: ValueRules): Said {
  const isMap = field.kind === 'map';
  const bytes = bytesOf(rules.fields, isMap ? 19 : 18);
  if (bytes === undefined) return nothing;
  const fields = readWireFields(bytes);
  const counts = countsOf(isMap ? 'Properties' : 'Items', varintOf(fields, 1), varintOf(fields, 2));
  return { keywords: { ...counts, ...(!isMap && varintOf(fields, 3) === 1n ? { uniqueItems: true } : {}) }, sentences: [] };
}

function countsOf(of: 'Length' | 'Items' | 'Properties', least: bigint | undefined, most: bigint | undefined): SchemaObject {
  const fits = (count: bigint | undefined): count is bigint => count !== undefined && count <= BigInt(Number.MAX_SAFE_INTEGER);
  return {
    ...(fits(least) && least > 0n ? { [`min${of}`]: Number(least) } : {}),
    ...(fits(most) ? { [`max${of}`]: Number(most) } : {}),
  };
}

function enumOf(constant: readonly (string | number)[], among: readonly (string | number)[]): SchemaObject {
  const only = constant.at(-1);
  if (only !== undefined) return { enum: [only] };
  return among.length === 0 ? {} : { enum: [...new Set(among)] };
}

function notOf(values: readonly (string | number)[]): SchemaObject {
  return values.length === 0 ? {} : { not: { enum: [...new Set(values)] } };
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
