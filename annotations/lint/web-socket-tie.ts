import type { Binding } from '../binding.js';
import { normalizeSegment } from '../percent.js';
import { streamRank } from '../stream-rank.js';
import type { Routes } from './routes.js';

/** The bindings of streams at each path, in order; a path is what it matches, whatever its variables are called. */
export function streamsByPath(bindings: readonly Binding[]): ReadonlyMap<string, readonly Binding[]> {
  const streams = new Map<string, Binding[]>();
  for (const binding of bindings) {
    if (streamRank(binding) === 1) continue;
    const path = pathOf(binding);
    const others = streams.get(path);
    if (others === undefined) streams.set(path, [binding]);
    else others.push(binding);
  }
  return streams;
}

/**
 * A stream that a WebSocket cannot tell from another one at the same path, since its handshake is always a GET; of two that differ in what they stream
 * the one that streams more is called.
 */
export function webSocketTie(binding: Binding, { streams, name }: Routes): string | undefined {
  const rivals = streams.get(pathOf(binding)) ?? [];
  if (rivals.length < 2 || rivals.some((rival) => streamRank(rival) > streamRank(binding))) return undefined;
  const other = rivals.find((rival) => rival.method !== binding.method && streamRank(rival) === streamRank(binding));
  if (other === undefined || other.id < binding.id) return undefined;
  return `a WebSocket at this path has to say "?$method=${binding.httpMethod}", or "?$method=${other.httpMethod}" for ${name(other)}`;
}

function pathOf({ template: { segments, verb } }: Binding): string {
  const path = segments.map((segment) => (segment.kind === 'literal' ? normalizeSegment(segment.text) : `{${segment.kind}}`)).join('/');
  return verb === undefined ? path : `${path}:${normalizeSegment(verb)}`;
}
