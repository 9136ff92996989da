import type { Socket } from 'node:net';
import type { GatewayError } from '../exchange/errors.js';
import { Exchange } from '../exchange/exchange.js';
import { openExchange } from '../request/exchanges.js';
import { discard, linger } from './lingering.js';
import { type ListenerRequest, type ListenerResponse, type Turns, turnsOf } from './messages.js';
import { rawAnswer } from './raw-answer.js';

/** What the connections of a listener have in common. */
export interface ConnectionOptions {
  /** How many exchanges of a connection may be in progress. */
  readonly exchanges: number;
  /** How long nothing may move that should, ms. */
  readonly quietMs: number;
  /** No answer leaves a connection open any more. */
  draining: boolean;
  serve(request: ListenerRequest, response: ListenerResponse): void;
}

/** Bytes of answers that may wait for a client before another request of its connection is begun. */
const MOST_UNSENT = 256 * 1024;
/** Requests that wait to be begun before no more are read: until then it is seen at once when the client leaves. */
const MANY_WAITING = 100;
/** Requests that may wait to be begun; Node's parser does not stop in the middle of what it has read. */
const MOST_WAITING = 1000;
/** Longest body that is read and thrown away behind an answer that did not wait for it, bytes; a client with more is better off without. */
const MOST_REST = 64 * 1024;
/** How long answers in progress may take to leave when what follows them is no HTTP, ms. */
const REFUSAL_MS = 5000;

/**
 * A client's HTTP/1.1 connection, the one owner of its exchanges: it begins them in the order in which they came, no more than a few at a time, and
 * knows which answer is the last. Node's server keeps the answers in order.
 */
export class Connection implements Turns {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  /** In progress, in order. */
  readonly #begun: ListenerResponse[] = [];
  #waiting: ListenerResponse[] = [];
  /** Nothing that comes is served any more (RFC 9112 section 9.6). */
  #closing = false;
  /** What is still to be said, when all answers have left. */
  #refusal: GatewayError | undefined;
  #lingers = false;
  #discards = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    turnsOf.set(socket, this);
    // Node takes its own listener away when it has found an error.
    socket.on('error', () => {});
    // Node's way to end a connection behind its last answer.
    socket.destroySoon = () => this.#linger();
  }

  /** A request has come, its head is whole. */
  take(request: ListenerRequest, response: ListenerResponse): void {
    if (this.#closing) {
      request.resume();
      this.#discard();
      return;
    }
    if (!response.shouldKeepAlive) this.#closing = true;
    if (this.#waiting.length === 0 && this.#hasRoom()) {
      this.#begin(response);
      return;
    }
    this.#waiting.push(response);
    if (this.#waiting.length >= MANY_WAITING) this.#socket.pause();
    if (this.#waiting.length >= MOST_WAITING) this.#closing = true;
  }

  get idle(): boolean {
    return this.#begun.length === 0 && this.#waiting.length === 0 && !this.#closing;
  }

  isLast(response: ListenerResponse, said: boolean): boolean {
    const at = this.#begun.indexOf(response);
    // It does not leave any more.
    if (at === -1) return said;
    const behind = at + 1;
    const isLast = behind === this.#begun.length && this.#waiting.length === 0 && this.#refusal === undefined;
    if (!said && !(isLast && (this.#closing || this.#options.draining || hasMuchToCome(response.req)))) return false;
    this.#breakOff(behind);
    return true;
  }

  /** What has come is no HTTP. The requests before it are answered, then it is. */
  refuse(error: GatewayError): void {
    if (this.#refusal !== undefined || this.#lingers) return;
    if (!this.#socket.writable) {
      this.#socket.destroy();
      return;
    }
    const isBehindLast = this.#closing && this.#newest?.req.complete !== false;
    if (isBehindLast) {
      this.#discard();
      return;
    }
    this.#closing = true;
    if (this.#cutIncomplete()) this.#refusal = error;
    const timer = setTimeout(() => this.#socket.destroy(), REFUSAL_MS).unref();
    this.#socket.once('close', () => clearTimeout(timer));
    if (this.#begun.length === 0) this.#sayRefusal();
  }

  /** Nothing has moved for a while: it is idle, or its client does not read. A call that takes long is no reason to close. */
  quiet(): void {
    const [first] = this.#begun;
    const unread = this.#socket.writableLength > 0 && first?.exchange?.patient !== true;
    if (first === undefined || unread) this.#socket.destroy();
    else this.#socket.setTimeout(this.#options.quietMs);
  }

  #begin(response: ListenerResponse): void {
    const exchange = new Turn(this, response);
    this.#begun.push(response);
    response.exchange = exchange;
    response.turns = this;
    openExchange(response.req, response, exchange);
    this.#options.serve(response.req, response);
  }

  /** An exchange is over. */
  ended(response: ListenerResponse, whole: boolean): void {
    const at = this.#begun.indexOf(response);
    if (at !== -1) this.#begun.splice(at, 1);
    if (this.#socket.destroyed) {
      this.#waiting = [];
      return;
    }
    if (!whole && at !== -1) this.#breakOff(at);
    const waited = this.#waiting.length;
    while (this.#waiting.length > 0 && this.#hasRoom()) {
      const next = this.#waiting.shift();
      if (next !== undefined) this.#begin(next);
    }
    if (waited >= MANY_WAITING && this.#waiting.length < MANY_WAITING) this.#socket.resume();
    if (this.#begun.length === 0 && this.#refusal !== undefined) this.#sayRefusal();
  }

  /** Nothing from that place on is answered. */
  #breakOff(place: number): void {
    this.#closing = true;
    this.#waiting = [];
    for (const { exchange } of this.#begun.slice(place)) exchange?.end(false);
  }

  #discard(): void {
    if (this.#discards) return;
    this.#discards = true;
    discard(this.#socket);
  }

  #hasRoom(): boolean {
    const begun = this.#begun;
    if (begun.length === 0) return true;
    if (begun.length >= this.#options.exchanges) return false;
    let unsent = 0;
    for (const { writableLength } of begun) unsent += writableLength;
    return unsent <= MOST_UNSENT;
  }

  get #newest(): ListenerResponse | undefined {
    return this.#waiting.at(-1) ?? this.#begun.at(-1);
  }

  /** A request whose rest is no HTTP is not served, and refused instead; answers false if its answer has begun. */
  #cutIncomplete(): boolean {
    const last = this.#newest;
    if (last === undefined || last.req.complete) return true;
    if (this.#waiting.pop() === undefined) {
      if (last.headersSent) return false;
      this.#begun.at(-1)?.exchange?.end(false);
    }
    return true;
  }

  #sayRefusal(): void {
    if (this.#refusal !== undefined) this.#socket.write(rawAnswer(this.#refusal));
    this.#linger();
  }

  #linger(): void {
    if (this.#lingers) return;
    this.#lingers = true;
    // The first has been answered, those behind it cannot be any more.
    this.#breakOff(1);
    linger(this.#socket);
  }
}

/** An exchange of a connection, which is told when it is over. */
class Turn extends Exchange {
  constructor(
    private readonly connection: Connection,
    private readonly response: ListenerResponse,
  ) {
    super();
  }

  override end(whole: boolean): void {
    if (this.over) return;
    super.end(whole);
    this.connection.ended(this.response, whole);
  }
}

/** Whether much of a request is still to come, or, as it waits for `100 Continue`, perhaps nothing. */
function hasMuchToCome({ complete, awaited, headers }: ListenerRequest): boolean {
  const length = headers['content-length'];
  // Node has not come to the end yet of what has no body.
  if (complete || (length === undefined && headers['transfer-encoding'] === undefined)) return false;
  return awaited !== undefined || !(Number(length) <= MOST_REST);
}
