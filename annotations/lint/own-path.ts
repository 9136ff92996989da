import type { Binding, RouteTable } from '../binding.js';
import type { Routes } from './routes.js';

/** How many paths a finding names. */
const SHOWN = 3;

/** A route that takes the place of a page of the gateway's own: of its health checks or documents. */
export function ownPath(binding: Binding, { taken }: Routes): string | undefined {
  const paths = taken.get(binding);
  if (paths === undefined) return undefined;
  const more = paths.length - SHOWN;
  return `takes ${paths.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''} from the gateway itself`;
}

/** Which bindings take which of the gateway's own paths, all of which are asked for by GET. */
export function takenPaths(table: RouteTable, paths: readonly string[]): ReadonlyMap<Binding, readonly string[]> {
  const taken = new Map<Binding, string[]>();
  for (const path of paths) {
    const match = table.match('GET', path);
    if (match.kind !== 'hit') continue;
    const known = taken.get(match.binding) ?? [];
    known.push(path);
    taken.set(match.binding, known);
  }
  return taken;
}
