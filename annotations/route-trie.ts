import type { Binding, PathTemplate } from './binding.js';
import { normalizeSegment } from './percent.js';

/** A binding, and where the one `**` of its template stands; -1 if it has none. */
export interface Route {
  readonly binding: Binding;
  readonly multi: number;
}

/** The bindings whose templates end at one point, by HTTP method. */
export type Methods = Map<string, Route>;

/** Where templates end: those without a verb, and those with one. */
export class End {
  plain: Methods | undefined;
  verbs: Map<string, Methods> | undefined;
}

/** What follows in a trie by a literal segment. */
export class Literals<T> {
  /** Most points have few; then comparing in place is quicker than a hash, which needs the segment as a string of its own. */
  static readonly #FEW = 6;
  readonly #texts: string[] = [];
  readonly #nexts: T[] = [];
  #byText: Map<string, T> | undefined;

  /** What follows by the literal that `keys` has at `[start, end)`. */
  find(keys: string, start: number, end: number): T | undefined {
    if (this.#byText !== undefined) return this.#byText.get(keys.slice(start, end));
    for (let i = 0; i < this.#texts.length; i += 1) {
      const text = this.#texts[i];
      if (text !== undefined && text.length === end - start && keys.startsWith(text, start)) return this.#nexts[i];
    }
    return undefined;
  }

  /** Every literal with what follows, in order of insertion. */
  *[Symbol.iterator](): Iterator<readonly [text: string, next: T]> {
    for (const [i, next] of this.#nexts.entries()) yield [this.#texts[i] ?? '', next];
  }

  getOrAdd(text: string, create: () => T): T {
    const known = this.find(text, 0, text.length);
    if (known !== undefined) return known;
    const added = create();
    this.#texts.push(text);
    this.#nexts.push(added);
    if (this.#byText !== undefined) this.#byText.set(text, added);
    else if (this.#texts.length > Literals.#FEW) this.#byText = new Map(this.#texts.map((t, i) => [t, this.#nexts[i] ?? added]));
    return added;
  }
}

/** A point in the trie of segments. A trie is a tree: there is one way to each node, which the proof of cost in `walk.ts` needs. */
export class Node {
  readonly end = new End();
  literals: Literals<Node> | undefined;
  single: Node | undefined;
  /** Templates that go on with `**`. */
  multi: Suffix | undefined;
}

/** The literals that follow a `**`, read from the end of the path backwards. */
export class Suffix {
  readonly end = new End();
  before: Literals<Suffix> | undefined;
}

/** Enters a binding. Of two for the same method and shape the one with the lower id stays, whatever their order. */
export function insert(root: Node, binding: Binding): void {
  const { verb, segments } = binding.template;
  const end = endOf(root, segments);
  const known = methodsOf(end, verb).get(binding.httpMethod)?.binding;
  if (known !== undefined && known.id <= binding.id) return;
  const multi = segments.findIndex((segment) => segment.kind === 'multi');
  methodsOf(end, verb).set(binding.httpMethod, { binding, multi });
}

function methodsOf(end: End, verb: string | undefined): Methods {
  if (verb === undefined) {
    end.plain ??= new Map();
    return end.plain;
  }
  end.verbs ??= new Map();
  const key = normalizeSegment(verb);
  const methods: Methods = end.verbs.get(key) ?? new Map();
  end.verbs.set(key, methods);
  return methods;
}

function endOf(root: Node, segments: PathTemplate['segments']): End {
  let node = root;
  for (const [i, segment] of segments.entries()) {
    if (segment.kind === 'literal') {
      node.literals ??= new Literals();
      node = node.literals.getOrAdd(normalizeSegment(segment.text), () => new Node());
    } else if (segment.kind === 'single') {
      node.single ??= new Node();
      node = node.single;
    } else {
      node.multi ??= new Suffix();
      return endOfSuffix(node.multi, segments.slice(i + 1));
    }
  }
  return node.end;
}

function endOfSuffix(root: Suffix, segments: PathTemplate['segments']): End {
  let suffix = root;
  for (const segment of segments.toReversed()) {
    if (segment.kind !== 'literal') continue;
    suffix.before ??= new Literals();
    suffix = suffix.before.getOrAdd(normalizeSegment(segment.text), () => new Suffix());
  }
  return suffix.end;
}
