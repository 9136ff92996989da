import { createServer, type Server, type Socket } from 'node:net';
import type { Config } from '../config/config.js';
import type { Logger } from '../exchange/logger.js';
import { onFirstBytes } from './first-bytes.js';
import { refuseLate } from './late-head.js';
import type { Protocol } from './protocol.js';
import type { ListenerTls } from './tls.js';

/** By the version of HTTP that they serve. */
export interface Protocols {
  readonly http1: Protocol;
  readonly http2: Protocol;
}

/** As Node's HTTP server has them: a client that has closed its side still gets its answer. */
const SOCKETS = { allowHalfOpen: true, noDelay: true } as const;

/** Where connections come in; each is handed to the protocol that it is of. */
export class Doors {
  readonly #servers: Server[] = [];
  readonly #open = new Set<Socket>();

  constructor(
    private readonly config: Config,
    private readonly log: Logger,
    private readonly tls: ListenerTls,
    private readonly protocols: Protocols,
  ) {}

  /** One more of them, that listens nowhere yet. */
  create(): Server {
    const { config, tls } = this;
    const server =
      config.tls === undefined
        ? createServer(SOCKETS, (socket) => this.#takePlain(socket))
        : tls.createServer(SOCKETS, config, this.log, (socket) => this.#take(socket, socket.alpnProtocol === 'h2' ? 2 : 1));
    server.prependListener('connection', (socket: Socket) => this.#count(socket));
    this.#servers.push(server);
    return server;
  }

  /** Lets nobody in any more. Answers when all connections are closed. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  /** Cuts what is left. */
  cut(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #count(socket: Socket): void {
    if (this.#open.size >= (this.config.limits.maxConnections ?? Number.POSITIVE_INFINITY)) socket.destroy();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  #takePlain(socket: Socket): void {
    if (socket.destroyed) return;
    onFirstBytes(socket, this.config.limits.headersTimeoutMs, (version) => {
      if (version === undefined) refuseLate(socket);
      else this.#take(socket, version);
    });
  }

  #take(socket: Socket, version: 1 | 2): void {
    const { http1, http2 } = this.protocols;
    (version === 2 ? http2 : http1).take(socket);
  }
}
