import type { EnumType, FieldChain, FieldType, MapField, MessageType, Schema } from '../../schema.js';
import { LENGTH, START_GROUP } from '../../wire/wire.js';
import { type FixedText, fixedText } from '../arena.js';
import type { PrintOptions } from '../codec.js';
import { fieldKey } from '../field-key.js';
import { formOf, isBare, NULL_VALUE } from '../form.js';
import { wireTypeOf } from '../wire-type.js';
import { defaultText } from './default-text.js';
import type { EnumNames, PrintField, PrintKind, PrintPlan } from './plan.js';

const DENSE = 256;
const empty = '';

/** Compiles and keeps the plans of one set of print options. */
export class PrintCompiler {
  readonly #plans = new Map<MessageType, PrintPlan>();
  readonly #names = new Map<EnumType, EnumNames>();

  constructor(
    readonly schema: Schema,
    readonly options: PrintOptions,
  ) {}

  plan(type: MessageType): PrintPlan {
    const known = this.#plans.get(type);
    if (known !== undefined) return known;
    const plan = emptyPlan(type);
    this.#plans.set(type, plan);
    fill(plan, this.#fields(type));
    return plan;
  }

  /**
   * A plan that prints the value of one field alone: each step of the chain is a plan with one field and no key.
   *
   *     at = [book, title]  ->  { book: inline -> { title: string } }, so that 0a 03 0a 01 41 prints "A"
   *
   * Whatever is unset on the way, the default of the last field is printed.
   */
  solo(type: MessageType, at: FieldChain, value: (f: FieldType) => PrintField = (f) => this.#field(f, empty, 0)): PrintPlan {
    const [field, ...rest] = at;
    const last = at.at(-1);
    if (field === undefined || last === undefined) return this.plan(type);
    const absent = fixedText(defaultText(last, this.options, false));
    const absentNumber = fixedText(defaultText(last, this.options, true));
    const record = value(field);
    const inner: Partial<PrintField> =
      rest.length === 0 || field.kind !== 'message' ? {} : { kind: 'inline', plan: this.solo(field.type, rest, value) };
    const plan = emptyPlan(type);
    fill(plan, [{ ...record, ...inner, key: fixedText(empty), absent, absentNumber, dropDefault: false }]);
    return plan;
  }

  #fields(type: MessageType): PrintField[] {
    if (isBare(formOf(type))) return type.fields.map((f) => this.#bareField(type, f));
    const all = [...type.fields, ...this.schema.extensions(type)];
    const { protoNames } = this.options;
    return all.map((f) => this.#field(f, keyText(fieldKey(f, protoNames)), oneofNumber(type, f)));
  }

  /** A field of a wrapper, Struct, ListValue or Value, of which the value alone is printed. */
  #bareField(type: MessageType, f: FieldType): PrintField {
    const record = this.#field(f, empty, oneofNumber(type, f));
    const absent = formOf(type) === 'value' ? undefined : fixedText(defaultText(f, this.options, false));
    const kind = formOf(type) === 'value' && f.kind === 'double' ? 'finite' : record.kind;
    return { ...record, kind, absent, absentNumber: absent, dropDefault: false };
  }

  #field(f: FieldType, key: string, oneof: number): PrintField {
    const implicit = !(f.presence || f.repeated || f.kind === 'map');
    const absent = (numbers: boolean) => (this.#isWrittenUnset(f) ? fixedText(key + defaultText(f, this.options, numbers)) : undefined);
    const wire = wireTypeOf(f);
    return {
      number: f.number,
      tag: ((f.number << 3) | (f.packed ? LENGTH : wire)) >>> 0,
      kind: this.#kind(f),
      shape: f.kind === 'map' ? 'map' : f.repeated ? 'many' : 'one',
      wire,
      packable: f.repeated && wire !== LENGTH && wire !== START_GROUP,
      key: fixedText(key),
      absent: absent(false),
      absentNumber: absent(true),
      dropDefault: implicit && !this.options.defaults,
      quoted: this.options.int64 === 'string',
      oneof,
      names: f.kind === 'enum' ? this.#enumNames(f.type) : undefined,
      plan: f.kind === 'message' ? this.plan(f.type) : undefined,
      entry: f.kind === 'map' ? this.#entry(f) : undefined,
      careful: false,
      next: end,
    };
  }

  /** ProtoJSON writes extensions only when they are set: there may be any number that the sender has never heard of. */
  #isWrittenUnset(f: FieldType): boolean {
    if (f.oneof !== undefined || f.extension) return false;
    return f.presence ? f.kind === 'message' && this.options.nulls === true : this.options.defaults;
  }

  #entry(f: MapField): { key: PrintField; value: PrintField } {
    const part = (x: FieldType, quoted: boolean): PrintField => {
      const text = (numbers: boolean) => fixedText(defaultText(x, this.options, numbers));
      return { ...this.#field(x, empty, 0), absent: text(false), absentNumber: text(true), dropDefault: false, quoted };
    };
    // Keys are quoted in any case, by the printer of maps.
    return { key: part(f.key, false), value: part(f.value, this.options.int64 === 'string') };
  }

  #kind(f: FieldType): PrintKind {
    if (f.kind === 'enum') return f.type.name === NULL_VALUE ? 'null' : 'enum';
    if (f.kind === 'message') return formOf(f.type);
    return f.kind === 'map' ? 'message' : f.kind;
  }

  #enumNames(type: EnumType): EnumNames {
    const known = this.#names.get(type);
    if (known !== undefined) return known;
    const dense: (FixedText | undefined)[] = new Array(DENSE).fill(undefined);
    const sparse = new Map<number, FixedText>();
    for (const { number, protoName } of type.values) {
      const text = fixedText(`"${protoName}"`);
      if (number >= 0 && number < DENSE) dense[number] ??= text;
      else if (!sparse.has(number)) sparse.set(number, text);
    }
    const names: EnumNames = { type, dense, sparse, closed: type.closed };
    this.#names.set(type, names);
    return names;
  }
}

/** The record that ends every plan. */
const end: PrintField = endOfPlan();

function endOfPlan(): PrintField {
  const record: Omit<PrintField, 'next'> & { next: PrintField | undefined } = {
    number: 2 ** 30,
    tag: -1,
    kind: 'message',
    shape: 'one',
    wire: 0,
    packable: false,
    key: fixedText(empty),
    absent: undefined,
    absentNumber: undefined,
    dropDefault: false,
    quoted: false,
    oneof: 0,
    names: undefined,
    plan: undefined,
    entry: undefined,
    careful: false,
    next: undefined,
  };
  record.next = record as PrintField;
  return record as PrintField;
}

/** A plan whose fields are still to come, so that types that contain themselves can be compiled. */
export function emptyPlan(type: MessageType): PrintPlan {
  return { type, form: formOf(type), fields: [], first: end, byNumber: new Map(), writesAbsent: false, careful: false };
}

/** Puts the fields in order and links them. */
export function fill(plan: PrintPlan, fields: readonly PrintField[]): void {
  const ordered = fields.toSorted((a, b) => a.number - b.number);
  plan.fields = ordered;
  plan.first = ordered[0] ?? end;
  plan.byNumber = new Map(ordered.map((f) => [f.number, f]));
  plan.writesAbsent = ordered.some((f) => f.absent !== undefined);
  for (const [index, f] of ordered.entries()) f.next = ordered[index + 1] ?? end;
}

function oneofNumber(type: MessageType, f: FieldType): number {
  return f.oneof === undefined ? 0 : type.oneofs.indexOf(f.oneof) + 1;
}

function keyText(name: string): string {
  return `,${JSON.stringify(name)}:`;
}
