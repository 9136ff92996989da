import type { Binding, RouteTable } from '../binding.js';
import { shapeOf } from '../conflict.js';
import type { Node } from '../route-trie.js';
import { ANY, findFor, methodOf, requestOf, takerOf } from './request.js';
import type { Routes, Swallowed } from './routes.js';
import { captureAt, mayHaveColon } from './value.js';

/** How many verbs a finding names beside its own. */
const SHOWN = 2;

/**
 * Verbs behind a wildcard whose values may have colons: ids that end in them cannot be asked for, under any HTTP method. Told once for a collection.
 *
 *     POST /v1/{path=files/**}:lock
 *     GET  /v1/{path=files/**}   never gets a path that ends in ":lock"
 */
export function verbSwallows(binding: Binding, { swallowed, name }: Routes): string | undefined {
  const found = swallowed.get(binding);
  if (found === undefined) return undefined;
  const [own, ...others] = [...found.verbs].map((verb) => `":${verb}"`);
  return `takes the ids that end in ${own} from ${name(found.from)}${likewise(others)}`;
}

function likewise(others: readonly string[]): string {
  if (others.length === 0) return '';
  if (others.length === 1) return `, as ${others[0]} does with its own`;
  const more = others.length - SHOWN;
  const names = more > 0 ? `${others.slice(0, SHOWN).join(', ')} and ${more} more verb${more === 1 ? '' : 's'}` : others.join(' and ');
  return `, as ${names} do with theirs`;
}

/** What verbs take from collections, each by the first binding that has such a verb. */
export function swallowedByVerbs(table: RouteTable, root: Node): ReadonlyMap<Binding, Swallowed> {
  const byCollection = new Map<Binding, { readonly first: Binding; readonly from: Binding; readonly verbs: Set<string> }>();
  for (const binding of table.bindings) {
    const { verb } = binding.template;
    const from = verb === undefined ? undefined : collectionOf(binding, root);
    if (verb === undefined || from === undefined) continue;
    const known = byCollection.get(from) ?? { first: binding, from, verbs: new Set<string>() };
    known.verbs.add(verb);
    byCollection.set(from, known);
  }
  return new Map([...byCollection.values()].map(({ first, ...swallowed }) => [first, swallowed]));
}

/** The route that would get the paths of one with a verb if they had another one, if its values may have colons. */
function collectionOf(binding: Binding, root: Node): Binding | undefined {
  const { segments } = binding.template;
  if (segments.at(-1)?.kind === 'literal') return undefined;
  const stem = shapeOf({ ...binding.template, verb: undefined });
  return findFor(root, requestOf(segments, ANY), (methods) => {
    const [first] = methods.values();
    const isSameStem = first !== undefined && shapeOf(first.binding.template) === stem;
    const other = isSameStem ? (methods.get('GET')?.binding ?? first.binding) : takerOf(methods, methodOf(binding));
    const capture = other && captureAt(other, other.template.segments.length - 1);
    return other !== undefined && capture !== undefined && mayHaveColon(other, capture) ? other : undefined;
  });
}
