import { invalid } from './fault.js';
import type { Book } from './messages.js';

/** Fields of a Book that a caller may change, with those inside of them. */
const changeable: ReadonlyMap<string, readonly string[]> = new Map([
  ['title', []],
  ['subtitle', []],
  ['authors', []],
  ['genre', []],
  ['publish_time', []],
  ['rating', []],
  ['price', []],
  ['copies_sold', []],
  ['labels', []],
  ['print', ['pages', 'hardcover']],
  ['audio', ['length', 'narrator']],
  ['thumbnail', []],
]);

type Fields = Readonly<Record<string, unknown>>;

/**
 * A copy of `old` in which the fields that `paths` names are as in `change`, unset ones included (https://google.aip.dev/134).
 * No paths mean those that are set in `change`, `*` all of them.
 */
export function applyMask(old: Book, change: Fields, paths: readonly string[]): Book {
  const unset = paths.length === 0;
  const named = unset ? [...changeable.keys()].filter((name) => change[name] !== undefined) : paths;
  let next: Fields = { ...old };
  for (const path of named.includes('*') ? changeable.keys() : named) next = setOne(next, change, path);
  return next;
}

function setOne(fields: Fields, change: Fields, path: string): Fields {
  const [name = '', inner, ...more] = path.split('.');
  const inside = changeable.get(name);
  if (inside === undefined || more.length > 0 || (inner !== undefined && !inside.includes(inner)))
    throw invalid({ update_mask: `"${path}" is not a field that can be changed` });
  if (inner === undefined) return withField(withoutSiblings(fields, name, change[name]), name, change[name]);
  const value = withField(sectionOf(fields[name]), inner, sectionOf(change[name])[inner]);
  return withField(withoutSiblings(fields, name, value), name, value);
}

/** A member of the oneof `format` that is set unsets the other. */
function withoutSiblings(fields: Fields, name: string, value: unknown): Fields {
  if (value === undefined || (name !== 'print' && name !== 'audio')) return fields;
  return withField(fields, name === 'print' ? 'audio' : 'print', undefined);
}

function withField(fields: Fields, name: string, value: unknown): Fields {
  const { [name]: _, ...others } = fields;
  return value === undefined ? others : { ...others, [name]: value };
}

function sectionOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
