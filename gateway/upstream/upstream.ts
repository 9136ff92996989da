import type { MethodType } from '../../proto/schema.js';
import type { Invoker } from './call.js';

/** What an upstream needs of a method's policy. */
export interface CallPolicy {
  /** Largest reply message, bytes. */
  readonly maxReply: number;
}

/** A named backend, whatever stands behind it: one endpoint or many, discovered and balanced. */
export interface Upstream {
  invoker(m: MethodType, p: CallPolicy): Invoker;
  /** A call started now has a connection or can get one without a known failure. */
  ready(): boolean;
  close(graceMs: number): Promise<void>;
}
