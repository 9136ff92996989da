import type { Result } from './problem.js';

/** Scalar kinds by their names in proto source (https://protobuf.dev/programming-guides/proto3/#scalar). */
export type ScalarKind =
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

/** What every named element of a schema carries. */
export interface Element {
  /** Full name without a leading dot: `bookstore.v1.Book.title`. */
  readonly name: string;
  /** Leading comment, else the trailing one, without comment marks; '' if there is none. */
  readonly comment: string;
  /** The element's options message (`FieldOptions`, `MethodOptions`...) as wire bytes, custom options included. Empty if there are none. */
  readonly options: Uint8Array;
  readonly deprecated: boolean;
}

/** A message type. Immutable once linked; types refer to each other directly, so cycles are ordinary. */
export interface MessageType extends Element {
  readonly file: string;
  /** In order of declaration, extensions not included. */
  readonly fields: readonly FieldType[];
  readonly oneofs: readonly OneofType[];
  /** True for the synthetic `...Entry` message behind a map field. */
  readonly mapEntry: boolean;
  /** By JSON name, else by proto name, as a key of JSON names it; of two fields with one JSON name the first. */
  field(name: string): FieldType | undefined;
  fieldByNumber(number: number): FieldType | undefined;
}

/** A oneof with all its members. The synthetic ones behind proto3 `optional` do not appear. */
export interface OneofType {
  /** Name as written in the proto file: `kind`. */
  readonly name: string;
  readonly comment: string;
  readonly fields: readonly FieldType[];
}

interface FieldBase extends Element {
  /** Name as written in the proto file: `page_size`. For an extension its full name: `pkg.ext`. */
  readonly protoName: string;
  /** `json_name`, given or derived: `pageSize`. For an extension `[pkg.ext]`. */
  readonly jsonName: string;
  readonly number: number;
  /** The message that has the field; for an extension the extended one. */
  readonly parent: MessageType;
  /** A repeated field that is not a map. */
  readonly repeated: boolean;
  /** Written packed when serialized. Parsers accept both forms. */
  readonly packed: boolean;
  readonly oneof: OneofType | undefined;
  /** Set and unset are told apart: message fields, oneof members, `optional`, proto2, editions' explicit presence. Never for repeated and map fields. */
  readonly presence: boolean;
  /** proto2 `required` or editions' LEGACY_REQUIRED. */
  readonly required: boolean;
  readonly extension: boolean;
}

export interface ScalarField extends FieldBase {
  readonly kind: ScalarKind;
  /** A string that is checked as UTF-8. */
  readonly utf8: boolean;
}

export interface EnumField extends FieldBase {
  readonly kind: 'enum';
  readonly type: EnumType;
}

export interface MessageField extends FieldBase {
  readonly kind: 'message';
  readonly type: MessageType;
  /** Group encoding: start and end tags instead of a length. */
  readonly delimited: boolean;
}

export interface MapField extends FieldBase {
  readonly kind: 'map';
  /** The synthetic entry message. */
  readonly type: MessageType;
  readonly key: ScalarField;
  readonly value: ScalarField | EnumField | MessageField;
}

/** A field of a message; `kind` tells which. */
export type FieldType = ScalarField | EnumField | MessageField | MapField;

export interface EnumValue extends Element {
  /** Name in its enum: `SCIENCE`; `name` is the full one in the enum's scope. */
  readonly protoName: string;
  readonly number: number;
}

export interface EnumType extends Element {
  readonly file: string;
  /** In order of declaration, aliases included. */
  readonly values: readonly EnumValue[];
  /** Closed enums (proto2) treat unknown numbers as unknown fields. */
  readonly closed: boolean;
  value(name: string): EnumValue | undefined;
  /** The first value with that number: the canonical one. */
  valueByNumber(number: number): EnumValue | undefined;
}

export interface ServiceType extends Element {
  readonly file: string;
  readonly methods: readonly MethodType[];
  /** Who says to have it (`SourceFiles.offer`), in order of the sources; empty where sources only declare it. */
  readonly offeredBy: readonly string[];
}

/** A method, `name` is its full name `pkg.Service.Method`. */
export interface MethodType extends Element {
  readonly protoName: string;
  /** gRPC path: `/pkg.Service/Method`. */
  readonly path: string;
  readonly service: ServiceType;
  readonly input: MessageType;
  readonly output: MessageType;
  readonly clientStream: boolean;
  readonly serverStream: boolean;
  /** `idempotency_level` is NO_SIDE_EFFECTS or IDEMPOTENT. */
  readonly idempotent: boolean;
}

/** A path through singular message fields to a field: `book.author.name`. Empty means the message itself. */
export type FieldChain = readonly FieldType[];

/** Where an element is declared, 1-based. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Everything the loaded descriptors say, linked. Immutable. Names are full names without a leading dot. */
export interface Schema {
  /** Equal for equal input, whatever the order of files. */
  readonly hash: string;
  readonly services: readonly ServiceType[];
  /** All methods, in order of file, service and declaration. */
  readonly methods: readonly MethodType[];
  message(name: string): MessageType | undefined;
  enum(name: string): EnumType | undefined;
  extensions(of: MessageType): readonly FieldType[];
  /** Declaration of an element by full name, if the source carries source info. */
  where(element: string): Location | undefined;
}

/** What one source brings: serialized FileDescriptorProtos. */
export interface SourceFiles {
  /** For messages: a path, a URL, an address. */
  readonly origin: string;
  /** Changes when the files do: hash, ETag. */
  readonly version: string;
  readonly files: readonly Uint8Array[];
  /**
   * Serves imports and Any types that other sources lack, and yields to them where both have a file: the vendored official protos.
   * Files of other sources must not contradict each other; of two fallbacks that do, the one that says more is taken.
   */
  readonly fallback?: boolean;
  /** Which of the services that its files declare the source really has, by full name, and by what name it goes. Unset: all of them. */
  readonly offer?: Offer;
}

/** A server's own word on what it serves. */
export interface Offer {
  readonly by: string;
  readonly services: readonly string[];
}

/** Links the files of all sources into one schema. Pure: may run in a worker. */
export type Link = (sources: readonly SourceFiles[]) => Result<Schema>;
