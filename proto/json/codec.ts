import type { FieldChain, MessageType } from '../schema.js';

/** Bytes being written: wire or JSON text. Reused; its storage never leaves the codec. */
export interface Sink {
  /** Bytes written so far. */
  readonly length: number;
  /** Appends bytes as they are. */
  append(bytes: Uint8Array): void;
  /** A copy of what was written, which nobody writes again, and leaves the sink empty. */
  take(): Uint8Array;
  /** Empties the sink, after an error. */
  reset(): void;
}

/** What the path said of a field: a body or query that names it, or another member of its oneof, must agree. */
export interface Bound {
  readonly chain: FieldChain;
  /** The bytes that `Codec.scalar` wrote for it. */
  readonly wire: Uint8Array;
}

/** Fixed when a parser is compiled. */
export interface ParseOptions {
  /** What to do with a key or enum name that the schema does not know. */
  readonly unknown: 'error' | 'ignore';
  /** FieldMasks in JSON text have paths in lowerCamelCase, as ProtoJSON has it (default), or also in snake_case, as `Codec.scalar` takes them. */
  readonly masks?: 'protojson' | 'either';
}

/** Per request. */
export interface ParseContext {
  readonly bound: readonly Bound[];
  /** `error` refuses a value that contradicts `bound`; `override` leaves it out, so that the path's value stands. */
  readonly conflict: 'error' | 'override';
  /**
   * Where to note the paths (proto names, `a.b`) of the fields that the JSON text names, for a derived FieldMask; undefined = not wanted. They lead
   * from the value that is parsed, which `at` selects; a message with members is named by these.
   */
  readonly mask: string[] | undefined;
}

/** Fixed when a printer is compiled. */
export interface PrintOptions {
  /** Fields without presence are written when they hold their default. */
  readonly defaults: boolean;
  /** Singular message fields that are unset are written as `null`, unless they are in a oneof. Default false. */
  readonly nulls?: boolean;
  readonly protoNames: boolean;
  readonly int64: 'string' | 'number';
  /**
   * Member of an Any with its bytes in base64, where its type is unknown or its content has no JSON form. Default `@value`, which no message has, so
   * that nobody takes the bytes for a field or for the value of a well-known type.
   */
  readonly bytesOfAny?: '@value' | 'value';
}

/** Per request. */
export interface PrintContext {
  readonly pretty: boolean;
  readonly enumNumbers: boolean;
  /** Only these fields (`$fields`) of the value that is printed, which `at` selects; chains may go on behind repeated and map fields. undefined = all. */
  readonly fields: readonly FieldChain[] | undefined;
  /** Largest output in bytes; default: that of the sink. */
  readonly limit?: number;
}

/** Appends to `out` the wire form of the fields that the JSON text sets. Throws {@link JsonError}. */
export type Parser = (json: Uint8Array, out: Sink, request: ParseContext) => void;

/** Appends to `out` the JSON text of the message in `wire`. Throws {@link WireError}. */
export type Printer = (wire: Uint8Array, out: Sink, request: PrintContext) => void;

/** Appends to `out` one field, tag and enclosing messages included, from the text of a capture, a query value or a form value. Throws {@link JsonError}. */
export type ScalarWriter = (text: string, out: Sink) => void;

/** Appends to `out` one entry of a map field, tag and enclosing messages included, from the texts of its key and value (`labels[key]=value`). Throws {@link JsonError}. */
export type EntryWriter = (key: string, value: string, out: Sink) => void;

/**
 * Appends to `out` one field of bytes, string or message kind, tag and enclosing messages included, whose content is given in pieces. The content is
 * not checked. With an empty chain the pieces alone.
 */
export type ContentWriter = (content: readonly Uint8Array[], out: Sink) => void;

/**
 * Appends to `out` the fields of a message in wire form that a client sent, without those that the path sets. Throws {@link JsonError}, its path in
 * proto names, for bytes that servers could read differently: malformed ones, other wire types than the fields', nesting too deep, strings that are
 * not UTF-8.
 */
export type Copier = (wire: Uint8Array, out: Sink, request: Pick<ParseContext, 'bound' | 'conflict'>) => void;

/**
 * Throws {@link JsonError} naming the first required field that a message in wire form lacks, itself or in messages and groups within; also for bytes
 * that are malformed.
 *
 * @param names of the fields in its path: as in JSON, or as in the proto
 */
export type RequiredCheck = (wire: Uint8Array, names: 'json' | 'proto') => void;

/**
 * ProtoJSON (https://protobuf.dev/programming-guides/json/) between JSON text and wire bytes, compiled per type.
 *
 * `at` selects a field of the message (`body: "book"`, `response_body: "book.title"`); empty = the whole message. A parser writes that field
 * inside its enclosing messages, so that its output is always (part of) a message of type `t`; a printer prints that field's value alone, or its
 * default when it is unset (`null` for an unset message).
 */
export interface Codec {
  /**
   * @param limit largest output in bytes (default 256 MiB); a parser or printer that passes it throws its error. Parsing grows its input at most
   * tenfold; printing is not bounded by its input, only by its limit: each field on the wire brings its JSON name, each message the defaults of its
   * fields.
   */
  createSink(limit?: number): Sink;
  /** @param masked as for `scalar`, where `fixed.masks` is `either` */
  parser(t: MessageType, at: FieldChain, fixed: ParseOptions, masked?: readonly MessageType[]): Parser;
  printer(t: MessageType, at: FieldChain, fixed: PrintOptions): Printer;
  /**
   * For any field kind, by ProtoJSON's rules for text: scalars, enum name or number, wrappers, Timestamp, Duration, FieldMask (also snake_case),
   * bytes in any base64 variant; Struct, Value, ListValue and other messages as JSON text. For a repeated field one element.
   *
   * @param masked what a FieldMask may be a mask of: a path that names fields of one of these types, by either name of each, is written in their proto
   * names, whatever letters these have; only others are converted
   */
  scalar(chain: FieldChain, fixed: ParseOptions, masked?: readonly MessageType[]): ScalarWriter;
  /** For a chain that ends in a map field: key and value by the same rules. */
  entry(chain: FieldChain, fixed: ParseOptions): EntryWriter;
  /** For a chain that ends in a singular or repeated field of bytes, string or message kind. */
  content(chain: FieldChain): ContentWriter;
  /** For a message field or, with an empty `at`, the whole message. */
  copier(t: MessageType, at: FieldChain): Copier;
  /** For a message with fields that are `required` (proto2) or LEGACY_REQUIRED (editions) in some depth; undefined for any other. */
  required(t: MessageType): RequiredCheck | undefined;
}

/** The JSON text is malformed or does not fit the message. Safe to show to a client. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  /**
   * @param path JSON path of the offending value, in the spelling of the client: `book.authors[2].born`; '' for the text as a whole
   * @param reason a sentence without input longer than a few words
   */
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(path === '' ? reason : `${path}: ${reason}`);
  }
}

/** The wire bytes are malformed or have no JSON form (invalid UTF-8, a Timestamp out of range). The sender's fault; not for clients to see in detail. */
export class WireError extends Error {
  override readonly name: string = 'WireError';
}

/** What would be printed passes its limit. */
export class OutputLimit extends WireError {
  override readonly name = 'OutputLimit';
}
