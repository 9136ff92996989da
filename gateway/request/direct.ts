import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { RouteTable } from '../../annotations/binding.js';
import { giveBack, isLarge } from '../../proto/json/recycling.js';
import { asGatewayError } from '../exchange/as-error.js';
import type { ErrorFormat, GatewayError } from '../exchange/errors.js';
import type { Exchange, Incoming, Outgoing } from '../exchange/exchange.js';
import type { Handshake } from '../exchange/handshake.js';
import type { Logger } from '../exchange/logger.js';
import { answerError } from './answer-error.js';
import { readKnownLength } from './body.js';
import { giveUp } from './framing-check.js';
import type { Handler } from './handler.js';
import { findMatch, handshakeOf, hangMatch, queryOf } from './routing.js';
import { hasBody as carriesBody, namesOf, type TrailerField } from './trailers.js';

/** A binding's route, as far as it can be served without Fastify. */
export interface DirectRoute {
  readonly handler: Handler;
  /** Full name of the method that is called. */
  readonly rpc: string;
  readonly errors: ErrorFormat;
  /** Largest body that is read whole, bytes. */
  readonly maxBody: number;
  /** The body is a stream of messages, and taken as it comes. */
  readonly streamed: boolean;
}

/** Serves a request, or answers false and leaves it to Fastify. */
export type Direct = (raw: IncomingMessage, response: ServerResponse, exchange: Exchange) => boolean;

/**
 * The short way of plain requests. Where no hook of a user or of an option listens, Fastify would do nothing for a request that has a route, and JSON
 * of known length or nothing as its body, but pass it on; that costs a tenth of all the work. Everything else goes through Fastify.
 *
 * @param routes by the id of their bindings
 */
export function createDirect(table: RouteTable, routes: readonly (DirectRoute | undefined)[], log: Logger, bodyTimeoutMs: number): Direct {
  const someStreamed = routes.some((route) => route?.streamed === true);
  return function direct(raw, response, exchange) {
    const { headers } = raw;
    const length = headers['content-length'];
    const plain = isPlain(headers);
    if (!plain && !someStreamed) return false;
    const match = findMatch(table, raw);
    if (match.kind !== 'hit') return false;
    const route = routes[match.binding.id];
    if (route === undefined) return false;
    const { streamed } = route;
    if (!streamed && (!plain || Number(length) > route.maxBody)) return false;
    hangMatch(raw, match);
    const request = new DirectRequest(raw, match.captures);
    const reply = new DirectReply(route, request, response, exchange, log);
    if (streamed && hasBody(headers)) request.stream = raw;
    if (streamed || length === undefined) {
      route.handler(reply);
      return true;
    }
    readKnownLength(raw, Number(length), bodyTimeoutMs, (error, body) => {
      if (error === null) {
        request.body = body;
        route.handler(reply);
      } else reply.send(error);
    });
    return true;
  };
}

const JSON_TYPES: ReadonlySet<string | undefined> = new Set([
  'application/json',
  ...['charset=utf-8', 'charset=UTF-8'].flatMap((charset) => [`application/json; ${charset}`, `application/json;${charset}`]),
]);

/** RFC 9112, section 6. */
function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

/** No body, or JSON of known length as it is. */
function isPlain(headers: IncomingHttpHeaders): boolean {
  if (headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined) return false;
  const type = headers['content-type'];
  return headers['content-length'] === undefined ? type === undefined : isPlainJson(type);
}

/** Whether a `Content-Type` is that of JSON, as nearly all write it. */
export function isPlainJson(type: string | undefined): boolean {
  return JSON_TYPES.has(type);
}

class DirectRequest implements Incoming {
  body: unknown = undefined;
  stream: Readable | undefined = undefined;
  readonly headers: IncomingHttpHeaders;

  constructor(
    private readonly raw: IncomingMessage,
    readonly captures: readonly string[],
  ) {
    this.headers = raw.headers;
  }

  get method(): string {
    return this.raw.method ?? '';
  }

  get query(): string {
    return queryOf(this.raw);
  }

  get httpVersion(): string {
    return this.raw.httpVersion;
  }

  get rawHeaders(): readonly string[] {
    return this.raw.rawHeaders;
  }

  get host(): string {
    return this.headers.host ?? '';
  }

  get ip(): string {
    return this.raw.socket.remoteAddress ?? '';
  }

  get protocol(): string {
    return 'encrypted' in this.raw.socket ? 'https' : 'http';
  }

  get handshake(): Handshake | undefined {
    return handshakeOf(this.raw);
  }
}

/** Largest body that is written as text, bytes: with its head it has room where Node encodes without allocating. */
const MAX_TEXT = 4 * 1024;

const { latin1Slice } = Buffer.prototype;

class DirectReply implements Outgoing {
  /** Name, value, name, value... */
  readonly #headers: (string | string[])[] = [];
  #trailers: TrailerField[] | undefined;

  constructor(
    private readonly route: DirectRoute,
    readonly request: Incoming,
    private readonly raw: ServerResponse,
    readonly exchange: Exchange,
    readonly log: Logger,
  ) {}

  get begun(): boolean {
    return this.raw.headersSent;
  }

  get stalled(): boolean {
    return this.raw.writableNeedDrain;
  }

  hasHeader(name: string): boolean {
    return this.getHeader(name) !== undefined;
  }

  getHeader(name: string): string | number | string[] | undefined {
    const at = this.#indexOf(name);
    return at === -1 ? this.raw.getHeader(name) : this.#headers[at + 1];
  }

  header(name: string, value: string | string[]): void {
    const at = this.#indexOf(name);
    if (at === -1) this.#headers.push(name, value);
    else this.#headers[at + 1] = value;
  }

  code(httpStatus: number): void {
    this.raw.statusCode = httpStatus;
  }

  type(contentType: string): void {
    this.header('content-type', contentType);
  }

  send(payload?: unknown): void {
    const { raw, route } = this;
    if (raw.headersSent || this.exchange.over) return;
    if (payload === undefined || payload instanceof Uint8Array) this.#answer(payload);
    else answerError(asGatewayError(payload), route.errors, route.rpc, this);
  }

  trailer(name: string, value: string): void {
    this.#trailers ??= [];
    this.#trailers.push([name, value]);
  }

  stream(body: Readable): void {
    const { raw } = this;
    const headers = this.#headers;
    for (let i = 0; i < headers.length; i += 2) raw.setHeader(String(headers[i]), headers[i + 1] ?? '');
    // Heard before the end of the body ends the answer.
    body.on('end', () => {
      if (this.#trailers !== undefined) raw.addTrailers(this.#trailers);
    });
    body.on('error', () => raw.destroy()).pipe(raw);
  }

  flushHead(): void {
    this.raw.flushHeaders();
  }

  cut(): void {
    this.raw.destroy();
  }

  hangUp(): void {
    this.raw.req.socket.destroy();
  }

  giveUp(error: GatewayError, format: ErrorFormat): void {
    giveUp(this.raw, error, format);
  }

  #answer(body: Uint8Array | undefined): void {
    const { raw } = this;
    const { statusCode } = raw;
    const trailers = carriesBody(statusCode, this.request.method, body) ? this.#trailers : undefined;
    if (trailers !== undefined) {
      this.#headers.push('trailer', namesOf(trailers));
      raw.addTrailers(trailers);
    }
    // RFC 9110, section 8.6; no trailer may follow a body that has a length.
    else if (statusCode !== 204 && statusCode !== 304) this.#headers.push('content-length', `${body?.length ?? 0}`);
    raw.writeHead(statusCode, this.#headers);
    if (body === undefined) raw.end();
    // Called when the system has taken all of it.
    else if (isLarge(body)) raw.end(body, () => giveBack(body));
    // As text it leaves with its head in one piece; two pieces cost a twentieth of all the work.
    else if (body.length <= MAX_TEXT) raw.end(latin1Slice.call(body, 0, body.length), 'latin1');
    else raw.end(body);
  }

  #indexOf(name: string): number {
    const headers = this.#headers;
    for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) return i;
    return -1;
  }
}
