/** Bounds of the wait for a place at a server. */
export interface WaitLimits {
  /** Calls that may wait. */
  readonly pending: number;
  /** Longest wait, ms. */
  readonly pendingMs: number;
}
