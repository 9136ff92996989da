import { nearest } from '../../proto/nearest.js';
import type { MessageType } from '../../proto/schema.js';
import { Refusal } from '../exchange/refusal.js';
import { decodeComponent } from './percent.js';

/** What the system parameters of a request say (https://cloud.google.com/apis/docs/system-parameters). */
export interface SystemParameters {
  /** `$alt`: the form of the reply, which then does not depend on `Accept`. */
  readonly alt: 'json' | 'proto' | 'sse' | undefined;
  /** `$alt=json;enum-encoding=int`. */
  readonly enumNumbers: boolean;
  /** `$prettyPrint`. */
  readonly pretty: boolean;
  /** `$fields`: field paths with commas between them, as they came. */
  readonly fields: string | undefined;
  /** `$key`: an API key, which goes on as the header `x-goog-api-key` would. */
  readonly key: string | undefined;
  /** The query string without them, still encoded. */
  readonly query: string;
}

/** Takes the system parameters out of a query string (without `?`, still encoded); undefined if there is none. Throws {@link Refusal}. */
export type SystemParameterReader = (query: string) => SystemParameters | undefined;

const names = ['alt', 'fields', 'key', 'prettyPrint'] as const;
const NOUN = 'query parameter';

type Name = (typeof names)[number];

/** `dollar`: `$alt`. `both`: also `alt`, for methods that have no field of that name. */
export type SystemParameterNames = 'dollar' | 'both';

/**
 * Compiles the reader for the methods with a request type. No field's name can begin with `$`, so any such key that is no system parameter is
 * refused. A query without `$` is looked through once and not taken apart.
 */
export function compileSystemParameters(input: MessageType, spelling: SystemParameterNames): SystemParameterReader {
  const bare = spelling === 'dollar' ? [] : names.filter((name) => input.field(name) === undefined);
  const known = new Map<string, Name>([...names.map((name) => [`$${name}`, name] as const), ...bare.map((name) => [name, name] as const)]);
  const mayHold = (query: string) => query.includes('$') || query.includes('%24') || bare.some((name) => query.includes(name));
  return function readSystemParameters(query) {
    return query !== '' && mayHold(query) ? take(query, known) : undefined;
  };
}

function take(query: string, known: ReadonlyMap<string, Name>): SystemParameters | undefined {
  const values = new Map<Name, string>();
  const rest: string[] = [];
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=');
    const key = decodeComponent(equals === -1 ? parameter : parameter.slice(0, equals), '', NOUN);
    const name = known.get(key);
    if (name === undefined) {
      if (key.startsWith('$')) throw new Refusal('field', key, unknown(key));
      rest.push(parameter);
      continue;
    }
    if (values.has(name)) throw new Refusal('field', key, 'is given twice');
    // Clients send `$alt=json;enum-encoding=int` with its second "=" as it is, or encoded.
    values.set(name, equals === -1 ? '' : decodeComponent(parameter.slice(equals + 1), key, NOUN));
  }
  if (values.size === 0) return undefined;
  return {
    ...readAlt(values.get('alt')),
    pretty: readPrettyPrint(values.get('prettyPrint')),
    fields: values.get('fields'),
    key: values.get('key'),
    query: rest.join('&'),
  };
}

function unknown(key: string): string {
  const near = nearest(
    key,
    names.map((name) => `$${name}`),
  );
  return `unknown system parameter${near === undefined ? '' : `; is "${near}" meant?`}`;
}

function readAlt(value: string | undefined): Pick<SystemParameters, 'alt' | 'enumNumbers'> {
  if (value === undefined) return { alt: undefined, enumNumbers: false };
  const [form, ...options] = value.split(';').map((part) => part.trim());
  if (form !== 'json' && form !== 'proto' && form !== 'sse') throw new Refusal('field', '$alt', 'must be json, proto or sse');
  for (const option of options) {
    if (option !== 'enum-encoding=int') throw new Refusal('field', '$alt', 'has one option, enum-encoding=int');
  }
  return { alt: form, enumNumbers: options.length > 0 };
}

function readPrettyPrint(value: string | undefined): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new Refusal('field', '$prettyPrint', 'must be true or false');
}
