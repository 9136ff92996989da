import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange/exchange.js';
import type { Logger } from '../exchange/logger.js';
import { callOf } from './call-log.js';
import { matchOf, type Target } from './routing.js';

/** A request as far as it is logged. */
interface Logged extends Target {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Logs a request when it is over, at level debug. `aborted`: the client has left before it had the whole answer. */
export function logRequest(exchange: Exchange, request: Logged, status: () => number | undefined, log: Logger): void {
  const { method, url } = request;
  const began = performance.now();
  exchange.onEnd((whole) => {
    const match = matchOf(request);
    const { rpc, template } =
      match.kind === 'hit'
        ? { rpc: match.binding.method.name, template: match.binding.template.text }
        : { rpc: undefined, template: undefined };
    const ms = Math.round((performance.now() - began) * 1000) / 1000;
    const outcome = whole ? { status: status() } : { aborted: true };
    log.debug({ method, url, template, ...callOf(rpc, request), ...outcome, ms }, 'request');
  });
}
