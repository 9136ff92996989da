import type { Binding, PathTemplate } from './binding.js';
import { normalizeSegment } from './percent.js';

/** The bindings whose templates end at one point, by HTTP method. */
export type Methods = Map<string, Binding>;

/** Where templates end: those without a verb, and those with one. */
export interface End {
  readonly plain: Methods;
  readonly verbs: Map<string, Methods>;
}

/** A point in the trie of segments. A trie is a tree: there is one way to each node, which the proof of cost in `table.ts` needs. */
export interface Node {
  readonly end: End;
  readonly literals: Map<string, Node>;
  single: Node | undefined;
  /** Templates that go on with `**`. */
  multi: Suffix | undefined;
}

/** What follows a `**`, read from the end of the path backwards. */
export interface Suffix {
  readonly end: End;
  readonly literals: Map<string, Suffix>;
  single: Suffix | undefined;
}

function createEnd(): End {
  return { plain: new Map(), verbs: new Map() };
}

export function createNode(): Node {
  return { end: createEnd(), literals: new Map(), single: undefined, multi: undefined };
}

/** Enters a binding. Of two for the same method and shape the one with the lower id stays, whatever their order. */
export function insert(root: Node, binding: Binding): void {
  const { verb } = binding.template;
  const end = endOf(root, binding.template);
  const methods = verb === undefined ? end.plain : getOrAdd(end.verbs, normalizeSegment(verb), () => new Map());
  const known = methods.get(binding.httpMethod);
  if (known === undefined || known.id > binding.id) methods.set(binding.httpMethod, binding);
}

function endOf(root: Node, { segments }: PathTemplate): End {
  let node = root;
  for (const [i, segment] of segments.entries()) {
    if (segment.kind === 'literal') {
      node = getOrAdd(node.literals, normalizeSegment(segment.text), createNode);
    } else if (segment.kind === 'single') {
      node.single ??= createNode();
      node = node.single;
    } else {
      node.multi ??= createSuffix();
      return endOfSuffix(node.multi, segments.slice(i + 1));
    }
  }
  return node.end;
}

function endOfSuffix(root: Suffix, segments: PathTemplate['segments']): End {
  let suffix = root;
  for (const segment of segments.toReversed()) {
    if (segment.kind === 'literal') {
      suffix = getOrAdd(suffix.literals, normalizeSegment(segment.text), createSuffix);
    } else {
      suffix.single ??= createSuffix();
      suffix = suffix.single;
    }
  }
  return suffix.end;
}

function createSuffix(): Suffix {
  return { end: createEnd(), literals: new Map(), single: undefined };
}

function getOrAdd<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const added = create();
  map.set(key, added);
  return added;
}
