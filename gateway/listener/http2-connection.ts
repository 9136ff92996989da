import type { IncomingHttpHeaders } from 'node:http';
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { type Client, Http2Request } from '../request/http2/request.js';
import { Rate } from './rate.js';

/** What the HTTP/2 connections of a listener have in common. */
export interface Http2Options {
  /** How long nothing may move that should, ms. */
  readonly quietMs: number;
  /** Requests that may end before their answer has, in {@link SPAN_MS}. */
  readonly resets: number;
  /** PING and SETTINGS frames, in {@link SPAN_MS}. */
  readonly controls: number;
  serve(request: Http2Request): void;
}

/** In which what a client does is counted, ms. */
const SPAN_MS = 10_000;

/** What comes with a stream. */
type Head = [stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, fields: readonly string[]];

/** How far an answer was when it was looked at, bytes. */
interface Look {
  readonly waiting: number;
  readonly taken: number;
}

/** A client's HTTP/2 connection, and its requests that are in progress. */
export class Http2Connection {
  readonly #session: ServerHttp2Session;
  readonly #socket: Socket;
  readonly #client: Client;
  readonly #options: Http2Options;
  readonly #open = new Map<Http2Request, Look | undefined>();
  readonly #resets: Rate;
  readonly #controls: Rate;

  constructor(session: ServerHttp2Session, socket: Socket, options: Http2Options) {
    this.#session = session;
    this.#socket = socket;
    this.#client = { ip: socket.remoteAddress ?? '', protocol: 'encrypted' in socket ? 'https' : 'http' };
    this.#options = options;
    this.#resets = new Rate(options.resets, SPAN_MS);
    this.#controls = new Rate(options.controls, SPAN_MS);
    session.on('error', () => {});
    session.on('stream', (...head: Head) => this.#take(...head));
    session.on('ping', () => this.#countControl());
    session.on('remoteSettings', () => this.#countControl());
    session.setTimeout(options.quietMs, () => this.#quiet());
    const looks = setInterval(() => this.#look(), options.quietMs).unref();
    session.once('close', () => clearInterval(looks));
  }

  /** Takes no more requests, and closes when those in progress have been answered (RFC 9113 section 6.8). */
  drain(): void {
    if (!this.#session.closed && !this.#session.destroyed) this.#session.close();
  }

  #take(...[stream, headers, flags, fields]: Head): void {
    const hasBody = (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0;
    const request = new Http2Request(stream, headers, fields, this.#client, hasBody);
    this.#open.set(request, undefined);
    request.exchange.onEnd((whole) => {
      this.#open.delete(request);
      if (!whole && this.#resets.isExceeded(performance.now())) this.#endFlood();
    });
    this.#options.serve(request);
  }

  #countControl(): void {
    if (this.#controls.isExceeded(performance.now())) this.#endFlood();
  }

  /** A client that does that is to cost nothing more (CVE-2023-44487 and its kin). */
  #endFlood(): void {
    if (!this.#session.destroyed) this.#session.destroy(new Error('the client does too much'), constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #quiet(): void {
    if (this.#open.size === 0) this.drain();
  }

  /** Ends answers that their client does not read, and a connection that would have been closed but for the half of a head that has come. */
  #look(): void {
    if (this.#session.closed && this.#open.size === 0) this.#session.destroy();
    for (const [request, before] of this.#open) {
      const { http2, exchange } = request;
      const waiting = http2.writableLength;
      // Of an answer that waits as one piece it can only be seen whether the connection moves.
      const taken = request.taken ?? this.#socket.bytesWritten;
      const isUnread = waiting > 0 && waiting === before?.waiting && taken === before.taken;
      if (isUnread && !exchange.patient) http2.close(constants.NGHTTP2_CANCEL);
      this.#open.set(request, { waiting, taken });
    }
  }
}
