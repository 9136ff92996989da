import type { RouteTable } from '../../../annotations/binding.js';
import type { Logger } from '../../exchange/logger.js';
import { readToEnd } from '../body.js';
import { type DirectRoute, isPlainJson } from '../direct.js';
import { hangMatch } from '../routing.js';
import { Http2Reply } from './reply.js';
import type { Http2Request } from './request.js';

/** Serves a request of HTTP/2, or answers false and leaves it to Fastify. */
export type DirectHttp2 = (request: Http2Request) => boolean;

const NO_BYTES = Buffer.alloc(0);

/**
 * The short way of plain requests (see `createDirect`) over HTTP/2, where a body need not say its length: on the stream itself, without the objects that
 * Node makes of it for those who know HTTP/1.1.
 */
export function createDirectHttp2(
  table: RouteTable,
  routes: readonly (DirectRoute | undefined)[],
  log: Logger,
  bodyTimeoutMs: number,
): DirectHttp2 {
  const someStreamed = routes.some((route) => route?.streamed === true);
  return function direct(request) {
    const { headers, hasBody } = request;
    const type = headers['content-type'];
    const isPlain = headers['content-encoding'] === undefined && (type === undefined ? !hasBody : isPlainJson(type));
    if (!isPlain && !someStreamed) return false;
    const match = table.match(request.method, request.url);
    if (match.kind !== 'hit') return false;
    const route = routes[match.binding.id];
    if (route === undefined) return false;
    const { streamed, maxBody } = route;
    if (!streamed && (!isPlain || Number(headers['content-length']) > maxBody)) return false;
    hangMatch(request, match);
    request.captures = match.captures;
    const reply = new Http2Reply(route, request, log);
    if (streamed && hasBody) request.stream = request.http2;
    if (streamed || !hasBody) {
      if (!streamed && type !== undefined) request.body = NO_BYTES;
      route.handler(reply);
      return true;
    }
    readToEnd(request.http2, maxBody, bodyTimeoutMs, (error, body) => {
      if (error === null) {
        request.body = body;
        route.handler(reply);
      } else reply.send(error);
    });
    return true;
  };
}
