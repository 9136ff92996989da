import { normalizeSegment } from './percent.js';
import type { End, Methods, Node, Suffix } from './route-trie.js';

const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

/**
 * A search for the templates that match one path, most specific first: at each segment a literal, then `*`, then `**`, going back as often as
 * need be. What to do with what is found is up to {@link offer}.
 *
 * The last segment is read in two ways, `books:lock` or `books` with the verb `lock`. Which one holds is decided where a template ends: it is the
 * verb if a template with that verb ends there, under any HTTP method, and data otherwise.
 *
 * Cost: each step consumes one segment and there is only one way to each node, so that no node is seen more than twice (with and without a verb):
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

  /**
   * Templates that match, without and with a verb.
   *
   * @returns true to stop here
   */
  protected abstract offer(methods: Methods, hasVerb: boolean): boolean;

  /** @returns whether `offer` stopped it */
  run(root: Node): boolean {
    return this.#visit(root, 0);
  }

  /** The path's segments `[from, to)` as they came, the last one of the path without its verb if it has one. */
  slice(from: number, to: number, hasVerb: boolean): string {
    return from >= to ? '' : this.path.slice(this.starts[from] ?? 0, this.#endOf(to - 1, hasVerb));
  }

  #visit(node: Node, at: number): boolean {
    const isLast = at === this.starts.length - 1;
    const { literals, single, multi } = node;
    if (literals !== undefined) {
      const start = this.starts[at] ?? 0;
      const literal = literals.find(this.#keys, start, this.#endOf(at, false));
      if (literal !== undefined && (isLast ? this.#leave(literal, false) : this.#visit(literal, at + 1))) return true;
      const stem = isLast && this.#stemEnd >= 0 ? literals.find(this.#keys, start, this.#stemEnd) : undefined;
      if (stem !== undefined && this.#leave(stem, true)) return true;
    }
    if (single !== undefined) {
      if (!isLast && this.#isSingle(at, false) && this.#visit(single, at + 1)) return true;
      if (isLast && this.#isSingle(at, true) && this.#leave(single, true)) return true;
      if (isLast && this.#isSingle(at, false) && this.#leave(single, false)) return true;
    }
    return multi !== undefined && this.#visitMulti(multi, at);
  }

  /** The path is consumed; a `**` may still follow and match nothing. */
  #leave(node: Node, hasVerb: boolean): boolean {
    return this.#end(node.end, hasVerb) || (node.multi !== undefined && this.#end(node.multi.end, hasVerb));
  }

  #visitMulti(root: Suffix, from: number): boolean {
    const last = this.starts.length - 1;
    if (root.before !== undefined) {
      const start = this.starts[last] ?? 0;
      const literal = root.before.find(this.#keys, start, this.end);
      if (literal !== undefined && this.#visitSuffix(literal, from, last, false)) return true;
      const stem = this.#stemEnd < 0 ? undefined : root.before.find(this.#keys, start, this.#stemEnd);
      if (stem !== undefined && this.#visitSuffix(stem, from, last, true)) return true;
    }
    if (this.#stemEnd >= 0 && !this.#hasDots(from, last + 1, true) && this.#end(root.end, true)) return true;
    return !this.#hasDots(from, last + 1, false) && this.#end(root.end, false);
  }

  /** `**` takes the segments `[from, end)`, or fewer if more literals of a template stand before this one: the more of them the better. */
  #visitSuffix(suffix: Suffix, from: number, end: number, hasVerb: boolean): boolean {
    const next = end > from ? suffix.before?.find(this.#keys, this.starts[end - 1] ?? 0, this.#endOf(end - 1, false)) : undefined;
    if (next !== undefined && this.#visitSuffix(next, from, end - 1, hasVerb)) return true;
    return !this.#hasDots(from, end, false) && this.#end(suffix.end, hasVerb);
  }

  #end({ plain, verbs }: End, hasVerb: boolean): boolean {
    const withVerb = this.#stemEnd < 0 || verbs === undefined ? undefined : verbs.get(this.#verb);
    if (hasVerb) return withVerb !== undefined && this.offer(withVerb, true);
    return withVerb === undefined && plain !== undefined && this.offer(plain, false);
  }

  /** Whether `*` matches the segment, with or without what may be its verb. */
  #isSingle(at: number, hasVerb: boolean): boolean {
    if (hasVerb && this.#stemEnd < 0) return false;
    return this.#endOf(at, hasVerb) > (this.starts[at] ?? 0) && !this.#hasDots(at, at + 1, hasVerb);
  }

  #endOf(at: number, hasVerb: boolean): number {
    if (at < this.starts.length - 1) return (this.starts[at + 1] ?? 0) - 1;
    return hasVerb ? this.#stemEnd : this.end;
  }

  #hasDots(from: number, to: number, hasVerb: boolean): boolean {
    if (!this.hasDots) return false;
    const last = this.starts.length - 1;
    return this.#dots.some((at) => at >= from && at < to && (at < last || hasVerb || this.#stemEnd < 0));
  }

  #dotSegments(): readonly number[] {
    const { path, starts } = this;
    if (!path.includes('/.') && !path.includes('/%2')) return none;
    const dots = [];
    for (let at = 0; at < starts.length; at += 1) {
      const start = starts[at] ?? 0;
      const end = this.#endOf(at, this.#stemEnd >= 0);
      if (end - start <= MAX_DOT_SEGMENT && DOT_SEGMENT.test(path.slice(start, end))) dots.push(at);
    }
    return dots;
  }
}

const none: readonly number[] = [];
const MAX_DOT_SEGMENT = '%2e%2e'.length;
