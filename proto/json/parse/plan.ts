import type { FieldType, MessageType, ScalarKind } from '../../schema.js';
import type { FixedText } from '../arena.js';
import type { Form } from '../form.js';
import type { KeyTable } from './keys.js';

/** How one value of a field is parsed. `null`: google.protobuf.NullValue. */
export type ParseKind = ScalarKind | Form | 'enum' | 'null';

/**
 * What the interpreter needs to know of a field.
 *
 *     string page_size = 2  ->  key `"pageSize":`, kind 'string', tag 0x12
 */
export interface ParseField {
  readonly type: FieldType;
  readonly kind: ParseKind;
  readonly shape: 'one' | 'many' | 'map';
  /** The JSON name in quotes and the colon, as nearly every client writes them. No JSON begins like that of the record that ends a plan. */
  readonly key: FixedText;
  /** Tag of a single value; of the whole if `packed`. */
  readonly tag: number;
  readonly wire: number;
  readonly packed: boolean;
  /** A default is not written. */
  readonly dropDefault: boolean;
  /** Bits in the message's set of members seen: the field's own and, or -1, its oneof's. */
  readonly bit: number;
  readonly oneofBit: number;
  readonly values: KeyTable<number> | undefined;
  readonly plan: ParsePlan | undefined;
  readonly entry: { readonly key: ParseField; readonly value: ParseField } | undefined;
  /** Bytes that the length of the last value (or map entry, or packed whole) took: what the next one's probably takes. */
  lengthSize: number;
  /** The field that is declared next, which a client that writes in order sends next; the last record is its own next. */
  next: ParseField;
}

/** A message type as the parser sees it. */
export interface ParsePlan {
  readonly type: MessageType;
  readonly form: Form;
  fields: readonly ParseField[];
  first: ParseField;
  /** Every field by both its names. */
  keys: KeyTable<ParseField>;
  /** Size of the set of members seen, in 32-bit words. */
  words: number;
}
