import type { Binding, RouteTable } from '../binding.js';
import type { Node } from '../route-trie.js';

/** A collection whose ids some verbs take. */
export interface Swallowed {
  /** The route of the ids. */
  readonly from: Binding;
  readonly verbs: ReadonlySet<string>;
}

/** All routes of a gateway, as the rules of the lint look at them. */
export interface Routes {
  readonly table: RouteTable;
  readonly root: Node;
  /** Segments of the longest template. */
  readonly longest: number;
  /** Paths of the gateway's own that a binding takes from it. */
  readonly taken: ReadonlyMap<Binding, readonly string[]>;
  /** What verbs take from collections, by the first binding that has such a verb. */
  readonly swallowed: ReadonlyMap<Binding, Swallowed>;
  /** Those of streams, by what their paths match. */
  readonly streams: ReadonlyMap<string, readonly Binding[]>;
  /** A binding for messages: `GET "/v1/{id}" of a.S.Get (a.proto:7)`. */
  name(binding: Binding): string;
}

/** What a rule has against a binding; undefined = nothing. Near constant time for each, whatever the number of routes. */
export type Rule = (binding: Binding, routes: Routes) => string | undefined;
