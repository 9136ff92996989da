import type { Endpoint } from '../upstream/call.js';

/** Told by a source. */
export interface EndpointListener {
  /** The whole list as it is now: each endpoint once, sorted by id. */
  endpoints(list: readonly Endpoint[]): void;
  /** The registry cannot be asked: words for an operator, and the last list holds. undefined: it is well again. */
  trouble(problem: string | undefined): void;
  /** Something stands in the registry that is no server, under that name; told once. */
  ignored(name: string): void;
}

/** Where the servers of an upstream are, as a registry knows it. */
export interface EndpointSource {
  start(listener: EndpointListener): void;
  /** Nothing is told any more. */
  close(): void;
}
