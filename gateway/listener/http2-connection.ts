import type { IncomingHttpHeaders } from 'node:http';
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { type Client, Http2Request } from '../request/http2/request.js';

/** What the HTTP/2 connections of a listener have in common. */
export interface Http2Options {
  /** How long nothing may move that should, ms. */
  readonly quietMs: number;
  serve(request: Http2Request): void;
}

/** What comes with a stream. */
type Head = [stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, fields: readonly string[]];

/** A client's HTTP/2 connection, and its requests that are in progress. */
export class Http2Connection {
  readonly #session: ServerHttp2Session;
  readonly #client: Client;
  readonly #options: Http2Options;
  /** Each with how many bytes of its answer waited when it was looked at. */
  readonly #open = new Map<Http2Request, number>();
  readonly #looks: NodeJS.Timeout;

  constructor(session: ServerHttp2Session, client: Client, options: Http2Options) {
    this.#session = session;
    this.#client = client;
    this.#options = options;
    session.on('error', () => {});
    session.on('stream', (...head: Head) => this.#take(...head));
    session.setTimeout(options.quietMs, () => this.#quiet());
    this.#looks = setInterval(() => this.#look(), options.quietMs).unref();
    session.once('close', () => clearInterval(this.#looks));
  }

  /** Takes no more requests, and closes when those in progress have been answered (RFC 9113 section 6.8). */
  drain(): void {
    if (!this.#session.closed && !this.#session.destroyed) this.#session.close();
  }

  #take(...[stream, headers, flags, fields]: Head): void {
    const hasBody = (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0;
    const request = new Http2Request(stream, headers, fields, this.#client, hasBody);
    this.#open.set(request, 0);
    request.exchange.onEnd(() => this.#open.delete(request));
    this.#options.serve(request);
  }

  #quiet(): void {
    if (this.#open.size === 0) this.drain();
  }

  /** Ends answers that their client does not read. */
  #look(): void {
    for (const [request, before] of this.#open) {
      const { http2, exchange } = request;
      const unsent = http2.writableLength;
      if (unsent > 0 && unsent === before && !exchange.patient) http2.close(constants.NGHTTP2_CANCEL);
      this.#open.set(request, unsent);
    }
  }
}
