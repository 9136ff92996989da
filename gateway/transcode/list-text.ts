import { formOf } from '../../proto/json/form.js';
import type { FieldType } from '../../proto/schema.js';
import { decodeComponent } from './percent.js';

/**
 * The elements of a list in one value of a query, decoded; undefined: the field is no list, or its elements have commas of their own.
 *
 *     1,2   1%2C2    of numbers   ->  1  2
 *     a%2Cb,c        of texts     ->  "a,b"  "c"
 *
 * @param raw still encoded
 * @param most elements that are looked for
 */
export function splitList(field: FieldType, raw: string, key: string, noun: string, most: number): readonly string[] | undefined {
  if (!field.repeated || field.kind === 'map') return undefined;
  const content = contentOf(field);
  if (content === 'json') return undefined;
  if (content === 'text') return raw.split(',', most).map((element) => decodeComponent(element, key, noun));
  return decodeComponent(raw, key, noun).split(',', most);
}

/** What an element is in a query: a text of any characters, a word without commas, or JSON. */
function contentOf(field: FieldType): 'text' | 'word' | 'json' {
  if (field.kind === 'string') return 'text';
  if (field.kind !== 'message') return 'word';
  if (field.type.name === 'google.protobuf.StringValue') return 'text';
  return ['timestamp', 'duration', 'wrapper'].includes(formOf(field.type)) ? 'word' : 'json';
}
