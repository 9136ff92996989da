import type { FieldType, MapField } from '../../schema.js';
import { WireFormatError, WireReader } from '../../wire/reader.js';
import { END_GROUP, LENGTH, MAX_DEPTH, START_GROUP } from '../../wire/wire.js';
import { JsonError, type RequiredCheck, WireError } from '../codec.js';
import { fieldKey } from '../field-key.js';
import { Found } from './found.js';
import type { RequiredPlan, Step } from './plan.js';

/** The key of a map entry as JSON text. */
export type PrintKey = (map: MapField, entry: Uint8Array) => string;

/**
 * Compiles the check of a message's required fields. One pass over its bytes: what is there is noted, of a singular message that comes in pieces from
 * all of them, and what is not is found when a message is at its end.
 *
 *     required id; parts { id: "a" } parts { }  ->  `parts[1].id`
 */
export function compileRequired(plan: RequiredPlan, printKey: PrintKey): RequiredCheck {
  return (wire, names) => {
    const check = new Checking(wire, names, printKey);
    const whole = new Found(undefined);
    try {
      check.read(plan, whole, wire.length, 0, 1);
      check.assertWhole(plan, whole);
    } catch (e) {
      throw e instanceof WireFormatError || e instanceof WireError ? new JsonError('', `the message is malformed: ${e.message}`) : e;
    }
  };
}

/** A message while it is read. */
class Checking {
  readonly #reader: WireReader;
  /** The messages that enclose the place that is read or asked about, but for the whole. */
  readonly #above: Found[] = [];

  constructor(
    readonly wire: Uint8Array,
    readonly names: 'json' | 'proto',
    readonly printKey: PrintKey,
  ) {
    this.#reader = new WireReader(wire);
  }

  /**
   * Notes what a message has, from the reader's place on.
   *
   * @param group number of the field whose end tag ends the message; 0 = it ends at `end`
   */
  read(plan: RequiredPlan, found: Found, end: number, group: number, depth: number): void {
    const reader = this.#reader;
    if (depth > MAX_DEPTH) throw new WireFormatError(`messages are nested deeper than ${MAX_DEPTH}`);
    while (reader.pos < end) {
      const tag = reader.tag();
      if ((tag & 7) === END_GROUP) {
        if (tag >>> 3 !== group) throw new WireFormatError('mismatched end of group');
        return;
      }
      const step = plan.steps.get(tag >>> 3);
      if (step === undefined || step.wire !== (tag & 7)) this.#skip(tag);
      else this.#readStep(step, tag, found, depth);
    }
    if (group !== 0 || reader.pos > end) throw new WireFormatError('truncated');
  }

  /** Throws for the first required field that is not there, in the message or those within. */
  assertWhole(plan: RequiredPlan, found: Found): void {
    for (let i = 0; i < plan.required.length; i++) if (!found.has(i)) this.#fail(plan.required[i] as FieldType);
    const messages = found.messages();
    if (messages === undefined) return;
    for (const inner of messages) {
      this.#above.push(inner);
      if (inner.step?.plan !== undefined) this.assertWhole(inner.step.plan, inner);
      this.#above.pop();
    }
  }

  #readStep(step: Step, tag: number, found: Found, depth: number): void {
    const { plan } = step;
    if (step.required >= 0 && this.#isKnown(step)) found.add(step.required);
    if (plan === undefined) this.#skip(tag);
    else if (step.many) {
      const element = found.element(step);
      this.#above.push(element);
      this.#readMessage(step, plan, element, depth);
      // A map's value that is not there is an empty message.
      if (step.field.kind === 'map') for (const value of plan.steps.values()) element.message(value);
      this.assertWhole(plan, element);
      this.#above.pop();
    } else {
      const message = found.message(step);
      this.#above.push(message);
      this.#readMessage(step, plan, message, depth);
      this.#above.pop();
    }
  }

  #readMessage({ field, wire }: Step, plan: RequiredPlan, found: Found, depth: number): void {
    const reader = this.#reader;
    if (wire === START_GROUP) {
      this.read(plan, found, this.wire.length, field.number, depth + 1);
      return;
    }
    found.end = this.#stop();
    found.start = reader.pos;
    this.read(plan, found, found.end, 0, depth + 1);
  }

  /** A closed enum does not have other values than its own: to who reads it the field is not there. */
  #isKnown({ field }: Step): boolean {
    if (field.kind !== 'enum' || !field.type.closed) return true;
    const { pos } = this.#reader;
    const number = this.#reader.int32();
    this.#reader.pos = pos;
    return field.type.valueByNumber(number) !== undefined;
  }

  #skip(tag: number): void {
    if ((tag & 7) === LENGTH) this.#reader.pos = this.#stop();
    else this.#reader.skip(tag);
  }

  /** Where what follows a length ends. */
  #stop(): number {
    const length = this.#reader.uint32();
    const stop = this.#reader.pos + length;
    if (stop > this.wire.length) throw new WireFormatError('truncated');
    return stop;
  }

  #fail(field: FieldType): never {
    const names = [...this.#above.map((found) => this.#nameOf(found)), this.#name(field)];
    throw new JsonError(names.filter((name) => name !== '').join('.'), 'is required');
  }

  #nameOf({ step, index, start, end }: Found): string {
    if (step === undefined || step.field.parent.mapEntry) return '';
    const name = this.#name(step.field);
    if (step.field.kind === 'map') return `${name}[${this.printKey(step.field, this.wire.subarray(start, end))}]`;
    return step.many ? `${name}[${index}]` : name;
  }

  #name(field: FieldType): string {
    return this.names === 'proto' ? field.protoName : fieldKey(field, false);
  }
}
