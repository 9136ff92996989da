import type { SchemaObject } from '../openapi.js';

/**
 * A value near another one that keywords allow; the other one where none is found.
 *
 *     1, { minimum: 5 }                -> 5
 *     'string', { maxLength: 3 }       -> 'str'
 */
export function fitting(value: string | number, keywords: SchemaObject): string | number {
  const [first] = keywords.enum ?? [];
  if (typeof first === 'string' || typeof first === 'number') return first;
  const candidates = typeof value === 'number' ? numbersNear(value, keywords) : textsNear(value, keywords);
  return candidates.find((candidate) => fits(candidate, keywords)) ?? value;
}

function numbersNear(value: number, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaObject): number[] {
  const beyond = (bound: number | boolean | undefined, step: number) =>
    typeof bound === 'number' ? [bound + step, bound + step / 1000] : [];
  return [value, minimum, maximum, ...beyond(exclusiveMinimum, 1), ...beyond(exclusiveMaximum, -1)].filter((one) => one !== undefined);
}

/** What simple patterns ask for. */
const samples = [
  'string',
  'a',
  'A',
  '1',
  'abc',
  'ABC',
  '123',
  'abc123',
  'a-b',
  'a_b',
  'a/b',
  'a.b',
  '/a',
  '+4912345678',
  '1.0.0',
  '#aabbcc',
];

function textsNear(value: string, { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern = '' }: SchemaObject): string[] {
  const begun = /^\^((?:[\w-]|\\[^\w])+)$/.exec(pattern)?.[1]?.replace(/\\(.)/g, '$1');
  const texts = [value, ...(begun === undefined ? [] : [begun, begun + value]), ...samples];
  return texts.map((text) => text.padEnd(Math.min(minLength, LONGEST), text.at(-1)).slice(0, maxLength));
}

const LONGEST = 100;
/** Characters on which a pattern is tried: what RE2 matches in no time may take ECMAScript's engine time that doubles with each. */
const LONGEST_TRIED = 16;

function fits(value: string | number, keywords: SchemaObject): boolean {
  if (keywords.not?.enum?.includes(value) === true) return false;
  if (typeof value === 'number') return fitsBounds(value, keywords);
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = keywords;
  if (value.length < minLength || value.length > maxLength) return false;
  return pattern === undefined || (value.length <= LONGEST_TRIED && new RegExp(pattern, 'u').test(value));
}

function fitsBounds(value: number, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaObject): boolean {
  if (minimum !== undefined && value < minimum) return false;
  if (maximum !== undefined && value > maximum) return false;
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return false;
  return !(typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum);
}
