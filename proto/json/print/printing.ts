import { Arena, SinkFull } from '../arena.js';
import { WireError } from '../codec.js';
import { KeySet } from '../key-set.js';
import { Source } from '../source.js';
import type { PrintField, PrintPlan } from './plan.js';

/** Thrown to begin again: a message was not as the fast path expects it. Never leaves the printer. */
export const DISORDER: unique symbol = Symbol('disorder');

/** Messages that are merged may at most fill this many times the input. */
const MERGE_FACTOR = 8;

/** What is printed or looked through in vain may at most be so many times the input, small inputs aside. */
const WASTE_FACTOR = 8;

/** The interpreter, for what it calls and what calls it back: maps, messages out of order, well-known types. */
export interface Interpreter {
  /** Prints one value, which must begin at `pos` in a wire type that fits; returns its end. An unknown value of a closed enum prints nothing. */
  value(p: Printing, f: PrintField, pos: number, end: number, depth: number): number;
  /** Prints one value of a repeated field after a comma, or all values of a packed one; returns its end. */
  element(p: Printing, f: PrintField, tag: number, pos: number, end: number, depth: number): number;
  /** Prints the message in `[pos, end)` in its own form. */
  content(p: Printing, plan: PrintPlan, pos: number, end: number, depth: number): void;
  /** Prints the members of the message in `[pos, end)` without braces, each after a comma. */
  members(p: Printing, plan: PrintPlan, pos: number, end: number, group: number, depth: number): number;
}

/** The state of one print: input, output, and where a read that gives two results leaves the second. One per codec, reused. */
export class Printing {
  readonly source = new Source();
  out = new Arena(0);
  enumNumbers = false;
  /** Look through every message before it is printed. */
  careful = false;
  /** Position behind what was read last. */
  pos = 0;
  /** The 64-bit varint or fixed64 read last, as signed halves. */
  low = 0;
  high = 0;
  #keySets: KeySet[] = [];
  /** Maps entered and not left. */
  mapDepth = 0;
  #mergeLimit = 0;
  #wasteLeft = 0;

  /**
   * @param any finds the plan of an Any's content by its type name
   * @param bytesOfAny stands before the bytes of an Any that has no JSON form: `,"@value":`
   */
  constructor(
    readonly run: Interpreter,
    readonly any: (type: string) => PrintPlan | undefined,
    readonly bytesOfAny: string,
  ) {}

  begin(wire: Uint8Array, out: Arena, enumNumbers: boolean): void {
    this.source.load(wire);
    this.out = out;
    this.enumNumbers = enumNumbers;
    this.mapDepth = 0;
    this.#mergeLimit = wire.length * (MERGE_FACTOR + 1) + 1024;
    this.#wasteLeft = wire.length * WASTE_FACTOR + 1_048_576;
  }

  /** So much work was done in vain, in bytes: a few times the input is enough, the depth of its nesting times it too much. */
  waste(bytes: number): void {
    this.#wasteLeft -= bytes;
    if (this.#wasteLeft < 0) throw new SinkFull(this.out.length);
  }

  /** A set for the keys of one map; maps within a map have their own. Give it back with `leaveMap`. */
  enterMap(): KeySet {
    const set = this.#keySets[this.mapDepth] ?? new KeySet();
    this.#keySets[this.mapDepth] = set;
    this.mapDepth += 1;
    set.clear();
    return set;
  }

  leaveMap(set: KeySet): void {
    set.release();
    this.mapDepth -= 1;
  }

  /**
   * Joins pieces `[start, end)` of the source, which is what merging messages means, into one at the source's end. Undo with `source.length = ` the
   * position that is returned.
   */
  join(pieces: readonly number[]): number {
    const at = this.source.length;
    for (let i = 0; i < pieces.length; i += 2) {
      const [start = 0, end = 0] = pieces.slice(i, i + 2);
      if (this.source.length + end - start > this.#mergeLimit) throw new WireError('too many messages to merge');
      this.source.duplicate(start, end);
    }
    return at;
  }
}

/** Begins again, and from now on looks through messages of this type first. */
export function disorder(of: PrintPlan | PrintField): never {
  of.careful = true;
  throw DISORDER;
}
