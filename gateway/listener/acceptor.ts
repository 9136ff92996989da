import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** Most frames of one message. */
const MOST_FRAGMENTS = 1024;

/** Answers handshakes in which nothing is wrong. */
export class Acceptor {
  /** By the largest message that they take. */
  readonly #servers = new Map<number, WebSocketServer>();
  #protocol: string | undefined;

  /** Answers 101; undefined: the client has left. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, protocol: string | undefined, maxMessage: number): WebSocket | undefined {
    let accepted: WebSocket | undefined;
    this.#protocol = protocol;
    // Calls back before it returns.
    this.#serverFor(maxMessage).handleUpgrade(request, socket, head, (ws) => {
      accepted = ws;
    });
    return accepted;
  }

  #serverFor(maxPayload: number): WebSocketServer {
    const known = this.#servers.get(maxPayload);
    if (known !== undefined) return known;
    const server = new WebSocketServer({
      ...{ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload, maxFragments: MOST_FRAGMENTS },
      // A client that sends pings and does not read must not have pongs pile up.
      autoPong: false,
      handleProtocols: () => this.#protocol ?? false,
    });
    this.#servers.set(maxPayload, server);
    return server;
  }
}
