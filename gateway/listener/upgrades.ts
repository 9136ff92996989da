import type { Duplex } from 'node:stream';
import type { Frames, Handshake } from '../exchange/handshake.js';
import { exchangeOf } from '../request/exchanges.js';
import { Acceptor } from './acceptor.js';
import { protocolsOf } from './handshake-check.js';
import { type ListenerRequest, ListenerResponse } from './messages.js';
import { OpenWebSocket, type WebSocketSettings } from './web-socket.js';

/** Reserved for an endpoint that goes away (RFC 6455 section 7.4.1). */
const GOING_AWAY = 1001;

/** The WebSockets of a listener: requests that may become one, and those that did. */
export class Upgrades {
  readonly #open = new Set<OpenWebSocket>();
  readonly #acceptor = new Acceptor();

  /** @param settings for those that are accepted from now on */
  constructor(private readonly settings: () => WebSocketSettings) {}

  /** Makes of what Node has of an upgrade a request that can be answered as every other, with what is returned, or be accepted. */
  take(request: ListenerRequest, socket: Duplex, head: Buffer): ListenerResponse {
    const response = new ListenerResponse(request);
    // Node has no part in what comes behind it.
    response.shouldKeepAlive = false;
    response.assignSocket(request.socket);
    response.on('finish', () => {
      response.detachSocket(request.socket);
      request.socket.destroySoon();
      process.nextTick(() => response.emit('close'));
    });
    request.handshake = this.#handshakeOf(request, response, socket, head);
    return response;
  }

  /** Closes all that are open. */
  goAway(): void {
    for (const socket of this.#open) socket.leave(GOING_AWAY, 'The server is shutting down.');
  }

  #handshakeOf(request: ListenerRequest, response: ListenerResponse, socket: Duplex, head: Buffer): Handshake {
    return {
      protocols: protocolsOf(request.headers),
      addHeader(name, value) {
        request.rawHeaders.push(name, value);
        request.headers[name] = value;
      },
      accept: (protocol, limits, events): Frames | undefined => {
        const ws = this.#acceptor.accept(request, socket, head, protocol, limits.message);
        if (ws === undefined) return undefined;
        response.detachSocket(request.socket);
        response.statusCode = 101;
        const open = new OpenWebSocket(ws, request.socket, { ...limits, ...this.settings() }, events, (whole) => {
          exchangeOf(request, response).end(whole);
          response.emit('close');
        });
        this.#open.add(open);
        ws.once('close', () => this.#open.delete(open));
        return open;
      },
    };
  }
}
