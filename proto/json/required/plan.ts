import type { FieldType, MessageType, Schema } from '../../schema.js';
import { wireTypeOf } from '../wire-type.js';

/** A field that is required, or in whose messages some field is. */
export interface Step {
  readonly field: FieldType;
  readonly wire: number;
  /** Place among the required fields of its message; -1 if it is none. */
  readonly required: number;
  /** Each value is a message of its own: a repeated field, a map. */
  readonly many: boolean;
  /** Of its messages; undefined if nothing in them is required. */
  readonly plan: RequiredPlan | undefined;
}

/** What a message must have, in some depth. */
export interface RequiredPlan {
  readonly required: readonly FieldType[];
  readonly steps: ReadonlyMap<number, Step>;
}

/**
 * Finds the fields that proto2 (`required`) and editions (`LEGACY_REQUIRED`) require. Most types have none in any depth, and no plan. Contents of
 * google.protobuf.Any are no part of a message: who unpacks them checks them.
 */
export class RequiredCompiler {
  readonly #known = new Map<MessageType, RequiredPlan | undefined>();

  constructor(readonly schema: Schema) {}

  plan(type: MessageType): RequiredPlan | undefined {
    if (!this.#known.has(type)) this.#compile(type);
    return this.#known.get(type);
  }

  /** Makes the plans of all types that are reached from one and are not known yet. */
  #compile(root: MessageType): void {
    const holders = new Map<MessageType, Set<MessageType>>([[root, new Set()]]);
    // A Map's iterator also visits what is added while it runs.
    for (const type of holders.keys()) {
      for (const inner of this.#fields(type).map(messageOf)) {
        if (inner === undefined || this.#known.has(inner)) continue;
        holders.set(inner, (holders.get(inner) ?? new Set()).add(type));
      }
    }
    const strict = new Set([...holders.keys()].filter((type) => this.#fields(type).some((f) => f.required || this.#isStrict(f))));
    for (const type of strict) for (const holder of holders.get(type) ?? []) strict.add(holder);
    const plans = new Map([...strict].map((type) => [type, { required: type.fields.filter((f) => f.required), steps: new Map() }]));
    for (const type of holders.keys()) this.#known.set(type, plans.get(type));
    for (const [type, { required, steps }] of plans) {
      for (const field of this.#fields(type)) {
        const step = this.#step(field, required.indexOf(field));
        if (step.required >= 0 || step.plan !== undefined) steps.set(field.number, step);
      }
    }
  }

  #step(field: FieldType, required: number): Step {
    const type = messageOf(field);
    const plan = type === undefined ? undefined : this.#known.get(type);
    return { field, wire: wireTypeOf(field), required, many: field.repeated || field.kind === 'map', plan };
  }

  #isStrict(field: FieldType): boolean {
    const type = messageOf(field);
    return type !== undefined && this.#known.get(type) !== undefined;
  }

  #fields(type: MessageType): readonly FieldType[] {
    return [...type.fields, ...this.schema.extensions(type)];
  }
}

function messageOf(field: FieldType): MessageType | undefined {
  return field.kind === 'message' || field.kind === 'map' ? field.type : undefined;
}
