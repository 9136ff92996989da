import type { OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { giveBack, isLarge } from '../../../proto/json/recycling.js';
import { asGatewayError } from '../../exchange/as-error.js';
import type { ErrorFormat, GatewayError } from '../../exchange/errors.js';
import type { Exchange, Outgoing } from '../../exchange/exchange.js';
import type { Logger } from '../../exchange/logger.js';
import { answerError } from '../answer-error.js';
import { grouped, hasBody, namesOf, type TrailerField, takesTrailers } from '../trailers.js';
import { isOfConnection } from './names.js';
import { cutStream, endRequest, refuseStream } from './refuse.js';
import type { Http2Request } from './request.js';

/** Of the route that answers: how, and for whom. */
export interface Answered {
  readonly errors: ErrorFormat;
  readonly rpc: string;
}

/** Largest piece of an answer, bytes. */
const MOST_OF_PIECE = 64 * 1024;

/** The answer of a request of HTTP/2, on the stream that it came on. */
export class Http2Reply implements Outgoing {
  readonly #headers: OutgoingHttpHeaders = { ':status': 200 };
  #trailers: TrailerField[] | undefined;

  constructor(
    private readonly route: Answered,
    readonly request: Http2Request,
    readonly log: Logger,
  ) {}

  get exchange(): Exchange {
    return this.request.exchange;
  }

  get begun(): boolean {
    return this.request.http2.headersSent;
  }

  get stalled(): boolean {
    return this.request.http2.writableNeedDrain;
  }

  hasHeader(name: string): boolean {
    return this.#headers[name] !== undefined;
  }

  getHeader(name: string): string | number | string[] | undefined {
    return this.#headers[name];
  }

  header(name: string, value: string | string[]): void {
    if (!isOfConnection(name)) this.#headers[name] = value;
  }

  code(httpStatus: number): void {
    this.#headers[':status'] = httpStatus;
  }

  type(contentType: string): void {
    this.#headers['content-type'] = contentType;
  }

  send(payload?: unknown): void {
    if (this.begun || this.#isGone) return;
    if (payload === undefined || payload instanceof Uint8Array) this.#answer(payload);
    else answerError(asGatewayError(payload), this.route.errors, this.route.rpc, this);
  }

  trailer(name: string, value: string): void {
    this.#trailers ??= [];
    this.#trailers.push([name, value]);
  }

  stream(body: Readable): void {
    const { http2 } = this.request;
    if (this.#isGone) {
      body.destroy();
      return;
    }
    this.#respond(takesTrailers(this.request));
    body.on('error', () => cutStream(http2)).pipe(http2);
  }

  /** It has left with `stream`. */
  flushHead(): void {}

  cut(): void {
    cutStream(this.request.http2);
  }

  /** The connection has others, which wait for nobody. */
  hangUp(): void {
    this.cut();
  }

  giveUp(error: GatewayError, format: ErrorFormat): void {
    if (this.begun) this.cut();
    else refuseStream(this.request.http2, error, format);
  }

  get #isGone(): boolean {
    const { http2, exchange } = this.request;
    return exchange.over || http2.destroyed || http2.closed;
  }

  #answer(body: Uint8Array | undefined): void {
    const { http2, method } = this.request;
    const status = Number(this.#headers[':status']);
    const trailers = hasBody(status, method, body) ? this.#trailers : undefined;
    if (trailers !== undefined) this.#headers.trailer = namesOf(trailers);
    // RFC 9110, section 8.6
    else if (status !== 204 && status !== 304) this.#headers['content-length'] = body?.length ?? 0;
    this.#respond(trailers !== undefined);
    // A HEAD, or a status without a body, has ended with its head.
    if (http2.writableEnded || body === undefined) http2.end();
    else if (body.length > MOST_OF_PIECE) this.#endInPieces(body, 0);
    // Called when all of it has left.
    else if (isLarge(body)) http2.end(body, () => giveBack(body));
    else http2.end(body);
  }

  /** So that it can be seen whether a client reads, however slowly. */
  #endInPieces(body: Uint8Array, from: number): void {
    const { request } = this;
    const { http2 } = request;
    request.taken = from;
    const to = from + MOST_OF_PIECE;
    if (to < body.length) {
      http2.write(body.subarray(from, to), (error) => {
        if (error == null) this.#endInPieces(body, to);
      });
    } else
      http2.end(body.subarray(from), () => {
        if (isLarge(body)) giveBack(body);
      });
  }

  #respond(waitForTrailers: boolean): void {
    const { http2, hasBody } = this.request;
    if (waitForTrailers) {
      http2.once('wantTrailers', () => {
        http2.sendTrailers(grouped(this.#trailers ?? []));
        // They leave before it.
        if (hasBody) setImmediate(endRequest, http2);
      });
    } else if (hasBody) http2.once('finish', () => endRequest(http2));
    http2.respond(this.#headers, { waitForTrailers });
  }
}
