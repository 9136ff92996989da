import type { PathTemplate } from './binding.js';
import { normalizeSegment } from './percent.js';
import type { Unnumbered } from './rule.js';

/** What requests a template matches: equal for templates that differ only in their variables. */
export function shapeOf({ segments, verb }: PathTemplate): string {
  const path = segments.map((s) => (s.kind === 'literal' ? normalizeSegment(s.text) : s.kind === 'single' ? '*' : '**')).join('/');
  return verb === undefined ? `/${path}` : `/${path}:${normalizeSegment(verb)}`;
}

/** Leaves out every binding that takes the same requests as an earlier one. */
export function dropConflicts(
  bindings: readonly Unnumbered[],
  report: (loser: Unnumbered, winner: Unnumbered) => void,
): readonly Unnumbered[] {
  const winners = new Map<string, Unnumbered>();
  return bindings.filter((binding) => {
    const key = `${binding.httpMethod} ${shapeOf(binding.template)}`;
    const winner = winners.get(key);
    if (winner === undefined) winners.set(key, binding);
    else report(binding, winner);
    return winner === undefined;
  });
}
