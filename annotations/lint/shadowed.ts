import type { Binding, Segment } from '../binding.js';
import { normalizeSegment } from '../percent.js';
import type { End, Methods, Node, Suffix } from '../route-trie.js';
import { ANY, methodOf, takerOf } from './request.js';
import type { Routes } from './routes.js';
import { captureAt, mayBe } from './value.js';

/**
 * A route that loses some of its requests to one that is no special case of it: which of the two a path belongs to is not plain from either.
 *
 *     GET /v1/{shelf}/books
 *     GET /v1/archive/{id}   takes /v1/archive/books
 */
export function shadowed(binding: Binding, routes: Routes): string | undefined {
  const path = new Crossing(binding).find(routes.root);
  if (path === undefined) return undefined;
  const match = routes.table.match(methodOf(binding), path);
  if (match.kind !== 'hit' || match.binding === binding) return undefined;
  return `"${path.replaceAll(ANY, 'x')}" goes to ${routes.name(match.binding)}, which is more specific further left`;
}

/** Most steps of one search, so that many routes that all cross each other take no time that grows by their square. */
const MAX_STEPS = 2_000;

/** Looks for a path that a template without `**` shares with a more specific one which also matches paths that the first does not. */
class Crossing {
  readonly #segments: readonly Segment[];
  readonly #verb: string | undefined;
  readonly #method: string;
  #steps = 0;

  constructor(readonly binding: Binding) {
    this.#segments = binding.template.segments;
    this.#verb = binding.template.verb;
    this.#method = methodOf(binding);
  }

  find(root: Node): string | undefined {
    if (this.#segments.some(({ kind }) => kind === 'multi')) return undefined;
    let node: Node | undefined = root;
    let prefix = '';
    for (const [i, segment] of this.#segments.entries()) {
      if (node === undefined) return undefined;
      if (segment.kind === 'literal') {
        const text = normalizeSegment(segment.text);
        node = node.literals?.find(text, 0, text.length);
        prefix += `/${text}`;
        continue;
      }
      const path = this.#below(node, i, prefix, false);
      if (path !== undefined) return path;
      node = node.single;
      prefix += `/${ANY}`;
    }
    return undefined;
  }

  /** By the literals that stand where the template has `*`. */
  #below(node: Node, at: number, prefix: string, crosses: boolean): string | undefined {
    for (const [text, next] of node.literals ?? []) {
      if (this.#isTired()) return undefined;
      const path = this.#mayHold(at, text) ? this.#visit(next, at + 1, `${prefix}/${text}`, crosses) : undefined;
      if (path !== undefined) return path;
    }
    return undefined;
  }

  #visit(node: Node, at: number, prefix: string, crosses: boolean): string | undefined {
    if (this.#isTired()) return undefined;
    const segment = this.#segments[at];
    if (segment === undefined) {
      const ends = (crosses && this.#ends(node.end)) || (node.multi !== undefined && this.#ends(node.multi.end));
      return ends ? this.#with(prefix) : undefined;
    }
    const path =
      segment.kind === 'literal' ? this.#byLiteral(node, at, prefix, segment.text, crosses) : this.#bySingle(node, at, prefix, crosses);
    return path ?? (node.multi === undefined ? undefined : this.#suffix(node.multi, at, this.#segments.length, prefix, ''));
  }

  #byLiteral(node: Node, at: number, prefix: string, written: string, crosses: boolean): string | undefined {
    const text = normalizeSegment(written);
    const same = node.literals?.find(text, 0, text.length);
    const path = same === undefined ? undefined : this.#visit(same, at + 1, `${prefix}/${text}`, crosses);
    return path ?? (node.single === undefined ? undefined : this.#visit(node.single, at + 1, `${prefix}/${text}`, true));
  }

  #bySingle(node: Node, at: number, prefix: string, crosses: boolean): string | undefined {
    const path = node.single === undefined ? undefined : this.#visit(node.single, at + 1, `${prefix}/${ANY}`, crosses);
    return path ?? this.#below(node, at, prefix, crosses);
  }

  /** By literals behind a `**`, which takes the segments `[at, end)`. */
  #suffix(suffix: Suffix, at: number, end: number, prefix: string, behind: string): string | undefined {
    const segment = end > at ? this.#segments[end - 1] : undefined;
    for (const [text, next] of (segment === undefined ? undefined : suffix.before) ?? []) {
      if (this.#isTired()) return undefined;
      const fits = segment?.kind === 'literal' ? normalizeSegment(segment.text) === text : this.#mayHold(end - 1, text);
      const path = fits ? this.#suffix(next, at, end - 1, prefix, `/${text}${behind}`) : undefined;
      if (path !== undefined) return path;
    }
    if (!this.#ends(suffix.end)) return undefined;
    const between = this.#segments.slice(at, end).map((s) => `/${s.kind === 'literal' ? s.text : ANY}`);
    return this.#with(prefix + between.join('') + behind);
  }

  /** Only templates with the same verb, or without as this one, take its requests. */
  #ends({ plain, verbs }: End): boolean {
    return this.#takes(this.#verb === undefined ? plain : verbs?.get(normalizeSegment(this.#verb)));
  }

  /** Takes a step. */
  #isTired(): boolean {
    this.#steps += 1;
    return this.#steps > MAX_STEPS;
  }

  #takes(methods: Methods | undefined): boolean {
    return methods !== undefined && takerOf(methods, this.#method) !== undefined;
  }

  #mayHold(at: number, text: string): boolean {
    const capture = captureAt(this.binding, at);
    return capture === undefined || mayBe(capture, text);
  }

  #with(path: string): string {
    return this.#verb === undefined ? path : `${path}:${this.#verb}`;
  }
}
