import type { Binding } from '../binding.js';
import { findFor, methodOf, requestOf, takerOf } from './request.js';
import type { Routes } from './routes.js';
import { captureAt, mayBe } from './value.js';

/**
 * A literal that stands where the route of another method has an id: the id of that name cannot be asked for.
 *
 *     GET /v1/books/search
 *     GET /v1/books/{id}   never gets the id "search"
 */
export function literalSwallows(binding: Binding, { root, name }: Routes): string | undefined {
  const { segments, verb } = binding.template;
  return findFor(root, requestOf(segments, verb), (methods) => {
    const other = takerOf(methods, methodOf(binding));
    if (other === undefined || other.method === binding.method) return undefined;
    const text = swallowedBy(binding, other);
    return text === undefined ? undefined : `takes the id "${text}" from ${name(other)}`;
  });
}

/** The first literal where the other one, which matches all that this one does, has a variable of one segment. */
function swallowedBy({ template }: Binding, other: Binding): string | undefined {
  for (const [i, segment] of other.template.segments.entries()) {
    if (segment.kind === 'multi') return undefined;
    const own = template.segments[i];
    if (own?.kind !== 'literal' || segment.kind !== 'single') continue;
    const capture = captureAt(other, i);
    if (capture !== undefined && mayBe(capture, own.text)) return own.text;
  }
  return undefined;
}
