import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Config } from '../config/config.js';
import { badRequest, type GatewayError, ownError } from '../exchange/errors.js';
import type { Gateway } from '../lifecycle/gateway.js';
import { framingFault, refuse } from '../request/framing-check.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { listenOn } from './listen.js';
import { ListenerRequest, ListenerResponse } from './messages.js';

/** The one listener: what stays the same while generations come and go behind it. */
export interface Listener {
  /** `http://host:port` as it can be opened on this machine. */
  readonly url: string;
  readonly port: number;
  /**
   * Phase one: the readiness path answers 503 and requests are still served for `drainDelayMs`, so that a load balancer can notice. Phase two: no
   * new connections, requests in progress may take up to `graceMs`, then everything is closed.
   */
  close(drainDelayMs: number, graceMs: number): Promise<void>;
}

/** Listens as the gateway's configuration says. Rejects with `ListenError` if it cannot. */
export async function listen(gateway: Gateway): Promise<Listener> {
  const { config } = gateway;
  const serving = createHttpServer(gateway, config.limits);
  const { server } = serving;
  await listenOn(config.listen, async (where) => {
    server.listen(where);
    // Rejects if `error` comes first.
    await once(server, 'listening');
  });
  const bound = server.address() as AddressInfo;
  return { url: urlOf(bound), port: bound.port, close: (drainDelayMs, graceMs) => drain(serving, gateway, drainDelayMs, graceMs) };
}

type ListenerServer = Server<typeof ListenerRequest, typeof ListenerResponse>;

interface Serving {
  readonly server: ListenerServer;
  readonly connections: ConnectionOptions;
}

function createHttpServer(gateway: Gateway, limits: Config['limits']): Serving {
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
  if (limits.maxConnections !== undefined) server.maxConnections = limits.maxConnections;
  const connections: ConnectionOptions = {
    exchanges: limits.exchangesPerConnection,
    quietMs: limits.keepAliveTimeoutMs,
    draining: false,
    serve(request, response) {
      const fault = framingFault(request);
      if (fault === undefined) gateway.handle(request, response);
      else refuse(response, fault);
    },
  };
  const owners = new WeakMap<Socket, Connection>();
  const take = (request: ListenerRequest, response: ListenerResponse) => owners.get(request.socket)?.take(request, response);
  server.on('connection', (socket) => owners.set(socket, new Connection(socket, connections)));
  server.on('request', take);
  server.on('checkExpectation', take);
  server.on('checkContinue', (request, response) => {
    request.awaited = response;
    take(request, response);
  });
  server.setTimeout(limits.keepAliveTimeoutMs, (socket: Socket) => owners.get(socket)?.quiet());
  const refusals = refusalsOf(limits);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') socket.destroy();
    else owners.get(socket as Socket)?.refuse(refusals.get(error.code ?? '') ?? badRequest('', 'The request is not valid HTTP.'));
  });
  server.on('connect', (_request, socket) => owners.get(socket as Socket)?.refuse(ownError(501, 'CONNECT is not supported.')));
  return { server, connections };
}

/** By the code of what Node's parser says. */
function refusalsOf({ headers }: Config['limits']): ReadonlyMap<string, GatewayError> {
  return new Map([
    ['ERR_HTTP_REQUEST_TIMEOUT', ownError(408, 'The request headers did not arrive in time.')],
    ['HPE_HEADER_OVERFLOW', ownError(431, `The request line and headers are larger than ${headers} bytes.`)],
  ]);
}

async function drain({ server, connections }: Serving, gateway: Gateway, drainDelayMs: number, graceMs: number): Promise<void> {
  gateway.drain();
  await new Promise((resolve) => setTimeout(resolve, drainDelayMs));
  connections.draining = true;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await gateway.close(graceMs);
  server.closeAllConnections();
  await closed;
}

function urlOf({ address, family, port }: AddressInfo): string {
  const anywhere = address === '0.0.0.0' || address === '::';
  const host = anywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
