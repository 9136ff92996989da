import type { GatewayError } from '../exchange/errors.js';
import type { Incoming } from '../exchange/exchange.js';

/** Longest request id that is logged. */
const MAX_ID = 128;

/** Which call a log entry is about: its method (full name), and the client's `x-request-id`, which the upstream has, too. */
export function callOf(
  rpc: string | undefined,
  { headers }: Pick<Incoming, 'headers'>,
): { readonly rpc?: string; readonly requestId?: string } {
  const id = headers['x-request-id'];
  return { ...(rpc === undefined ? {} : { rpc }), ...(typeof id === 'string' ? { requestId: id.slice(0, MAX_ID) } : {}) };
}

/** Why a call failed: under `err` what has a stack, words under `cause`. */
export function causeOf({ cause }: GatewayError): { readonly err?: Error; readonly cause?: unknown } {
  if (cause === undefined) return {};
  return cause instanceof Error ? { err: cause } : { cause };
}
