import { JsonError } from '../../proto/json/codec.js';
import type { FieldChain, FieldType, OneofType } from '../../proto/schema.js';

/** A field that a key set, or one within which a key set something. Its maps are made when there is something to put in: most keys are alone. */
class Place {
  inner: Map<FieldType, Place> | undefined;
  members: Map<OneofType, Place> | undefined;
  /** Keys of the entries that were set of a map. */
  entries: Set<string> | undefined;

  /**
   * @param key the key that came first
   * @param whole a key set the field itself
   */
  constructor(
    readonly field: FieldType | undefined,
    readonly key: string,
    public whole: boolean,
  ) {}
}

/**
 * What the keys of a query string or form have set so far. A singular field or map key given twice, in any spelling, as well as two members of a
 * oneof, is an error: which one would count?
 */
export class Settings {
  /** One chain a key. */
  readonly chains: FieldChain[] = [];
  readonly #root = new Place(undefined, '', false);

  /** Throws {@link JsonError} naming the key. */
  add(key: string, chain: FieldChain, mapKey?: string): void {
    let at = this.#root;
    for (const [depth, field] of chain.entries()) at = this.#enter(at, key, field, depth === chain.length - 1);
    this.chains.push(chain);
    if (mapKey === undefined) return;
    at.entries ??= new Set();
    if (at.entries.has(mapKey)) throw new JsonError(key, 'is given twice');
    at.entries.add(mapKey);
  }

  #enter(at: Place, key: string, field: FieldType, isLast: boolean): Place {
    const { oneof } = field;
    const rival = oneof === undefined ? undefined : at.members?.get(oneof);
    if (rival !== undefined && rival.field !== field)
      throw new JsonError(key, `is in one oneof with ${rival.key}: only one of them can be set`);
    const known = at.inner?.get(field);
    if (known !== undefined && (isLast || known.whole) && !field.repeated && field.kind !== 'map')
      throw new JsonError(key, known.whole && isLast ? 'is given twice' : `is given twice: ${known.key} says it too`);
    const next = known ?? new Place(field, key, isLast);
    next.whole ||= isLast;
    if (known === undefined) {
      at.inner ??= new Map();
      at.inner.set(field, next);
      if (oneof !== undefined) {
        at.members ??= new Map();
        at.members.set(oneof, next);
      }
    }
    return next;
  }
}
