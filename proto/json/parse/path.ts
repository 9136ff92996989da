import { BACKSLASH, BEGIN_ARRAY, BEGIN_OBJECT, COLON, COMMA, END_ARRAY, END_OBJECT, QUOTE } from '../ascii.js';
import type { ParseField, ParsePlan } from './plan.js';

/** What a JSON value is parsed as, as far as paths are concerned: an object of fields, of keys, or anything. */
type Context = ParsePlan | ParseField | 'keys' | undefined;

interface Level {
  readonly isObject: boolean;
  readonly context: Context;
  key: string;
  index: number;
  /** The next string is a key. */
  atKey: boolean;
}

const LONGEST = 64;

/**
 * The JSON path of the value at a position, in the spelling of the client. Errors are rare: the text is walked again for it, so that parsing need
 * not keep track. All before the position has been parsed.
 *
 *     {"book":{"authors":[{},{},{"born":"x"}]}}  ->  book.authors[2].born
 *     {"labels":{"k":true}}                      ->  labels["k"]
 */
export function pathAt(bytes: Uint8Array, at: number, root: Context): string {
  const levels: Level[] = [];
  for (let pos = 0; pos < at; pos++) {
    const level = levels.at(-1);
    const byte = bytes[pos] as number;
    if (byte === BEGIN_OBJECT || byte === BEGIN_ARRAY) {
      const isObject = byte === BEGIN_OBJECT;
      levels.push({ isObject, context: level === undefined ? root : inner(level), key: '', index: 0, atKey: isObject });
    } else if (byte === END_OBJECT || byte === END_ARRAY) levels.pop();
    else if (byte === COMMA && level !== undefined) {
      level.index += 1;
      level.key = '';
      level.atKey = level.isObject;
    } else if (byte === QUOTE) {
      const end = stringEnd(bytes, pos, at);
      if (level?.atKey === true && end <= at) level.key = text(bytes, pos, end);
      pos = end - 1;
    } else if (byte === COLON && level !== undefined) level.atKey = false;
  }
  return levels.reduce(extend, '');
}

function extend(path: string, level: Level): string {
  if (!level.isObject) return `${path}[${level.index}]`;
  if (level.key === '') return path;
  const key = level.key.length > LONGEST ? `${level.key.slice(0, LONGEST)}…` : level.key;
  if (kindOf(level.context) === 'keys') return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Whether an object's keys are those of a map, or names of fields. */
function kindOf(context: Context): 'keys' | 'fields' {
  if (context === 'keys') return 'keys';
  if (context !== undefined && 'shape' in context) return context.shape === 'map' ? 'keys' : kindOf(context.plan);
  return context?.form === 'struct' || context?.form === 'value' || context?.form === 'list' ? 'keys' : 'fields';
}

/** What the value under the level's present key, or at its index, is parsed as. */
function inner({ context, key, isObject }: Level): Context {
  if (context === undefined || context === 'keys') return context;
  if ('shape' in context) {
    if (context.shape === 'map' && isObject) return context.entry?.value.plan;
    if (!isObject) return context.plan;
    return context.plan === undefined ? undefined : inner({ context: context.plan, key, isObject, index: 0, atKey: false });
  }
  if (context.form === 'struct' || context.form === 'value' || context.form === 'list') return 'keys';
  return context.keys.get(key);
}

function stringEnd(bytes: Uint8Array, pos: number, limit: number): number {
  for (pos += 1; bytes[pos] !== QUOTE && pos <= limit; pos++) if (bytes[pos] === BACKSLASH) pos += 1;
  return pos + 1;
}

const utf8 = new TextDecoder();

/** A string that has been checked, without quotes and escapes. */
function text(bytes: Uint8Array, start: number, end: number): string {
  const quoted = utf8.decode(bytes.subarray(start, end));
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
