/** Part of an option's name: `(google.api.http)` or `deprecated`. */
export interface NamePart {
  readonly name: string;
  readonly isExtension: boolean;
}

/** 1-based position in the source, as problems carry it. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `-nan` in text format, whose sign the wire keeps; NaN as a number has none. */
export const NEGATIVE_NAN = '-nan';

/** A value that is one token (or adjacent strings), with its sign taken in. `-inf` is a double. */
export type ScalarValue =
  | { readonly kind: 'identifier'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number | typeof NEGATIVE_NAN }
  | { readonly kind: 'string'; readonly bytes: Uint8Array };

/** A value in text format: a scalar, a message or a list of either. */
export type AggregateValue =
  | (ScalarValue & Position)
  | ({ readonly kind: 'message'; readonly fields: readonly AggregateField[] } & Position)
  | ({ readonly kind: 'list'; readonly values: readonly AggregateValue[] } & Position);

/** One field of a message in text format. `name` of an extension is without its brackets; of an Any it is the type URL. */
export interface AggregateField extends Position {
  readonly kind: 'field' | 'extension' | 'any';
  readonly name: string;
  /** A colon stands before the value; only messages and lists of them can do without. */
  readonly colon: boolean;
  readonly value: AggregateValue;
}

/** What the source says after the `=` of an option. */
export type OptionValue = ScalarValue | { readonly kind: 'aggregate'; readonly fields: readonly AggregateField[] };

/** An option as written, before its name and value have a meaning. */
export interface RawOption {
  readonly name: readonly NamePart[];
  readonly value: OptionValue;
  /** Of the name. */
  readonly at: Position;
  readonly valueAt: Position;
}

/** An option's name as errors write it: `(google.api.http).get`. */
export function printOptionName(name: readonly NamePart[]): string {
  return name.map((part) => (part.isExtension ? `(${part.name})` : part.name)).join('.');
}
