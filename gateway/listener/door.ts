import { createServer, type Server, type Socket } from 'node:net';
import type { Config } from '../config/config.js';
import type { Logger } from '../exchange/logger.js';
import { onFirstBytes } from './first-bytes.js';
import { refuseLate } from './late-head.js';
import type { Protocol } from './protocol.js';
import type { ListenerTls } from './tls.js';

/** Where connections come in. */
export interface Door {
  readonly server: Server;
  /** Lets nobody in any more. Answers when all connections are closed. */
  close(): Promise<void>;
  /** Cuts what is left. */
  cut(): void;
}

/** By the version of HTTP that they serve. */
export interface Protocols {
  readonly http1: Protocol;
  readonly http2: Protocol;
}

/** As Node's HTTP server has them: a client that has closed its side still gets its answer. */
const SOCKETS = { allowHalfOpen: true, noDelay: true } as const;

/** Hands each connection to the protocol that it is of. */
export function createDoor(config: Config, log: Logger, tls: ListenerTls, { http1, http2 }: Protocols): Door {
  const server =
    config.tls === undefined
      ? createServer(SOCKETS, (socket) =>
          onFirstBytes(socket, config.limits.headersTimeoutMs, (version) => {
            if (version === undefined) refuseLate(socket);
            else (version === 2 ? http2 : http1).take(socket);
          }),
        )
      : tls.createServer(SOCKETS, config, log, (socket) => (socket.alpnProtocol === 'h2' ? http2 : http1).take(socket));
  if (config.limits.maxConnections !== undefined) server.maxConnections = config.limits.maxConnections;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    server,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    cut() {
      for (const socket of open) socket.destroy();
    },
  };
}
