import type { CalledMethod, Invoker, LaneLimits } from './call.js';

/** What an upstream needs of a method's policy. */
export interface CallPolicy {
  /** Largest reply message, bytes. */
  readonly maxReply: number;
}

/** Bounds of what goes to one upstream. */
export interface UpstreamLimits extends LaneLimits {
  /** Calls in progress, those that wait included. */
  readonly inFlight: number;
}

/** A named backend, whatever stands behind it: one endpoint or many, discovered and balanced. */
export interface Upstream {
  invoker(m: CalledMethod, p: CallPolicy): Invoker;
  /** From now on other bounds hold; no call is cut off. */
  limit(limits: UpstreamLimits): void;
  /** A call started now has a connection or can get one without a known failure. */
  ready(): boolean;
  /** Calls `listener` whenever a connection stands where there was none before; what it answers ends that. */
  onConnect(listener: () => void): () => void;
  /** Calls `listener` when connecting begins to fail: once until it has succeeded again, and at once if that is so now; what it answers ends that. */
  onFailure(listener: () => void): () => void;
  /** Why no call can reach it, found out by a connection made aside: words for an operator; undefined if nothing is found. */
  diagnose(): Promise<string | undefined>;
  close(graceMs: number): Promise<void>;
}
