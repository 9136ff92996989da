import { formOf } from '../../proto/json/form.js';
import { nearest } from '../../proto/nearest.js';
import type { FieldChain, FieldType, MessageType } from '../../proto/schema.js';
import { Refusal } from '../exchange/refusal.js';

/** Most paths in one `$fields`, and the longest of them in fields. */
const MAX_PATHS = 100;
const MAX_DEPTH = 32;

/**
 * The fields that `$fields` selects of a reply, https://google.aip.dev/157; undefined = all of them. A path leads through repeated fields and maps
 * into each of their values; names in either spelling.
 *
 *     books.title,nextPageToken   ->  [[books, title], [next_page_token]]        *  ->  undefined
 *
 * @param type of the reply, or of the values of the one field that is the reply; undefined if it has no fields
 * Throws {@link Refusal}.
 */
export function selectFields(text: string, type: MessageType | undefined): readonly FieldChain[] | undefined {
  const paths = text.split(',').map((path) => path.trim());
  if (paths.includes('*')) return undefined;
  if (paths.length > MAX_PATHS) throw new Refusal('field', '$fields', `more than ${MAX_PATHS} paths`);
  return paths.map((path) => resolve(path, type));
}

function resolve(path: string, type: MessageType | undefined): FieldChain {
  const names = path.split('.', MAX_DEPTH + 1);
  if (names.length > MAX_DEPTH) throw new Refusal('field', '$fields', `a path of more than ${MAX_DEPTH} fields`);
  const chain: FieldType[] = [];
  let within = fieldsOf(type);
  for (const name of names) {
    const field = within?.field(name);
    if (field === undefined) throw new Refusal('field', '$fields', unknown(name, chain, within));
    chain.push(field);
    within = fieldsOf(messageIn(field));
  }
  return chain;
}

/** The message that a field holds, once or many times. */
export function messageIn(field: FieldType): MessageType | undefined {
  const value = field.kind === 'map' ? field.value : field;
  return value.kind === 'message' ? value.type : undefined;
}

/** A type that is written in a form of its own, a time or any JSON value, is one value. */
function fieldsOf(type: MessageType | undefined): MessageType | undefined {
  return type !== undefined && formOf(type) === 'message' ? type : undefined;
}

function unknown(name: string, above: FieldChain, within: MessageType | undefined): string {
  const place = above.length === 0 ? 'the reply' : above.map((field) => field.jsonName).join('.');
  if (within === undefined) return `${place} has no fields`;
  const near = nearest(
    name,
    within.fields.map((field) => field.jsonName),
  );
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return `${place} has no field ${JSON.stringify(shown)}${near === undefined ? '' : `; is "${near}" meant?`}`;
}
