import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from '../exchange/exchange.js';
import type { Logger } from '../exchange/logger.js';
import { callOf } from './call-log.js';
import { matchOf } from './routing.js';

/** Logs a request when it is over, at level debug. `aborted`: the client has left before it had the whole answer. */
export function logRequest(exchange: Exchange, request: IncomingMessage, response: ServerResponse, log: Logger): void {
  const { method, url } = request;
  const began = performance.now();
  exchange.onEnd((whole) => {
    const match = matchOf(request);
    const { rpc, template } =
      match.kind === 'hit'
        ? { rpc: match.binding.method.name, template: match.binding.template.text }
        : { rpc: undefined, template: undefined };
    const ms = Math.round((performance.now() - began) * 1000) / 1000;
    const outcome = whole ? { status: response.statusCode } : { aborted: true };
    log.debug({ method, url, template, ...callOf(rpc, request), ...outcome, ms }, 'request');
  });
}
