import type { EnumType, MessageType, ScalarKind } from '../../schema.js';
import type { FixedText } from '../arena.js';
import type { Form } from '../form.js';

/** How one value of a field is printed. `finite`: a double that may not be NaN or infinite;
 * `inline`: the members of a message without braces, a step of a field chain. */
export type PrintKind = ScalarKind | Form | 'enum' | 'null' | 'finite' | 'inline';

/**
 * What the interpreter needs to know of a field. Texts are JSON, ready to copy; a key includes the comma before it (the first one of an
 * object is overwritten by the brace) and the colon.
 *
 *     string page_size = 2  ->  number 2, tag 0x12, kind 'string', key `,"pageSize":`, absent `,"pageSize":""`
 */
export interface PrintField {
  readonly number: number;
  /** As it is written on the wire by default; -1 in the record that ends a plan. */
  readonly tag: number;
  readonly kind: PrintKind;
  readonly shape: 'one' | 'many' | 'map';
  /** Wire type of a single value. */
  readonly wire: number;
  /** A repeated field whose values may also be packed. */
  readonly packable: boolean;
  readonly key: FixedText;
  /** Written when the field is not on the wire: its default with its key. */
  readonly absent: FixedText | undefined;
  /** The same with enum values as numbers. */
  readonly absentNumber: FixedText | undefined;
  /** A default on the wire counts as absent. */
  readonly dropDefault: boolean;
  /** 64-bit integers are quoted. */
  readonly quoted: boolean;
  /** 1-based number of its oneof in the message, 0 = in none. */
  readonly oneof: number;
  readonly names: EnumNames | undefined;
  readonly plan: PrintPlan | undefined;
  /** Key and value of a map entry. */
  readonly entry: { readonly key: PrintField; readonly value: PrintField } | undefined;
  /** A map that came with equal keys once: its keys are looked through before it is printed. */
  careful: boolean;
  /** The field with the next higher number; the record that ends the plan has a number past all others and is its own next. */
  next: PrintField;
}

/** A message type as the printer sees it. */
export interface PrintPlan {
  readonly type: MessageType;
  readonly form: Form;
  /** By ascending number. */
  fields: readonly PrintField[];
  first: PrintField;
  byNumber: ReadonlyMap<number, PrintField>;
  /** Some field has a default to write. */
  writesAbsent: boolean;
  /**
   * Messages of this type came with fields out of order, or twice, or with two members of a oneof (Go writes a oneof where its first member
   * would stand): from then on each is looked through before it is printed.
   */
  careful: boolean;
}

/** Enum values as JSON text: `"SCIENCE"`. */
export interface EnumNames {
  readonly type: EnumType;
  /** The small numbers, where nearly all are. */
  readonly dense: readonly (FixedText | undefined)[];
  readonly sparse: ReadonlyMap<number, FixedText>;
  /** Numbers without a name are unknown fields. */
  readonly closed: boolean;
}
