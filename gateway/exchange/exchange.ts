import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { ErrorFormat, GatewayError } from './errors.js';
import type { Handshake } from './handshake.js';
import type { Logger } from './logger.js';

/** Called once, when an exchange is over; `whole`: all of its answer has left. */
export type ExchangeEnd = (whole: boolean) => void;

/**
 * A request and its answer, from when the request is taken until its answer has left, or its client has. It has one owner, the connection it came on,
 * which ends it once; everything that counts, waits or closes asks it.
 */
export class Exchange {
  /** Nothing more comes or goes. */
  over = false;
  /** How long its client takes to read the answer is seen to by who answers, not by the connection. */
  patient = false;
  // Most have two listeners, which a list would cost more than.
  #first: ExchangeEnd | undefined;
  #second: ExchangeEnd | undefined;
  #others: ExchangeEnd[] | undefined;

  /** Calls `listener` when it is over, in the order in which they asked; now, if it is. Listeners do not throw. */
  onEnd(listener: ExchangeEnd): void {
    if (this.over) listener(false);
    else if (this.#first === undefined) this.#first = listener;
    else if (this.#second === undefined) this.#second = listener;
    else if (this.#others === undefined) this.#others = [listener];
    else this.#others.push(listener);
  }

  /** For its owner. The first end counts. */
  end(whole: boolean): void {
    if (this.over) return;
    this.over = true;
    this.#first?.(whole);
    this.#second?.(whole);
    if (this.#others !== undefined) for (const listener of this.#others) listener(whole);
  }
}

/** What a request is to the gateway, whichever way it came. */
export interface Incoming {
  /** As it was sent. */
  readonly method: string;
  /** The query string as it was sent, without `?`; '' if there is none. */
  readonly query: string;
  /** What the variables of the route's path are. */
  readonly captures: readonly string[];
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value... as they were sent. */
  readonly rawHeaders: readonly string[];
  /** Bytes, once they were read; of a client stream nothing is. */
  readonly body: unknown;
  /** The body as it comes, where it is not read before: that of a client stream, if there is one. */
  readonly stream: Readable | undefined;
  /** As the client named it, with its port if it did. */
  readonly host: string;
  readonly ip: string;
  /** From the client to the last hop, last first; undefined where no proxy is trusted. */
  readonly ips?: readonly string[] | undefined;
  readonly protocol: string;
  /** Its client wants to go on as a WebSocket. */
  readonly handshake: Handshake | undefined;
}

/** What its reply is. Names of headers are in lower case. */
export interface Outgoing {
  readonly request: Incoming;
  readonly exchange: Exchange;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn'>;
  /** The head of the answer has left. */
  readonly begun: boolean;
  /** The client has not taken what it was sent. */
  readonly stalled: boolean;
  hasHeader(name: string): boolean;
  getHeader(name: string): string | number | string[] | undefined;
  /** Sets a header in place of what it was. */
  header(name: string, value: string | string[]): unknown;
  code(httpStatus: number): unknown;
  type(contentType: string): unknown;
  /** Answers, once: bytes, a stream, nothing; or an error, which decides status and body. */
  send(payload?: unknown): unknown;
  /** A field behind the body (RFC 9110 section 6.5), before the answer is sent, or its stream has ended. Answers that have no body go without. */
  trailer(name: string, value: string): void;
  /** Answers with a stream of bytes. Not all of them need have come. */
  stream(body: Readable): unknown;
  /** Lets the head of a stream leave before its first bytes. */
  flushHead(): void;
  /** Ends the exchange where the answer is. */
  cut(): void;
  /** Cuts, and closes an HTTP/1.1 connection at once, though it may be the turn of another answer. */
  hangUp(): void;
  /** Answers an error without any help, whatever was set, as the last answer of its connection; cuts where the head of another has left. */
  giveUp(error: GatewayError, format: ErrorFormat): void;
}
