import type { Binding } from '../binding.js';
import { methodOf, requestOf } from './request.js';
import type { Routes } from './routes.js';

/**
 * A route that no request reaches: whatever its variables hold, more specific templates match, too, and win.
 *
 *     GET /v1/{parent=**}/books
 *     GET /v1/{shelf}/{rest=**}   takes /v1/x/books, /v1/x/y/books..., and /v1/books
 *
 * Or clients do not send such paths: they resolve dot segments themselves (RFC 3986, section 5.2.4).
 */
export function unreachable(binding: Binding, routes: Routes): string | undefined {
  const { segments } = binding.template;
  const dots = segments.find((s) => s.kind === 'literal' && /^(?:\.|%2e){1,2}$/i.test(s.text));
  if (dots?.kind === 'literal') return `no client sends "${dots.text}" as a segment of a path: it is resolved before`;
  const taker = takerOfAll(binding, routes);
  return taker === undefined ? undefined : `never gets a request: ${routes.name(taker)} is more specific and takes them all`;
}

/** Who takes the requests of a binding, or one of those who do; undefined if some are left. */
function takerOfAll(binding: Binding, { table, longest }: Routes): Binding | undefined {
  const { segments, verb } = binding.template;
  const hasMulti = segments.some(({ kind }) => kind === 'multi');
  let taker: Binding | undefined;
  // What takes paths longer than every template takes all longer ones. That is where most are found to be reachable.
  for (let length = hasMulti ? longest + 1 : 1; length >= (hasMulti ? 0 : 1); length -= 1) {
    const match = table.match(methodOf(binding), requestOf(segments, verb, length));
    if (match.kind !== 'hit' || match.binding === binding) return undefined;
    taker = match.binding;
  }
  return taker;
}
