import type { Binding, Segment } from '../binding.js';
import type { Methods, Node } from '../route-trie.js';
import { Walk } from '../walk.js';

/** Stands for any value: no literal of a template can be, or contain, an asterisk. */
export const ANY = '*';

/**
 * The path of a request that a template matches, {@link ANY} for each segment that a wildcard matches.
 *
 *     /v1/{parent=**}/books:lock, two segments  ->  "/v1/" ANY "/" ANY "/books:lock"
 *
 * @param length how many segments `**` is
 */
export function requestOf(segments: readonly Segment[], verb: string | undefined, length = 1): string {
  const parts = segments.flatMap((s) => (s.kind === 'literal' ? s.text : s.kind === 'single' ? ANY : Array<string>(length).fill(ANY)));
  return `/${parts.join('/')}${verb === undefined ? '' : `:${verb}`}`;
}

/** The HTTP method of a request for a binding; one that has no other rule, if it takes all. */
export function methodOf({ httpMethod }: Binding): string {
  return httpMethod === '*' ? ANY : httpMethod;
}

/** What is to be known of the bindings at a point where templates that match a path end. */
export type Judge<T> = (methods: Methods) => T | undefined;

class Search<T> extends Walk {
  found: T | undefined;

  constructor(
    path: string,
    readonly judge: Judge<T>,
  ) {
    super(path, path.length);
  }

  protected override offer(methods: Methods): boolean {
    this.found = this.judge(methods);
    return this.found !== undefined;
  }
}

/** Asks of all that match a path, most specific first, whatever their HTTP methods, and answers what is found first. */
export function findFor<T>(root: Node, path: string, judge: Judge<T>): T | undefined {
  const search = new Search(path, judge);
  search.run(root);
  return search.found;
}

/** Which binding of those at one point takes requests of an HTTP method. */
export function takerOf(methods: Methods, method: string): Binding | undefined {
  return (methods.get(method) ?? methods.get('*'))?.binding;
}
