import type { MessageElement } from './element.js';
import { type AnyField, traitsOf } from './field-traits.js';
import type { NEGATIVE_NAN } from './option.js';

/** A value of a field: integers of all sizes and enums as bigint. */
export type Value = bigint | number | typeof NEGATIVE_NAN | boolean | Uint8Array | MessageValue;

/** A message under construction: options, or a message inside them. */
export class MessageValue {
  readonly #values = new Map<AnyField, Value[]>();

  constructor(readonly type: MessageElement) {}

  get fields(): ReadonlyMap<AnyField, readonly Value[]> {
    return this.#values;
  }

  /** The first value of the field with that name, at the end of a chain of names: `get('features', 'field_presence')`. */
  get(name: string, ...rest: readonly string[]): Value | undefined {
    for (const [{ kind, node }, values] of this.#values) {
      if (kind !== 'field' || node.name !== name) continue;
      const value = values[0];
      const [next, ...others] = rest;
      if (next === undefined) return value;
      return value instanceof MessageValue ? value.get(next, ...others) : undefined;
    }
    return undefined;
  }

  /** All values of the field with that name. */
  list(name: string): readonly Value[] {
    for (const [{ kind, node }, values] of this.#values) if (kind === 'field' && node.name === name) return values;
    return [];
  }

  has(field: AnyField): boolean {
    return this.#values.has(field);
  }

  /** The member of the field's oneof that is set. */
  sibling(field: AnyField): AnyField | undefined {
    const { oneofIndex } = field.node;
    if (oneofIndex === undefined || field.kind === 'extension') return undefined;
    for (const other of this.#values.keys()) {
      if (other !== field && other.kind === 'field' && other.node.oneofIndex === oneofIndex) return other;
    }
    return undefined;
  }

  /** Sets a singular field, and unsets the rest of its oneof; adds to a repeated one. */
  put(field: AnyField, value: Value): void {
    const values = this.#values.get(field);
    if (values !== undefined && traitsOf(field).repeated) {
      values.push(value);
      return;
    }
    const sibling = this.sibling(field);
    if (sibling !== undefined) this.#values.delete(sibling);
    this.#values.set(field, [value]);
  }

  /** The message in a singular field, made if it is not there. */
  message(field: AnyField, type: MessageElement): MessageValue {
    const value = this.#values.get(field)?.[0];
    if (value instanceof MessageValue) return value;
    const made = new MessageValue(type);
    this.put(field, made);
    return made;
  }
}
