import type { GatewayError } from '../../exchange/errors.js';
import type { Outgoing } from '../../exchange/exchange.js';
import type { Frames } from '../../exchange/handshake.js';
import { callOf, causeOf } from '../call-log.js';
import type { Route } from '../route.js';
import { closingOf } from './protocol.js';

/** Closes a WebSocket with an error, and logs it, unless nobody is there. */
export function closeWith(error: GatewayError, frames: Frames, { exchange, log, request }: Outgoing, route: Route): void {
  if (exchange.over) return;
  const call = callOf(route.binding.method.name, request);
  log[error.chosen ? 'debug' : 'info']({ ...call, error: error.message, ...causeOf(error) }, 'stream ended with an error');
  const { code, reason } = closingOf(error);
  frames.close(code, reason);
}
