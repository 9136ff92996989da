import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorFormat, GatewayError } from '../exchange/errors.js';
import type { Exchange, Incoming, Outgoing } from '../exchange/exchange.js';
import type { Handshake } from '../exchange/handshake.js';
import { exchangeOf } from './exchanges.js';
import { giveUp } from './framing-check.js';
import { handshakeOf, matchOf, queryOf } from './routing.js';
import { addTrailer, sendTrailers } from './trailers.js';

/** The reply of a request that Fastify has routed, and in it the request. */
export function outgoingOf(request: FastifyRequest, reply: FastifyReply): Outgoing {
  return new FastifyOutgoing(reply, new FastifyIncoming(request), exchangeOf(request.raw, reply.raw));
}

class FastifyIncoming implements Incoming {
  constructor(private readonly request: FastifyRequest) {}

  get method(): string {
    return this.request.method;
  }

  get query(): string {
    return queryOf(this.request.raw);
  }

  get captures(): readonly string[] {
    const match = matchOf(this.request.raw);
    return match.kind === 'hit' ? match.captures : [];
  }

  get httpVersion(): string {
    return this.request.raw.httpVersion;
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  get rawHeaders(): readonly string[] {
    return this.request.raw.rawHeaders;
  }

  get body(): unknown {
    return this.request.body;
  }

  get stream(): Readable | undefined {
    const { body } = this.request;
    return body instanceof Readable ? body : undefined;
  }

  /** Fastify believes `x-forwarded-*` only from the proxies that the configuration trusts. */
  get host(): string {
    return this.request.host;
  }

  get ip(): string {
    return this.request.ip;
  }

  get ips(): readonly string[] | undefined {
    return this.request.ips;
  }

  get protocol(): string {
    return this.request.protocol;
  }

  get handshake(): Handshake | undefined {
    return handshakeOf(this.request.raw);
  }
}

class FastifyOutgoing implements Outgoing {
  constructor(
    private readonly reply: FastifyReply,
    readonly request: Incoming,
    readonly exchange: Exchange,
  ) {}

  get log(): Outgoing['log'] {
    return this.reply.log;
  }

  get begun(): boolean {
    return this.reply.raw.headersSent;
  }

  get stalled(): boolean {
    return this.reply.raw.writableNeedDrain;
  }

  hasHeader(name: string): boolean {
    return this.reply.hasHeader(name);
  }

  getHeader(name: string): string | number | string[] | undefined {
    return this.reply.getHeader(name);
  }

  header(name: string, value: string | string[]): void {
    this.reply.header(name, value);
  }

  code(httpStatus: number): void {
    this.reply.code(httpStatus);
  }

  type(contentType: string): void {
    this.reply.type(contentType);
  }

  send(payload?: unknown): void {
    this.reply.send(payload);
  }

  trailer(name: string, value: string): void {
    addTrailer(this.reply, name, value);
  }

  stream(body: Readable): void {
    // Heard before the end of the body ends the answer.
    body.on('end', () => sendTrailers(this.reply));
    this.reply.send(body);
  }

  flushHead(): void {
    this.reply.raw.flushHeaders();
  }

  cut(): void {
    this.reply.raw.destroy();
  }

  hangUp(): void {
    const { raw } = this.reply.request;
    if (raw.httpVersionMajor > 1) this.cut();
    else raw.socket.destroy();
  }

  giveUp(error: GatewayError, format: ErrorFormat): void {
    giveUp(this.reply.raw, error, format);
  }
}
