import type { Binding } from './binding.js';

/** What of several bindings at a path a WebSocket is for, the highest first: 4 bidirectional, 3 client stream, 2 server stream, 1 unary. */
export function streamRank({ method }: Pick<Binding, 'method'>): number {
  return 1 + (method.clientStream ? 2 : 0) + (method.serverStream ? 1 : 0);
}
