import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Incoming, Outgoing } from '../exchange/exchange.js';
import { isBodiless } from '../transcode/http-code.js';

type Field = [name: string, value: string];

const noted = new WeakMap<Outgoing, Field[]>();

/** Whether a client takes trailer fields and keeps them (RFC 9110 section 10.1.4), and HTTP has a place for them. */
export function takesTrailers({ raw, headers }: Incoming): boolean {
  const { te } = headers;
  return te !== undefined && raw.httpVersion !== '1.0' && /(?:^|,)\s*trailers\s*(?:[;,]|$)/i.test([te].flat().join(','));
}

/** A trailer field for the answer. */
export function addTrailer(reply: Outgoing, name: string, value: string | string[]): void {
  const fields = noted.get(reply) ?? [];
  for (const each of [value].flat()) fields.push([name, each]);
  noted.set(reply, fields);
}

/** Makes an app send what {@link addTrailer} noted behind the bodies of its answers, chunked; answers without a body go without. */
export function serveTrailers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const fields = noted.get(reply);
    if (fields === undefined || !(payload instanceof Uint8Array) || request.method === 'HEAD' || isBodiless(reply.statusCode)) {
      done(null, payload);
      return;
    }
    reply.header('trailer', [...new Set(fields.map(([name]) => name))].join(', '));
    reply.raw.addTrailers(fields);
    // Bytes would get a Content-Length, and no trailer may follow a body that has one.
    done(null, Readable.from([payload], { objectMode: false }));
  });
}
