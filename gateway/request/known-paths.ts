import type { FastifyInstance } from 'fastify';
import { MATCHED } from './routing.js';

/** Answers which methods a path has beside the API, as the value of `Allow`; undefined if it has none. */
export type KnownPaths = (path: string) => string | undefined;

/** Notes the routes without parameters that are registered from now on: health checks, documents, and those of a user's own plugins. */
export function noteKnownPaths(app: FastifyInstance): KnownPaths {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method, constraints }) => {
    if (constraints !== undefined && MATCHED in constraints) return;
    const known = methods.get(url) ?? new Set();
    for (const name of [method].flat()) known.add(name);
    methods.set(url, known);
  });
  return function allowOf(path) {
    const known = methods.get(path);
    return known === undefined ? undefined : [...known].toSorted().join(', ');
  };
}
