import type { Codec, ContentWriter, EntryWriter, ParseContext, ParseOptions, Parser, ScalarWriter, Sink } from '../../proto/json/codec.js';
import { JsonError } from '../../proto/json/codec.js';
import { formOf } from '../../proto/json/form.js';
import type { FieldChain, FieldType, MessageType } from '../../proto/schema.js';

/** Most dots in a key. */
const MAX_NESTING = 32;

const utf8 = new TextEncoder();

/**
 * A field of a request that a key of a query string or form names: `page_size`, `author.fullName`, `labels[k]`. Its writers are compiled when they
 * are first needed. They throw {@link JsonError}, whose path leads on from the field.
 */
export class NamedField {
  readonly name: string;
  #scalar: ScalarWriter | undefined;
  #entry: EntryWriter | undefined;
  #parser: Parser | undefined;
  #content: ContentWriter | undefined;

  /**
   * @param input the message in which the chain begins
   * @param masked what it may be a mask of, if it is one
   */
  constructor(
    readonly codec: Codec,
    readonly input: MessageType,
    readonly chain: FieldChain,
    readonly last: FieldType,
    readonly options: ParseOptions,
    readonly masked: readonly MessageType[],
  ) {
    this.name = chain.map((f) => f.protoName).join('.');
  }

  /**
   * Writes the field from the text of a parameter: by ProtoJSON's rules, messages as JSON text; one element, if it is repeated.
   *
   * @param mapKey key of the entry, if the chain ends in a map
   */
  writeText(text: string, mapKey: string | undefined, request: ParseContext, out: Sink): void {
    if (mapKey === undefined && isPlainMessage(this.last)) {
      this.#parse(utf8.encode(text), request, out);
      return;
    }
    try {
      if (mapKey !== undefined) {
        this.#entry ??= this.codec.entry(this.chain, this.#ofText());
        this.#entry(mapKey, text, out);
      } else {
        this.#scalar ??= this.codec.scalar(this.chain, this.#ofText(), isMask(this.last) ? this.masked : undefined);
        this.#scalar(text, out);
      }
    } catch (e) {
      throw e instanceof JsonError ? new JsonError(this.#pathWithin(e.path, mapKey), e.reason) : e;
    }
  }

  /** Writes the field from its content in wire form, in pieces. Only for a field of bytes or message kind. */
  writeContent(content: readonly Uint8Array[], out: Sink): void {
    this.#content ??= this.codec.content(this.chain);
    this.#content(content, out);
  }

  /** The text is that of an unset field: a field without presence that holds its default. `scratch` is an empty sink. */
  isDefault(text: string, scratch: Sink): boolean {
    if (this.last.presence) return false;
    this.codec.scalar([this.last], this.options)(text, scratch);
    const wire = scratch.take();
    const valueAt = wire.findIndex((byte) => byte < 0x80) + 1;
    return wire.subarray(valueAt).every((byte) => byte === 0);
  }

  /** An enum name that is unknown is a wrong value of a known key: without it a filter would let everything pass. */
  #ofText(): ParseOptions {
    const value = this.last.kind === 'map' ? this.last.value : this.last;
    return value.kind === 'enum' ? { ...this.options, unknown: 'error' } : this.options;
  }

  #parse(json: Uint8Array, request: ParseContext, out: Sink): void {
    this.#parser ??= this.codec.parser(this.input, this.chain, this.options);
    this.#parser(json, out, request);
  }

  /** The writers of texts name the field themselves. */
  #pathWithin(path: string, mapKey: string | undefined): string {
    const rest = path.startsWith(this.name) ? path.slice(this.name.length) : path;
    const entry = mapKey === undefined ? '' : `[${JSON.stringify(mapKey)}]`;
    const within = rest.startsWith(entry) ? rest.slice(entry.length) : rest;
    return within.startsWith('.') ? within.slice(1) : within;
  }
}

function isMask(field: FieldType): boolean {
  return field.kind === 'message' && formOf(field.type) === 'mask';
}

/** A message written as an object of its fields, of which some may be bound by the path. */
function isPlainMessage(field: FieldType): boolean {
  return field.kind === 'message' && !field.repeated && formOf(field.type) === 'message';
}

/** The fields that a key leads through, by either name of each as in JSON; undefined if there is no such field. */
export function resolveKey(type: MessageType, key: string): FieldChain | undefined {
  const names = key.split('.', MAX_NESTING + 2);
  if (names.length > MAX_NESTING) return undefined;
  const chain: FieldType[] = [];
  let within: MessageType | undefined = type;
  for (const name of names) {
    const field: FieldType | undefined = within?.field(name);
    if (field === undefined) return undefined;
    chain.push(field);
    within = messageOf(field);
  }
  return chain;
}

/** The type in which a key may go on behind a field. */
export function messageOf(field: FieldType): MessageType | undefined {
  return field.kind === 'message' && !field.repeated ? field.type : undefined;
}
