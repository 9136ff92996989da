import type { Binding, Match, RouteTable } from './binding.js';
import { decodeCapture, PercentError } from './percent.js';
import { createNode, insert, type Methods, type Node } from './route-trie.js';
import { originForm, pathOf } from './target.js';
import { Walk } from './walk.js';

/** The table of some bindings, each with its own `id`. Their order does not matter. */
export function createRouteTable(bindings: readonly Binding[]): RouteTable {
  const root = createNode();
  for (const binding of bindings) insert(root, binding);
  return new TrieTable(root, Object.freeze([...bindings]));
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
    const search = new MethodSearch(pathOf(origin), method);
    if (search.run(this.root) && search.found !== undefined) return createHit(search.found, search.hasVerb, search);
    if (search.hasDots) return DOTS;
    return search.allowed.size === 0 ? NONE : { kind: 'method', allow: [...search.allowed].sort().join(', ') };
  }

  upgrade(target: string): Match {
    const origin = originForm(target);
    if (origin === undefined) return NONE;
    const search = new StreamSearch(pathOf(origin), methodParameter(origin));
    search.run(this.root);
    const [best, ...ties] = search.best;
    if (best === undefined) return search.hasDots ? DOTS : NONE;
    if (ties.every((tie) => tie.method === best.method)) return createHit(best, search.hasVerb, search);
    return {
      kind: 'method',
      allow: search.best
        .map((binding) => binding.httpMethod)
        .sort()
        .join(', '),
    };
  }
}

class MethodSearch extends Walk {
  found: Binding | undefined;
  hasVerb = false;
  readonly allowed = new Set<string>();

  constructor(
    path: string,
    readonly method: string,
  ) {
    super(path);
  }

  protected override offer(methods: Methods, hasVerb: boolean): boolean {
    const get = methods.get('GET');
    const forHead = this.method === 'HEAD' && isUnary(get) ? get : undefined;
    this.found = methods.get(this.method) ?? forHead ?? methods.get('*');
    this.hasVerb = hasVerb;
    if (this.found !== undefined) return true;
    for (const method of methods.keys()) this.allowed.add(method);
    if (isUnary(get)) this.allowed.add('HEAD');
    return false;
  }
}

function isUnary(binding: Binding | undefined): boolean {
  return binding !== undefined && !binding.method.clientStream && !binding.method.serverStream;
}

/** All HTTP methods at once; keeps what streams most, and of those the most specific. */
class StreamSearch extends Walk {
  /** More than one if they differ only in HTTP method; the one with the lowest id first. */
  best: readonly Binding[] = [];
  hasVerb = false;
  #rank = 0;

  /** @param method of the binding that is wanted, undefined for any */
  constructor(
    path: string,
    readonly method: string | undefined,
  ) {
    super(path);
  }

  protected override offer(methods: Methods, hasVerb: boolean): boolean {
    const wanted = [...methods.values()].filter(({ httpMethod }) => this.method === undefined || [this.method, '*'].includes(httpMethod));
    const rank = Math.max(0, ...wanted.map(streamRank));
    if (rank > this.#rank) {
      this.#rank = rank;
      this.best = wanted.filter((binding) => streamRank(binding) === rank).sort((a, b) => a.id - b.id);
      this.hasVerb = hasVerb;
    }
    return false;
  }
}

/** Bidirectional, client stream, server stream, unary. */
function streamRank({ method }: Binding): number {
  return 1 + (method.clientStream ? 2 : 0) + (method.serverStream ? 1 : 0);
}

function methodParameter(origin: string): string | undefined {
  const query = origin.indexOf('?');
  return query < 0 ? undefined : (new URLSearchParams(origin.slice(query)).get('$method')?.toUpperCase() ?? undefined);
}

function createHit(binding: Binding, hasVerb: boolean, { segments, stem }: Walk): Match {
  const { captures, template } = binding;
  const multi = template.segments.findIndex((segment) => segment.kind === 'multi');
  // What `**` matched beyond the one segment that it takes in the template; -1 if it matched nothing.
  const surplus = segments.length - template.segments.length;
  const texts: string[] = [];
  try {
    for (const capture of captures) {
      const end = multi >= 0 && capture.end > multi ? capture.end + surplus : capture.end;
      const parts = segments.slice(multi >= 0 && capture.start > multi ? capture.start + surplus : capture.start, end);
      if (hasVerb && stem !== undefined && end === segments.length && parts.length > 0) parts[parts.length - 1] = stem;
      texts.push(decodeCapture(parts.join('/'), capture.multi));
    }
  } catch (error) {
    if (error instanceof PercentError) return { kind: 'bad', reason: error.message };
    throw error;
  }
  return { kind: 'hit', binding, captures: texts };
}
