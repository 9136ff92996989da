import type { Binding } from '../../annotations/binding.js';
import type { Bound, Codec, Sink } from '../../proto/json/codec.js';
import { JsonError } from '../../proto/json/codec.js';
import type { FieldChain, FieldType, MessageType } from '../../proto/schema.js';
import { decodeQuery } from './percent.js';

/** Appends the fields that a query string sets; returns them, one chain a field. Throws {@link JsonError} naming the key. */
export type QueryBinder = (query: string, bound: readonly Bound[], out: Sink) => readonly FieldChain[];

/** How values for one key are written. */
interface QueryField {
  readonly chain: FieldChain;
  /** Key of the map entry, for a map field. */
  readonly mapKey: string | undefined;
  write(text: string, bound: readonly Bound[], out: Sink): void;
}

/** Most parameters in one query string. */
const MAX_PARAMETERS = 1000;
/** Most keys whose fields are remembered for one binding; others are looked up each time. */
const MAX_REMEMBERED = 1000;
/** Most dots in a key. */
const MAX_NESTING = 32;

/**
 * Compiles the query parameters of a binding: every field that neither the path nor the body sets.
 *
 *     GET /v1/{name=shelves/*}/books?page_size=10&filter.tags=a&filter.tags=b&labels[k]=v
 *     -> page_size: 10, filter { tags: ["a", "b"] }, labels { "k": "v" }
 */
export function compileQuery(
  binding: Binding,
  codec: Codec,
  options: { unknown: 'error' | 'ignore'; conflict: 'error' | 'override' },
): QueryBinder {
  const fields = new QueryFields(binding.method.input, codec, options);
  const bodyField = typeof binding.body === 'string' ? undefined : binding.body[0];

  const refusalOf = (key: string, field: QueryField | undefined): string | undefined => {
    if (binding.body === '*') return 'unknown query parameter: this method takes its fields from the body';
    if (field === undefined) return unknownKey(key, binding.method.input);
    return field.chain[0] === bodyField ? 'is taken from the body, not from the query' : undefined;
  };

  return function bindQuery(query, bound, out) {
    const set: Setting[] = [];
    let parameters = 0;
    for (let start = 0; start < query.length; ) {
      const end = indexOrEnd(query, '&', start);
      if (end > start) {
        if (++parameters > MAX_PARAMETERS) throw new JsonError('', `more than ${MAX_PARAMETERS} query parameters`);
        const equals = indexOrEnd(query, '=', start, end);
        const key = decodeQuery(query.slice(start, equals));
        const field = fields.find(key);
        const refusal = refusalOf(key, field);
        if (refusal !== undefined) {
          if (options.unknown === 'error') throw new JsonError(key, refusal);
        } else if (field !== undefined) {
          bindOne(key, field, decodeQuery(query.slice(equals + 1, end)), bound, set, out);
        }
      }
      start = end + 1;
    }
    return set.map((s) => s.field.chain);
  };

  function bindOne(key: string, field: QueryField, text: string, bound: readonly Bound[], set: Setting[], out: Sink): void {
    assertFree(key, field, set);
    set.push({ key, field });
    const pathValue = bound.length === 0 ? undefined : boundBy(field.chain, bound);
    try {
      if (pathValue === undefined) field.write(text, bound, out);
      else if (options.conflict === 'error') assertAgrees(key, field, text, pathValue);
    } catch (e) {
      throw e instanceof JsonError ? new JsonError(e.path === '' ? key : `${key}.${e.path}`, e.reason) : e;
    }
  }

  /** The path's value stands; the query may repeat it. */
  function assertAgrees(key: string, field: QueryField, text: string, pathValue: Bound): void {
    const said = codec.createSink();
    if (sameChain(field.chain, pathValue.chain)) field.write(text, [], said);
    if (!sameBytes(said.take(), pathValue.wire))
      throw new JsonError('', `contradicts the path, which sets ${key === '' ? 'it' : printChain(pathValue.chain)}`);
  }
}

interface Setting {
  readonly key: string;
  readonly field: QueryField;
}

/** Twice a singular field or map key, or two members of a oneof, is an error: which one would count? */
function assertFree(key: string, field: QueryField, set: readonly Setting[]): void {
  const last = field.chain.at(-1);
  for (const other of set) {
    const same = sameChain(other.field.chain, field.chain);
    if (same && !last?.repeated && other.field.mapKey === field.mapKey) throw new JsonError(key, 'is given twice');
    if (!same && oneofSiblings(other.field.chain, field.chain))
      throw new JsonError(key, `is in one oneof with ${other.key}: only one of them can be set`);
  }
}

/** The value of the path that a query field would change: the same field, or another member of its oneof. */
function boundBy(chain: FieldChain, bound: readonly Bound[]): Bound | undefined {
  return bound.find((b) => sameChain(b.chain, chain) || oneofSiblings(b.chain, chain));
}

/** Whether the two chains part at two members of one oneof. */
function oneofSiblings(a: FieldChain, b: FieldChain): boolean {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const oneof = a[at]?.oneof;
  return oneof !== undefined && oneof === b[at]?.oneof;
}

function sameChain(a: FieldChain, b: FieldChain): boolean {
  return a.length === b.length && a.every((field, i) => field === b[i]);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function printChain(chain: FieldChain): string {
  return chain.map((f) => f.protoName).join('.');
}

function indexOrEnd(text: string, character: string, from: number, end = text.length): number {
  const at = text.indexOf(character, from);
  return at === -1 || at > end ? end : at;
}

/** Fields of a message by query key, in either spelling. */
class QueryFields {
  readonly #remembered = new Map<string, QueryField>();

  constructor(
    readonly input: MessageType,
    readonly codec: Codec,
    readonly options: { readonly unknown: 'error' | 'ignore'; readonly conflict: 'error' | 'override' },
  ) {}

  find(key: string): QueryField | undefined {
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const field = this.#resolve(key);
    if (field !== undefined && this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(key, field);
    return field;
  }

  #resolve(key: string): QueryField | undefined {
    const bracket = key.endsWith(']') ? key.indexOf('[') : -1;
    const chain = resolveChain(this.input, bracket === -1 ? key : key.slice(0, bracket));
    const last = chain?.at(-1);
    if (chain === undefined || last === undefined) return undefined;
    if (last.kind !== 'map') return bracket === -1 ? this.#plain(chain, last) : undefined;
    return bracket === -1 ? undefined : this.#mapEntry(chain, key.slice(bracket + 1, -1));
  }

  #plain(chain: FieldChain, last: FieldType): QueryField {
    const isMessage = last.kind === 'message' && !last.repeated && !last.type.name.startsWith('google.protobuf.');
    if (!isMessage) {
      const write = this.codec.scalar(chain, { unknown: this.options.unknown });
      return { chain, mapKey: undefined, write: (text, _bound, out) => write(text, out) };
    }
    const parse = this.codec.parser(this.input, chain, { unknown: this.options.unknown });
    return {
      chain,
      mapKey: undefined,
      write: (text, bound, out) => parse(utf8.encode(text), out, { bound, conflict: this.options.conflict, mask: undefined }),
    };
  }

  #mapEntry(chain: FieldChain, mapKey: string): QueryField {
    const write = this.codec.entry(chain, { unknown: this.options.unknown });
    return { chain, mapKey, write: (text, _bound, out) => write(mapKey, text, out) };
  }
}

const utf8 = new TextEncoder();

function resolveChain(input: MessageType, path: string): FieldChain | undefined {
  const names = path.split('.', MAX_NESTING + 2);
  if (names.length > MAX_NESTING) return undefined;
  const chain: FieldType[] = [];
  let type: MessageType | undefined = input;
  for (const name of names) {
    const field: FieldType | undefined = type?.field(name);
    if (field === undefined) return undefined;
    chain.push(field);
    type = field.kind === 'message' && !field.repeated ? field.type : undefined;
  }
  return chain;
}

function unknownKey(key: string, input: MessageType): string {
  const field = resolveChain(input, key.replace(/\[.*$/s, ''));
  const last = field?.at(-1);
  if (last?.kind === 'map') return `is a map: write ${last.protoName}[key]=value`;
  if (last !== undefined) return 'is not a map';
  return 'unknown query parameter';
}
