import type { Bound, Codec, ParseContext, Sink } from '../../proto/json/codec.js';
import { JsonError } from '../../proto/json/codec.js';
import type { FieldChain, MessageType } from '../../proto/schema.js';
import { splitList } from './list-text.js';
import { NamedField, resolveKey } from './named-field.js';
import { decodeComponent } from './percent.js';
import type { Settings } from './settings.js';
import { explainUnknown } from './unknown-key.js';

/** `commas`: `a=1,2`. `brackets`: `a[]=1&a[]=2`. */
export type QueryLists = 'repeat' | 'commas' | 'brackets' | 'any';

/** What holds for all keys of a binding's query or form. */
export interface BinderOptions {
  readonly unknown: 'error' | 'ignore';
  readonly conflict: 'error' | 'override';
  /** How the elements of a list may be written, beside repeating its key. */
  readonly lists: QueryLists;
  /** What a key is called in errors: `query parameter`. */
  readonly noun: string;
  /** What masks may be masks of. */
  readonly masked: readonly MessageType[];
  /** Why a key must not be used, though it may name a field; undefined if it may. */
  refuse(chain: FieldChain | undefined): string | undefined;
}

/** A request whose message is being written. */
export interface Draft {
  readonly bound: readonly Bound[];
  readonly set: Settings;
  /** Where the paths of the fields that are set are noted, from the body's message on; undefined = not wanted. */
  readonly mask: string[] | undefined;
  readonly out: Sink;
}

/** Most keys in one query string or form. */
export const MAX_KEYS = 1000;
/** Most keys whose fields are remembered for one binding, and most fields that these lead through; others are looked up each time. */
const MAX_REMEMBERED = 256;
const MAX_STEPS = 512;

/**
 * Writes the fields that keys name: those of a query string and of both kinds of form. Compiled per binding.
 *
 *     page_size=10&filter.tags=a&filter.tags=b&labels[k]=v  ->  page_size: 10, filter { tags: ["a", "b"] }, labels { "k": "v" }
 */
export class FieldBinder {
  /** By key, that of a map entry aside: what only one client writes is not kept. */
  readonly #remembered = new Map<string, NamedField>();
  #steps = 0;
  readonly #type: MessageType | undefined;
  readonly #takesCommas: boolean;
  readonly #takesBrackets: boolean;

  /** @param at the message of the request within which the keys begin; empty = the whole */
  constructor(
    readonly input: MessageType,
    readonly at: FieldChain,
    readonly codec: Codec,
    readonly options: BinderOptions,
  ) {
    const last = at.at(-1);
    this.#takesCommas = options.lists === 'commas' || options.lists === 'any';
    this.#takesBrackets = options.lists === 'brackets' || options.lists === 'any';
    this.#type = last === undefined ? input : last.kind === 'message' ? last.type : undefined;
  }

  /** Writes the fields of text in the form `application/x-www-form-urlencoded`. Throws {@link JsonError} naming the key. */
  bindPairs(text: string, draft: Draft): void {
    const { noun } = this.options;
    let count = 0;
    for (let start = 0; start < text.length; ) {
      const end = indexOrEnd(text, '&', start, text.length);
      if (end > start) {
        const equals = indexOrEnd(text, '=', start, end);
        const key = decodeComponent(text.slice(start, equals), '', noun);
        const field = this.find(key);
        const value = text.slice(equals + 1, end);
        const list = this.#takesCommas && field !== undefined ? splitList(field.last, value, key, noun, MAX_KEYS + 1) : undefined;
        count += list?.length ?? 1;
        if (count > MAX_KEYS) throw new JsonError('', `more than ${MAX_KEYS} ${noun}s`);
        if (list !== undefined && field !== undefined) for (const element of list) this.bindText(key, field, element, draft);
        else if (field !== undefined) this.bindText(key, field, decodeComponent(value, key, noun), draft);
      }
      start = end + 1;
    }
  }

  /** The field of a key; undefined if it is to be ignored. Throws {@link JsonError} if it is refused. */
  find(key: string): NamedField | undefined {
    const bracket = key.endsWith(']') ? key.indexOf('[') : -1;
    const name = bracket === -1 ? key : key.slice(0, bracket);
    const named = this.#remembered.get(name) ?? this.#resolve(name);
    const fits = named?.last.kind === 'map' ? bracket !== -1 : bracket === -1 || this.#isBracketed(key, bracket, named);
    const field = fits ? named : undefined;
    const refusal = this.options.refuse(field?.chain);
    if (field !== undefined && refusal === undefined) {
      this.#remember(name, field);
      return field;
    }
    if (this.options.unknown === 'ignore' || this.#type === undefined) return undefined;
    throw new JsonError(key, refusal ?? explainUnknown(key, this.#type, this.options.noun));
  }

  /** Whether the key is a list with empty brackets behind it, which say that it is one. */
  #isBracketed(key: string, bracket: number, named: NamedField | undefined): boolean {
    return this.#takesBrackets && bracket === key.length - '[]'.length && named?.last.repeated === true;
  }

  #remember(name: string, field: NamedField): void {
    const steps = this.#steps + field.chain.length;
    if (this.#remembered.size >= MAX_REMEMBERED || steps > MAX_STEPS || this.#remembered.has(name)) return;
    // Part of a text keeps the whole text.
    this.#remembered.set(Buffer.from(name).toString(), field);
    this.#steps = steps;
  }

  bindText(key: string, field: NamedField, text: string, draft: Draft): void {
    const mapKey = mapKeyOf(key, field);
    draft.set.add(key, field.chain, mapKey);
    const pathValue = draft.bound.length === 0 ? undefined : boundBy(field.chain, draft.bound);
    try {
      if (pathValue === undefined) this.#writeText(field, mapKey, text, draft);
      else if (this.options.conflict === 'error') this.#assertAgrees(field, mapKey, text, pathValue);
    } catch (e) {
      throw e instanceof JsonError ? new JsonError(joinPath(key, e.path), e.reason) : e;
    }
  }

  /** Writes a field of bytes or a google.api.HttpBody, whose content is given in wire form. What the path sets within it stands. */
  bindContent(key: string, field: NamedField, content: readonly Uint8Array[], draft: Draft): void {
    draft.set.add(key, field.chain);
    const pathValue = boundBy(field.chain, draft.bound);
    if (pathValue === undefined) {
      field.writeContent(content, draft.out);
      if (draft.mask !== undefined) this.#note(field, [], draft.mask);
    } else if (this.options.conflict === 'error') throw contradiction(key, pathValue);
  }

  #writeText(field: NamedField, mapKey: string | undefined, text: string, { bound, mask, out }: Draft): void {
    const inner: string[] | undefined = mask === undefined ? undefined : [];
    field.writeText(text, mapKey, { bound, conflict: this.options.conflict, mask: inner }, out);
    if (mask !== undefined) this.#note(field, inner ?? [], mask);
  }

  /** Notes what was set, as a JSON body that sets the same would have it. */
  #note(field: NamedField, inner: readonly string[], mask: string[]): void {
    const path = printChain(field.chain.slice(this.at.length));
    const paths = inner.length === 0 ? [path] : inner.map((rest) => `${path}.${rest}`);
    mask.push(...paths);
  }

  /** The path's value stands; a key may repeat it, or leave it empty: clients send what they have no value for. */
  #assertAgrees(field: NamedField, mapKey: string | undefined, text: string, pathValue: Bound): void {
    if (sameChain(field.chain, pathValue.chain)) {
      const said = this.codec.createSink();
      field.writeText(text, mapKey, unbound, said);
      if (sameBytes(said.take(), pathValue.wire) || field.isDefault(text, said)) return;
    }
    throw contradiction('', pathValue);
  }

  #resolve(name: string): NamedField | undefined {
    if (this.#type === undefined) return undefined;
    const within = resolveKey(this.#type, name);
    const last = within?.at(-1);
    if (within === undefined || last === undefined) return undefined;
    const { codec, input, at } = this;
    return new NamedField(codec, input, [...at, ...within], last, { unknown: this.options.unknown }, this.options.masked);
  }
}

/** Key of the entry that a key names of a map: `k` of `labels[k]`. */
function mapKeyOf(key: string, { last }: NamedField): string | undefined {
  return last.kind === 'map' ? key.slice(key.indexOf('[') + 1, -1) : undefined;
}

const unbound: ParseContext = { bound: [], conflict: 'error', mask: undefined };

/** The value of the path that setting a field would change: of the same field, of one that it stands in, or of another member of a oneof. */
function boundBy(chain: FieldChain, bound: readonly Bound[]): Bound | undefined {
  return bound.find((b) => isWithin(chain, b.chain) || oneofSiblings(b.chain, chain));
}

function isWithin(chain: FieldChain, outer: FieldChain): boolean {
  return outer.length <= chain.length && outer.every((field, i) => field === chain[i]);
}

/** Whether the two chains part at two members of one oneof. */
function oneofSiblings(a: FieldChain, b: FieldChain): boolean {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const oneof = a[at]?.oneof;
  return oneof !== undefined && oneof === b[at]?.oneof;
}

function contradiction(key: string, { chain }: Bound): JsonError {
  return new JsonError(key, `contradicts the path, which sets ${printChain(chain)}`);
}

function sameChain(a: FieldChain, b: FieldChain): boolean {
  return a.length === b.length && isWithin(a, b);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function joinPath(key: string, path: string): string {
  return path === '' || path.startsWith('[') ? key + path : `${key}.${path}`;
}

function printChain(chain: FieldChain): string {
  return chain.map((f) => f.protoName).join('.');
}

function indexOrEnd(text: string, character: string, from: number, end: number): number {
  const at = text.indexOf(character, from);
  return at === -1 || at > end ? end : at;
}
