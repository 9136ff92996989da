import { finish, type Steps } from '../proto/steps.js';
import type { Binding, Match, RouteTable } from './binding.js';
import { decodeCapture, PercentError } from './percent.js';
import { insert, type Methods, Node, type Route } from './route-trie.js';
import { streamRank } from './stream-rank.js';
import { originForm, pathLength, withSlashes } from './target.js';
import { Walk } from './walk.js';

/**
 * What `%2F` is in a path: data, or a slash (`match`) in paths that no binding serves as they are. As a slash it lets a request pass that a proxy
 * in front took for one of another path.
 */
export type EncodedSlashes = 'data' | 'match';

/** The table of some bindings, each with its own `id`. Their order does not matter. */
export function createRouteTable(bindings: readonly Binding[], encodedSlashes: EncodedSlashes = 'data'): RouteTable {
  return finish(tableSteps(bindings, encodedSlashes));
}

/** {@link createRouteTable} in steps of a binding each. */
export function* tableSteps(bindings: readonly Binding[], encodedSlashes: EncodedSlashes): Steps<RouteTable> {
  const root = new Node();
  for (const binding of bindings) {
    insert(root, binding);
    yield;
  }
  const table = new TrieTable(root, Object.freeze([...bindings]));
  return encodedSlashes === 'match' ? new SlashTable(table) : table;
}

const NONE: Match = Object.freeze({ kind: 'none' });
const DOTS: Match = Object.freeze({ kind: 'bad', reason: 'the path has a "." or ".." segment' });

class TrieTable implements RouteTable {
  constructor(
    readonly root: Node,
    readonly bindings: readonly Binding[],
  ) {}

  match(method: string, target: string): Match {
    const origin = originForm(target);
    if (origin === undefined) return NONE;
    const search = new MethodSearch(origin, method);
    if (search.run(this.root) && search.found !== undefined) return createHit(search.found, search);
    if (search.hasDots) return DOTS;
    return search.allowed === undefined ? NONE : { kind: 'method', allow: [...search.allowed].sort().join(', ') };
  }

  upgrade(target: string): Match {
    const origin = originForm(target);
    if (origin === undefined) return NONE;
    const search = new StreamSearch(origin, methodParameter(origin));
    search.run(this.root);
    const [best, ...ties] = search.best;
    if (best === undefined) return search.hasDots ? DOTS : NONE;
    if (ties.every(({ binding }) => binding.method === best.binding.method)) return createHit(best, search);
    return {
      kind: 'method',
      allow: search.best
        .map(({ binding }) => binding.httpMethod)
        .sort()
        .join(', '),
    };
  }
}

/**
 * A table that tries once more the paths at which it serves nothing, with their `%2F` as slashes: all of them, and only in the path.
 *
 *     /v1/{name=shelves/*}   /v1/shelves%2F1 -> shelves/1
 */
class SlashTable implements RouteTable {
  constructor(readonly table: RouteTable) {}

  get bindings(): readonly Binding[] {
    return this.table.bindings;
  }

  match(method: string, target: string): Match {
    const match = this.table.match(method, target);
    if (match.kind !== 'none' && match.kind !== 'method') return match;
    const slashed = slashedTarget(target);
    if (slashed === undefined) return match;
    const again = this.table.match(method, slashed);
    return match.kind === 'none' || again.kind === 'hit' ? again : match;
  }

  upgrade(target: string): Match {
    const match = this.table.upgrade(target);
    const slashed = match.kind === 'none' ? slashedTarget(target) : undefined;
    return slashed === undefined ? match : this.table.upgrade(slashed);
  }
}

function slashedTarget(target: string): string | undefined {
  const origin = originForm(target);
  return origin === undefined ? undefined : withSlashes(origin);
}

class MethodSearch extends Walk {
  found: Route | undefined;
  /** HTTP methods under which the path is known. */
  allowed: Set<string> | undefined;

  constructor(
    target: string,
    readonly method: string,
  ) {
    super(target, pathLength(target));
  }

  protected override offer(methods: Methods): boolean {
    this.found = methods.get(this.method) ?? (this.method === 'HEAD' ? unaryGet(methods) : undefined) ?? methods.get('*');
    if (this.found !== undefined) return true;
    this.allowed ??= new Set();
    for (const method of methods.keys()) this.allowed.add(method);
    if (unaryGet(methods) !== undefined) this.allowed.add('HEAD');
    return false;
  }
}

function unaryGet(methods: Methods): Route | undefined {
  const get = methods.get('GET');
  return get === undefined || get.binding.method.clientStream || get.binding.method.serverStream ? undefined : get;
}

/** All HTTP methods at once; keeps what streams most, and of those the most specific. */
class StreamSearch extends Walk {
  /** More than one if they differ only in HTTP method; the one with the lowest id first. */
  best: readonly Route[] = [];
  #rank = 0;

  /** @param method of the binding that is wanted, undefined for any */
  constructor(
    target: string,
    readonly method: string | undefined,
  ) {
    super(target, pathLength(target));
  }

  protected override offer(methods: Methods): boolean {
    const wanted = [...methods.values()].filter(
      ({ binding }) => this.method === undefined || [this.method, '*'].includes(binding.httpMethod),
    );
    const rank = Math.max(0, ...wanted.map(({ binding }) => streamRank(binding)));
    if (rank > this.#rank) {
      this.#rank = rank;
      this.best = wanted.filter(({ binding }) => streamRank(binding) === rank).sort((a, b) => a.binding.id - b.binding.id);
    }
    return false;
  }
}

function methodParameter(origin: string): string | undefined {
  const query = origin.indexOf('?');
  return query < 0 ? undefined : (new URLSearchParams(origin.slice(query)).get('$method')?.toUpperCase() ?? undefined);
}

function createHit({ binding, multi }: Route, walk: Walk): Match {
  // What `**` matched beyond the one segment that it takes in the template; -1 if it matched nothing.
  const surplus = multi < 0 ? 0 : walk.starts.length - binding.template.segments.length;
  const texts: string[] = [];
  try {
    for (const capture of binding.captures) {
      const start = capture.start > multi ? capture.start + surplus : capture.start;
      const end = capture.end > multi ? capture.end + surplus : capture.end;
      texts.push(decodeCapture(walk.slice(start, end), capture.multi));
    }
  } catch (error) {
    if (error instanceof PercentError) return { kind: 'bad', reason: error.message };
    throw error;
  }
  return { kind: 'hit', binding, captures: texts };
}
