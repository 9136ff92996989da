import { IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Match } from '../../annotations/binding.js';
import type { Exchange } from '../exchange/exchange.js';
import type { Handshake } from '../exchange/handshake.js';
import { kExchange } from '../request/exchanges.js';
import { kMatch } from '../request/routing.js';
import { asksForWebSocket } from './handshake-check.js';

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * A request of the listener. One that asks for `100 Continue` (RFC 9110 section 10.1.1) gets it when its body begins to be read, and none where the
 * answer needs nothing of it.
 */
export class ListenerRequest extends IncomingMessage {
  /** Where `100 Continue` is said, if that is waited for. */
  awaited: ServerResponse | undefined;
  /** It may go on as a WebSocket. */
  handshake: Handshake | undefined;
  // What is hung on every request has its place from the start: one more would cost each of them a copy of all that it has.
  [kExchange]: Exchange | undefined;
  [kMatch]: Match | undefined;
  #asksForUpgrade = false;
  #upgrades: boolean | undefined;

  /**
   * Node's parser says that an upgrade is asked for, and goes by the answer: what is no WebSocket (`h2c`), or comes while answers are in progress, is a
   * request as every other (RFC 9110 section 7.8), of which a listener for `upgrade` would hear nothing but its socket.
   */
  get upgrade(): boolean {
    if (!this.#asksForUpgrade) return false;
    this.#upgrades ??= this.method === 'CONNECT' || (asksForWebSocket(this) && turnsOf.get(this.socket)?.idle === true);
    return this.#upgrades;
  }

  set upgrade(asked: boolean | null) {
    // Called by the constructor of the base, too, when nothing is there yet.
    if (asked === true) this.#asksForUpgrade = true;
  }

  override _read(size: number): void {
    const response = this.awaited;
    if (response !== undefined) {
      this.awaited = undefined;
      sayContinue(response);
    }
    super._read(size);
  }
}

/** Node puts the head of an answer before all that was written without a socket: what waits for its turn says so when that comes. */
function sayContinue(response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return;
  if (response.socket === null) response.once('socket', () => sayContinue(response));
  else response.writeContinue();
}

/** Who says whether an answer is the last one of its connection. */
export interface Turns {
  /** Nothing is in progress. */
  readonly idle: boolean;
  /** Asked when the head of an answer is written; `said`: the answer itself says so. */
  isLast(response: ListenerResponse, said: boolean): boolean;
}

/** Who says so of a connection. */
export const turnsOf = new WeakMap<Socket, Turns>();

/** A response of the listener: it says `connection: close` if it is the last one. */
export class ListenerResponse extends ServerResponse<ListenerRequest> {
  turns: Turns | undefined;
  /** Its own, once that has begun. */
  exchange: Exchange | undefined;

  /** Also closes one whose turn on the connection has not come: Node would not say that before the connection closes. */
  override destroy(error?: Error): this {
    const waits = this.socket === null && !this.destroyed && !this.writableFinished;
    super.destroy(error);
    if (waits) this.emit('close');
    return this;
  }

  /** Of one that was closed before its turn nothing leaves, nor of those behind it. */
  override assignSocket(socket: Socket): void {
    if (this.destroyed) socket.destroySoon();
    else super.assignSocket(socket);
  }

  override writeHead(statusCode: number, reason?: string | Headers, headers?: Headers): this {
    const { turns } = this;
    if (turns !== undefined) {
      const said =
        !this.shouldKeepAlive || saysClose(typeof reason === 'object' ? reason : headers) || isClose(this.getHeader('connection'));
      // Then Node says so in the head.
      if (turns.isLast(this, said)) this.shouldKeepAlive = false;
    }
    if (typeof reason === 'string') return super.writeHead(statusCode, reason, headers);
    return super.writeHead(statusCode, reason ?? headers);
  }
}

/** Whether headers of `writeHead` say `connection: close`: an object, or name, value, name, value... */
function saysClose(headers: Headers | undefined): boolean {
  if (headers === undefined) return false;
  if (!Array.isArray(headers)) return Object.keys(headers).some((name) => isConnection(name) && isClose(headers[name]));
  for (let i = 0; i < headers.length; i += 2) if (isConnection(headers[i]) && isClose(headers[i + 1])) return true;
  return false;
}

function isConnection(name: unknown): boolean {
  return typeof name === 'string' && name.length === 10 && name.toLowerCase() === 'connection';
}

function isClose(value: OutgoingHttpHeader | undefined): boolean {
  return value !== undefined && /(?:^|,)\s*close\s*(?:,|$)/i.test(String(value));
}
