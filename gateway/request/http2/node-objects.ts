import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { hangExchange } from '../exchanges.js';
import { grouped } from '../trailers.js';
import { isOfConnection } from './names.js';
import { cutStream, endRequest } from './refuse.js';
import type { Http2Request } from './request.js';

/** A request of HTTP/2 as Fastify takes it: in the form of HTTP/1.1's. */
export function nodeObjectsOf(request: Http2Request): readonly [IncomingMessage, ServerResponse] {
  const { headers, hasBody } = request;
  // How Fastify knows of a body that does not say its length.
  if (hasBody && headers['content-length'] === undefined) headers['transfer-encoding'] = 'chunked';
  const raw = new Http2ServerRequest(request.http2, headers, {}, request.rawHeaders) as unknown as IncomingMessage;
  const response = new NodeResponse(request.http2) as unknown as ServerResponse;
  // Node's response waits for trailers, and sends its own, which leave before this.
  if (hasBody) request.http2.once('wantTrailers', () => setImmediate(endRequest, request.http2));
  hangExchange(raw, request.exchange);
  return [raw, response];
}

class NodeResponse extends Http2ServerResponse {
  override setHeader(name: string, value: number | string | readonly string[]): this {
    if (!isOfConnection(name.toLowerCase())) super.setHeader(name, value);
    return this;
  }

  override writeHead(statusCode: number, reason?: string | OutgoingHttpHeaders, headers?: OutgoingHttpHeaders): this {
    const given = typeof reason === 'object' ? reason : (headers ?? {});
    for (const [name, value] of Object.entries(given)) if (value !== undefined) this.setHeader(name, value);
    return super.writeHead(statusCode);
  }

  /** As HTTP/1.1's takes them, too: pairs. */
  override addTrailers(trailers: OutgoingHttpHeaders | readonly (readonly [string, string])[]): void {
    super.addTrailers(Array.isArray(trailers) ? grouped(trailers) : (trailers as OutgoingHttpHeaders));
  }

  override destroy(): this {
    cutStream(this.stream);
    return this;
  }
}
