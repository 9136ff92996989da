import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Incoming } from '../exchange/exchange.js';
import { isBodiless } from '../transcode/http-code.js';

/** A field behind a body. */
export type TrailerField = [name: string, value: string];

const noted = new WeakMap<FastifyReply, TrailerField[]>();

/** Whether a client takes trailer fields and keeps them (RFC 9110 section 10.1.4), and HTTP has a place for them. */
export function takesTrailers({ httpVersion, headers }: Incoming): boolean {
  const { te } = headers;
  return te !== undefined && httpVersion !== '1.0' && /(?:^|,)\s*trailers\s*(?:[;,]|$)/i.test([te].flat().join(','));
}

/** A trailer field for an answer of Fastify's. */
export function addTrailer(reply: FastifyReply, name: string, value: string): void {
  const fields = noted.get(reply) ?? [];
  fields.push([name, value]);
  noted.set(reply, fields);
}

/** Lets what {@link addTrailer} noted stand behind a stream that is about to end. The header `Trailer` has left without the names. */
export function sendTrailers(reply: FastifyReply): void {
  const fields = noted.get(reply);
  if (fields !== undefined) reply.raw.addTrailers(fields);
}

/** Whether an answer has a body, behind which trailers can stand. */
export function hasBody(httpStatus: number, method: string, payload: unknown): payload is Uint8Array {
  return payload instanceof Uint8Array && method !== 'HEAD' && !isBodiless(httpStatus);
}

/** The value of the header `Trailer` (RFC 9110 section 6.6.2). */
export function namesOf(fields: readonly TrailerField[]): string {
  return [...new Set(fields.map(([name]) => name))].join(', ');
}

/** Fields by their names, those that are repeated as lists. */
export function grouped(fields: readonly TrailerField[]): Readonly<Record<string, string[]>> {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of fields) {
    headers[name] ??= [];
    headers[name].push(value);
  }
  return headers;
}

/** Makes an app send what {@link addTrailer} noted behind the bodies of its answers, chunked; answers without a body go without. */
export function serveTrailers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const fields = noted.get(reply);
    if (fields === undefined || !hasBody(reply.statusCode, request.method, payload)) {
      done(null, payload);
      return;
    }
    reply.header('trailer', namesOf(fields));
    reply.raw.addTrailers(fields);
    // Bytes would get a Content-Length, and no trailer may follow a body that has one.
    done(null, Readable.from([payload], { objectMode: false }));
  });
}
