import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from '../config/config.js';
import { badRequest, type GatewayError, ownError } from '../exchange/errors.js';
import type { Gateway } from '../lifecycle/gateway.js';
import { framingFault, refuse } from '../request/framing-check.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { handshakeFault } from './handshake-check.js';
import { lateHead } from './late-head.js';
import { ListenerRequest, ListenerResponse } from './messages.js';
import type { Protocol } from './protocol.js';
import { Upgrades } from './upgrades.js';

/** Serves HTTP/1.1: Node's server, which listens nowhere and is handed connections. */
export function createHttp1(gateway: Gateway, limits: Config['limits']): Protocol {
  const server = createServer<typeof ListenerRequest, typeof ListenerResponse>({
    IncomingMessage: ListenerRequest,
    ServerResponse: ListenerResponse,
    maxHeaderSize: limits.headers,
    headersTimeout: limits.headersTimeoutMs,
    // Would cut honest slow uploads: bodies have a timer of their own.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Refused by `framingFault`, in our own form.
    requireHostHeader: false,
    connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5000),
  });
  // Node drops headers past this number silently; the size limit is reached first.
  server.maxHeadersCount = 0;
  const connections: ConnectionOptions = {
    exchanges: limits.exchangesPerConnection,
    quietMs: limits.keepAliveTimeoutMs,
    draining: false,
    serve(request, response) {
      const fault = framingFault(request) ?? (request.handshake && handshakeFault(request.headers));
      if (fault === undefined) gateway.handle(request, response);
      else refuse(response, fault);
    },
  };
  const upgrades = new Upgrades(() => gateway.config.streams);
  const take = (request: ListenerRequest, response: ListenerResponse) => ownerOf(request.socket)?.take(request, response);
  server.on('connection', (socket: Socket & Owned) => {
    socket[kOwner] = new Connection(socket, connections);
  });
  server.on('request', take);
  server.on('checkExpectation', take);
  server.on('upgrade', (request, socket, head) => take(request, upgrades.take(request, socket, head)));
  server.on('checkContinue', (request, response) => {
    request.awaited = response;
    take(request, response);
  });
  server.setTimeout(limits.keepAliveTimeoutMs, (socket: Socket) => ownerOf(socket)?.quiet());
  const refusals = refusalsOf(limits);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') socket.destroy();
    else ownerOf(socket)?.refuse(refusals.get(error.code ?? '') ?? badRequest('', 'The request is not valid HTTP.'));
  });
  server.on('connect', (_request, socket) => ownerOf(socket)?.refuse(ownError(501, 'CONNECT is not supported.')));
  // Only a server that thinks that it listens enforces its `headersTimeout`.
  server.emit('listening');
  return {
    take: (socket) => void server.emit('connection', socket),
    drain() {
      connections.draining = true;
      // Ends the timer of `headersTimeout`, too.
      server.close();
      server.closeIdleConnections();
    },
    goAway: () => upgrades.goAway(),
  };
}

const kOwner = Symbol('protogate.connection');

type Owned = Duplex & { [kOwner]?: Connection };

/** The connection of a socket. Asked for each request: a WeakMap would have to look for it. */
function ownerOf(socket: Owned): Connection | undefined {
  return socket[kOwner];
}

/** By the code of what Node's parser says. */
function refusalsOf({ headers }: Config['limits']): ReadonlyMap<string, GatewayError> {
  return new Map([
    ['ERR_HTTP_REQUEST_TIMEOUT', lateHead()],
    ['HPE_HEADER_OVERFLOW', ownError(431, `The request line and headers are larger than ${headers} bytes.`)],
  ]);
}
