import type { PathTemplate } from './binding.js';
import { normalizeSegment } from './percent.js';
import type { Unnumbered } from './rule.js';

/** What requests a template matches: equal for templates that differ only in their variables. */
export function shapeOf({ segments, verb }: PathTemplate): string {
  const path = segments.map((s) => (s.kind === 'literal' ? normalizeSegment(s.text) : s.kind === 'single' ? '*' : '**')).join('/');
  return verb === undefined ? `/${path}` : `/${path}:${normalizeSegment(verb)}`;
}

/** Of bindings that take the same requests leaves only the first, or the last. */
export function dropConflicts(
  bindings: readonly Unnumbered[],
  kept: 'first' | 'last',
  report: (loser: Unnumbered, winner: Unnumbered) => void,
): readonly Unnumbered[] {
  const keyOf = ({ httpMethod, template }: Unnumbered) => `${httpMethod} ${shapeOf(template)}`;
  const inOrder = kept === 'first' ? bindings.toReversed() : bindings;
  const winners = new Map(inOrder.map((binding) => [keyOf(binding), binding]));
  return bindings.filter((binding) => {
    const winner = winners.get(keyOf(binding)) ?? binding;
    if (winner !== binding) report(binding, winner);
    return winner === binding;
  });
}
