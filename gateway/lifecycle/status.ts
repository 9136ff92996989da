import type { UpstreamState } from '../runtime/runtime.js';

/** How the last reload went. */
export interface ReloadReport {
  /** ISO 8601. */
  readonly at: string;
  /** What caused it. */
  readonly why: string;
  readonly ok: boolean;
  readonly tookMs: number;
  /** Longest time for which requests had to wait meanwhile. */
  readonly longestBlockMs: number;
  /** Why it was refused, one line each; empty if it was not. */
  readonly problems: readonly string[];
}

/** What serves, for its operator: names files and addresses, and is nothing for clients. */
export interface GatewayStatus {
  readonly status: 'SERVING' | 'NOT_SERVING';
  readonly generation: {
    readonly id: number;
    /** ISO 8601. */
    readonly since: string;
    readonly services: number;
    readonly routes: number;
    /** Changes with the schema. */
    readonly schema: string;
  };
  readonly upstreams: Readonly<Record<string, Omit<UpstreamState, 'name'>>>;
  readonly lastReload?: ReloadReport;
}
