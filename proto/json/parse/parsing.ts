import { isUtf8 } from 'node:buffer';
import { Arena } from '../arena.js';
import { JsonError, type ParseContext } from '../codec.js';
import { KeySet } from '../key-set.js';
import { ANY_UTF8, ASCII_ONLY } from '../plain.js';
import { Source } from '../source.js';
import type { BoundTree } from './bound-tree.js';
import { pathAt } from './path.js';
import type { ParseField, ParsePlan } from './plan.js';

/** From here on a text is checked as a whole, which is faster than string by string. What is not UTF-8 is then found where it stands. */
const LONG_TEXT = 512;

const NONE: readonly ParsePlan[] = [];

/** The interpreter, for what it calls and what calls it back. */
export interface Interpreter {
  /** Parses one value at `pos` and writes it without its tag; returns its end. `p.dropped` if it names an unknown enum value that is ignored. */
  value(p: Parsing, f: ParseField, pos: number, depth: number): number;
  /** Parses the value of a member and writes the field with its tag; nothing for `null` and for what counts as unset. */
  field(p: Parsing, f: ParseField, pos: number, depth: number, bound: BoundTree | undefined): number;
  /** Parses a value in the form of its type and writes the content of the message; returns its end. */
  content(p: Parsing, plan: ParsePlan, pos: number, depth: number): number;
  /** Parses the members behind a `{` up to and with the `}`; `typeAt` is where the key of an Any's type stands, or -1. */
  members(p: Parsing, plan: ParsePlan, pos: number, depth: number, typeAt: number, bound: BoundTree | undefined): number;
}

/** The state of one parse: input, output, and where a read that gives two results leaves the second. One per codec and options, reused. */
export class Parsing {
  readonly source = new Source();
  out = new Arena(0);
  /** Strings that are not copied as they are: decoded escapes of what is then read as a number, a time, a key. */
  readonly decoded = new Arena(Number.POSITIVE_INFINITY);
  conflict: ParseContext['conflict'] = 'error';
  /** Position behind what was read last. */
  pos = 0;
  /** Whether the text is known to be UTF-8 as a whole, in the form that searches take. */
  high8 = ASCII_ONLY;
  /** The string found last has escapes. */
  escaped = false;
  /** The text in quotes that was read last: a span of the source, or of `decoded`. */
  readonly text: { bytes: Uint8Array; start: number; end: number } = { bytes: new Uint8Array(0), start: 0, end: 0 };
  /** The small integer read last, always an int32. */
  small = 0;
  /** The integer read last: exact up to 2^53 in size, ... */
  number = 0;
  /** ... beyond that (`wide`) its size in unsigned halves, and its sign. */
  wide = false;
  low = 0;
  high = 0;
  negative = false;
  /** The value read last is to be left out: an enum name that is unknown and ignored. */
  dropped = false;
  /** Stack of sets of members seen, one a message. */
  seen = new Int32Array(256);
  seenTop = 0;
  /** For each object found by looking ahead, where the key of its `@type` stands; all up to `typesKnown` have been found. */
  readonly types = new Map<number, number>();
  typesKnown = 0;
  /** What the text as a whole is parsed as, and the path of that: for errors. */
  root: ParsePlan | ParseField | undefined = undefined;
  prefix = '';
  /** What the paths of a FieldMask may be of that may be in snake_case. */
  masked: readonly ParsePlan[] = NONE;
  #keySets: KeySet[] = [];
  #mapDepth = 0;

  /**
   * @param ignoreUnknown unknown keys and enum names are passed over
   * @param snakeMasks FieldMasks may have paths in snake_case in JSON text, too
   * @param any finds the plan of an Any's content by its type name
   */
  constructor(
    readonly run: Interpreter,
    readonly ignoreUnknown: boolean,
    readonly snakeMasks: boolean,
    readonly any: (type: string) => ParsePlan | undefined,
  ) {}

  begin(json: Uint8Array, out: Arena, root: ParsePlan | ParseField, conflict: ParseContext['conflict'] = 'error', prefix = ''): void {
    this.source.load(json);
    this.high8 = json.length >= LONG_TEXT && isUtf8(json) ? ANY_UTF8 : ASCII_ONLY;
    this.root = root;
    this.prefix = prefix;
    this.masked = NONE;
    this.dropped = false;
    this.out = out;
    this.conflict = conflict;
    this.seenTop = 0;
    this.#mapDepth = 0;
    this.typesKnown = 0;
    if (this.types.size > 0) this.types.clear();
  }

  /** Refuses the value at a position of the source. */
  fail(at: number, reason: string): never {
    const path = pathAt(this.source.bytes, at, this.root);
    const dot = this.prefix === '' || path === '' || path.startsWith('[') ? '' : '.';
    throw new JsonError(this.prefix + dot + path, reason);
  }

  /** An empty set of members seen; returns its first word. Give it back by `seenTop = ` that. */
  enterMessage(words: number): number {
    const base = this.seenTop;
    this.seenTop += words;
    if (this.seenTop > this.seen.length) {
      const grown = new Int32Array(this.seenTop * 2);
      grown.set(this.seen);
      this.seen = grown;
    }
    for (let word = base; word < this.seenTop; word++) this.seen[word] = 0;
    return base;
  }

  /** A set for the keys of one map; maps within a map have their own. */
  enterMap(): KeySet {
    const set = this.#keySets[this.#mapDepth] ?? new KeySet();
    this.#keySets[this.#mapDepth] = set;
    this.#mapDepth += 1;
    set.clear();
    return set;
  }

  leaveMap(set: KeySet): void {
    set.release();
    this.#mapDepth -= 1;
  }
}
