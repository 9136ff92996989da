import type { EnumType, FieldType, MapField, MessageType, Schema } from '../../schema.js';
import { LENGTH } from '../../wire/wire.js';
import { fixedText } from '../arena.js';
import type { ParseOptions } from '../codec.js';
import { formOf, NULL_VALUE } from '../form.js';
import { wireTypeOf } from '../wire-type.js';
import { KeyTable } from './keys.js';
import type { ParseField, ParseKind, ParsePlan } from './plan.js';

/** Compiles and keeps the plans of one set of parse options. */
export class ParseCompiler {
  readonly #plans = new Map<MessageType, ParsePlan>();
  readonly #values = new Map<EnumType, KeyTable<number>>();
  readonly #steps = new Map<FieldType, ParseField>();

  constructor(
    readonly schema: Schema,
    readonly options: ParseOptions,
  ) {}

  plan(type: MessageType): ParsePlan {
    const known = this.#plans.get(type);
    if (known !== undefined) return known;
    const plan: ParsePlan = { type, form: formOf(type), fields: [], first: end, keys: new KeyTable([]), words: 0 };
    this.#plans.set(type, plan);
    const all = [...type.fields, ...this.schema.extensions(type)];
    const fields = all.map((f, index) => this.field(f, index, oneofBit(type, f, all.length)));
    for (const [index, f] of fields.entries()) f.next = fields[index + 1] ?? end;
    plan.fields = fields;
    plan.first = fields[0] ?? end;
    plan.words = Math.ceil((all.length + type.oneofs.length) / 32);
    plan.keys = new KeyTable([
      ...fields.map((f): [string, ParseField] => [f.type.jsonName, f]),
      ...fields.filter((f) => !f.type.extension).map((f): [string, ParseField] => [f.type.protoName, f]),
    ]);
    return plan;
  }

  /** The record of a field outside of a plan, one for all chains: which chains there are is for clients to say. */
  step(f: FieldType): ParseField {
    const known = this.#steps.get(f) ?? this.field(f);
    this.#steps.set(f, known);
    return known;
  }

  /** The record of a field; `bit` and `oneofBit` matter within a plan only. */
  field(f: FieldType, bit = 0, oneof = -1): ParseField {
    const wire = wireTypeOf(f);
    return {
      type: f,
      kind: this.#kind(f),
      shape: f.kind === 'map' ? 'map' : f.repeated ? 'many' : 'one',
      key: fixedText(`${JSON.stringify(f.jsonName)}:`),
      tag: ((f.number << 3) | (f.packed ? LENGTH : wire)) >>> 0,
      wire,
      packed: f.packed,
      dropDefault: !(f.presence || f.repeated || f.kind === 'map'),
      bit,
      oneofBit: oneof,
      values: f.kind === 'enum' ? this.#valueTable(f.type) : undefined,
      plan: f.kind === 'message' ? this.plan(f.type) : undefined,
      entry: f.kind === 'map' ? this.#entry(f) : undefined,
      lengthSize: 1,
      next: end,
    };
  }

  #entry(f: MapField): { key: ParseField; value: ParseField } {
    return { key: this.field(f.key), value: this.field(f.value) };
  }

  #kind(f: FieldType): ParseKind {
    if (f.kind === 'enum') return f.type.name === NULL_VALUE ? 'null' : 'enum';
    if (f.kind === 'message') return formOf(f.type);
    return f.kind === 'map' ? 'message' : f.kind;
  }

  #valueTable(type: EnumType): KeyTable<number> {
    const known = this.#values.get(type);
    if (known !== undefined) return known;
    const table = new KeyTable(type.values.map((value): [string, number] => [value.protoName, value.number]));
    this.#values.set(type, table);
    return table;
  }
}

function oneofBit(type: MessageType, f: FieldType, first: number): number {
  return f.oneof === undefined ? -1 : first + type.oneofs.indexOf(f.oneof);
}

/** The record that ends every plan: no key equals its own. */
const end: ParseField = endOfPlan();

function endOfPlan(): ParseField {
  const type = { kind: 'string', protoName: '', jsonName: '' } as FieldType;
  const record: Omit<ParseField, 'next'> & { next: ParseField | undefined } = {
    type,
    kind: 'message',
    shape: 'one',
    key: fixedText('\uffff'),
    tag: 0,
    wire: 0,
    packed: false,
    dropDefault: false,
    bit: 0,
    oneofBit: -1,
    values: undefined,
    plan: undefined,
    entry: undefined,
    lengthSize: 1,
    next: undefined,
  };
  record.next = record as ParseField;
  return record as ParseField;
}
