import { normalizeSegment } from './percent.js';
import type { End, Methods, Node, Suffix } from './route-trie.js';

const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

/**
 * A search for the templates that match one path, most specific first: at each segment a literal, then `*`, then `**`, going back as often as
 * need be. What to do with what is found is up to {@link offer}.
 *
 * The last segment is read in two ways, `books:lock` or `books` with the verb `lock`. The verb comes first: if a template with that verb fits the
 * path, under any HTTP method, all without are out, more literal ones included. Otherwise it is data.
 *
 * Cost: each step consumes one segment and there is only one way to each node, so that no node is seen more than twice, once in each reading:
 * never more steps than the templates have segments, and where no wildcard stands beside a literal, no more than the path has.
 */
export abstract class Walk {
  /** Offsets where the segments begin. */
  readonly starts: readonly number[];
  /** Whether a `.` or `..` segment is there, which nothing but a literal matches. */
  readonly hasDots: boolean;
  /** The path as literals are compared. Offsets are the same. */
  readonly #keys: string;
  /** Where the last segment ends if what follows its last colon is a verb; -1 if it has no colon. */
  readonly #stemEnd: number;
  readonly #verb: string;
  /** Which segments are dot segments; of the last one without its verb, if it has a colon. */
  readonly #dots: readonly number[];
  #hasVerb = false;
  /** A template with the verb fits the path. */
  #isVerb = false;

  /**
   * @param path begins with a slash
   * @param end length of the path in `path`, which may go on with a query
   */
  constructor(
    readonly path: string,
    readonly end: number,
  ) {
    const starts = [];
    for (let slash = 0; slash >= 0 && slash < end; slash = path.indexOf('/', slash + 1)) starts.push(slash + 1);
    this.starts = starts;
    const colon = path.lastIndexOf(':', end - 1);
    this.#stemEnd = colon >= (starts[starts.length - 1] ?? 0) ? colon : -1;
    this.#keys = normalizeSegment(path);
    this.#verb = this.#stemEnd < 0 ? '' : this.#keys.slice(colon + 1, end);
    this.#dots = this.#dotSegments();
    this.hasDots = this.#dots.length > 0;
  }

  /** Whether the last colon is taken for that of a verb: by all templates that are offered. */
  get hasVerb(): boolean {
    return this.#hasVerb;
  }

  /**
   * Templates that match.
   *
   * @returns true to stop here
   */
  protected abstract offer(methods: Methods): boolean;

  /** @returns whether `offer` stopped it */
  run(root: Node): boolean {
    this.#hasVerb = this.#stemEnd >= 0;
    if (this.#hasVerb) {
      if (this.#visit(root, 0)) return true;
      if (this.#isVerb) return false;
      this.#hasVerb = false;
    }
    return this.#visit(root, 0);
  }

  /** The path's segments `[from, to)` as they came, the last one of the path without its verb if it has one. */
  slice(from: number, to: number): string {
    return from >= to ? '' : this.path.slice(this.starts[from] ?? 0, this.#endOf(to - 1));
  }

  #visit(node: Node, at: number): boolean {
    const isLast = at === this.starts.length - 1;
    const { literals, single, multi } = node;
    const literal = literals?.find(this.#keys, this.starts[at] ?? 0, this.#endOf(at));
    if (literal !== undefined && (isLast ? this.#leave(literal, false) : this.#visit(literal, at + 1))) return true;
    if (single !== undefined && this.#isSingle(at) && (isLast ? this.#leave(single, true) : this.#visit(single, at + 1))) return true;
    return multi !== undefined && this.#visitMulti(multi, at);
  }

  /** The path is consumed; a `**` may still follow and match nothing. */
  #leave(node: Node, isWild: boolean): boolean {
    return this.#end(node.end, isWild) || (node.multi !== undefined && this.#end(node.multi.end, isWild));
  }

  #visitMulti(root: Suffix, from: number): boolean {
    const end = this.starts.length;
    const literal = root.before?.find(this.#keys, this.starts[end - 1] ?? 0, this.#endOf(end - 1));
    if (literal !== undefined && this.#visitSuffix(literal, from, end - 1)) return true;
    return !this.#hasDots(from, end) && this.#end(root.end, true);
  }

  /** `**` takes the segments `[from, end)`, or fewer if more literals of a template stand before this one: the more of them the better. */
  #visitSuffix(suffix: Suffix, from: number, end: number): boolean {
    const next = end > from ? suffix.before?.find(this.#keys, this.starts[end - 1] ?? 0, this.#endOf(end - 1)) : undefined;
    if (next !== undefined && this.#visitSuffix(next, from, end - 1)) return true;
    return !this.#hasDots(from, end) && this.#end(suffix.end, false);
  }

  /** @param isWild a wildcard matches the last segment */
  #end({ plain, verbs }: End, isWild: boolean): boolean {
    if (!this.#hasVerb) return plain !== undefined && this.offer(plain);
    const methods = verbs?.get(this.#verb);
    if (methods === undefined) return false;
    this.#isVerb = true;
    // What would be a dot segment without its verb is no more of a value with it.
    return !(isWild && this.#dots.at(-1) === this.starts.length - 1) && this.offer(methods);
  }

  /** Whether `*` matches the segment. */
  #isSingle(at: number): boolean {
    return this.#endOf(at) > (this.starts[at] ?? 0) && !this.#hasDots(at, at + 1);
  }

  #endOf(at: number): number {
    if (at < this.starts.length - 1) return (this.starts[at + 1] ?? 0) - 1;
    return this.#hasVerb ? this.#stemEnd : this.end;
  }

  /** Whether a wildcard cannot match the segments `[from, to)`; of a last one with a colon that is known where templates end. */
  #hasDots(from: number, to: number): boolean {
    if (!this.hasDots) return false;
    const last = this.starts.length - 1;
    return this.#dots.some((at) => at >= from && at < to && (at < last || this.#stemEnd < 0));
  }

  #dotSegments(): readonly number[] {
    const { path, starts } = this;
    if (!path.includes('/.') && !path.includes('/%2')) return none;
    const dots = [];
    for (let at = 0; at < starts.length; at += 1) {
      const start = starts[at] ?? 0;
      const end = at === starts.length - 1 && this.#stemEnd >= 0 ? this.#stemEnd : this.#endOf(at);
      if (end - start <= MAX_DOT_SEGMENT && DOT_SEGMENT.test(path.slice(start, end))) dots.push(at);
    }
    return dots;
  }
}

const none: readonly number[] = [];
const MAX_DOT_SEGMENT = '%2e%2e'.length;
