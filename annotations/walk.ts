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
 * never more steps than the templates have segments, and for templates that do not differ by a wildcard here and a literal there, no more than
 * the path has segments.
 */
export abstract class Walk {
  /** Of the path as it came, its leading slash dropped. */
  readonly segments: readonly string[];
  /** The last segment without its verb; undefined if it has no colon. */
  readonly stem: string | undefined;
  /** Whether a `.` or `..` segment is there, which nothing but a literal matches. */
  readonly hasDots: boolean;
  readonly #keys: readonly string[];
  readonly #verb: string;
  readonly #stemKey: string;
  readonly #dots: readonly number[];
  readonly #isStemDots: boolean;

  /** @param path begins with a slash */
  constructor(path: string) {
    const segments = path.slice(1).split('/');
    const last = segments[segments.length - 1] ?? '';
    const colon = last.lastIndexOf(':');
    this.segments = segments;
    this.stem = colon < 0 ? undefined : last.slice(0, colon);
    this.#keys = path.includes('%') ? segments.map(normalizeSegment) : segments;
    this.#verb = colon < 0 ? '' : normalizeSegment(last.slice(colon + 1));
    this.#stemKey = normalizeSegment(this.stem ?? '');
    this.#dots = dotSegments(path, segments);
    this.#isStemDots = DOT_SEGMENT.test(this.#stemKey);
    this.hasDots = this.#dots.length > 0 || this.#isStemDots;
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

  #visit(node: Node, at: number): boolean {
    const isLast = at === this.segments.length - 1;
    const literal = node.literals.get(this.#keys[at] ?? '');
    if (literal !== undefined && (isLast ? this.#leave(literal, false) : this.#visit(literal, at + 1))) return true;
    const stem = isLast && this.stem !== undefined ? node.literals.get(this.#stemKey) : undefined;
    if (stem !== undefined && this.#leave(stem, true)) return true;
    const { single, multi } = node;
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
    const last = this.segments.length - 1;
    const literal = root.literals.get(this.#keys[last] ?? '');
    if (literal !== undefined && this.#visitSuffix(literal, from, last, false)) return true;
    const stem = this.stem === undefined ? undefined : root.literals.get(this.#stemKey);
    if (stem !== undefined && this.#visitSuffix(stem, from, last, true)) return true;
    const { single } = root;
    if (single !== undefined) {
      if (this.#isSingle(last, true) && this.#visitSuffix(single, from, last, true)) return true;
      if (this.#isSingle(last, false) && this.#visitSuffix(single, from, last, false)) return true;
    }
    if (this.stem !== undefined && !this.#hasDots(from, last + 1, true) && this.#end(root.end, true)) return true;
    return !this.#hasDots(from, last + 1, false) && this.#end(root.end, false);
  }

  /** `**` takes the segments `[from, end)`, or fewer if more template segments stand before this one: the more of them the better. */
  #visitSuffix(suffix: Suffix, from: number, end: number, hasVerb: boolean): boolean {
    if (end > from) {
      const literal = suffix.literals.get(this.#keys[end - 1] ?? '');
      if (literal !== undefined && this.#visitSuffix(literal, from, end - 1, hasVerb)) return true;
      const { single } = suffix;
      if (single !== undefined && this.#isSingle(end - 1, false) && this.#visitSuffix(single, from, end - 1, hasVerb)) return true;
    }
    return !this.#hasDots(from, end, false) && this.#end(suffix.end, hasVerb);
  }

  #end(end: End, hasVerb: boolean): boolean {
    const withVerb = this.stem === undefined ? undefined : end.verbs.get(this.#verb);
    if (hasVerb) return withVerb !== undefined && this.offer(withVerb, true);
    return withVerb === undefined && end.plain.size > 0 && this.offer(end.plain, false);
  }

  /** Whether `*` matches the segment, with or without what may be its verb. */
  #isSingle(at: number, hasVerb: boolean): boolean {
    const text = hasVerb ? this.stem : this.segments[at];
    return text !== undefined && text !== '' && !this.#hasDots(at, at + 1, hasVerb);
  }

  #hasDots(from: number, end: number, hasVerb: boolean): boolean {
    if (!this.hasDots) return false;
    if (hasVerb && this.#isStemDots && end === this.segments.length) return true;
    return this.#dots.some((at) => at >= from && at < end && !(hasVerb && at === this.segments.length - 1));
  }
}

const none: readonly number[] = [];

function dotSegments(path: string, segments: readonly string[]): readonly number[] {
  if (!path.includes('/.') && !/\/%2e/i.test(path)) return none;
  return segments.flatMap((segment, at) => (DOT_SEGMENT.test(segment) ? at : none));
}
