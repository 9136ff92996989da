import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Config } from '../config/config.js';
import { badRequest, type GatewayError, ownError } from '../exchange/errors.js';
import { printError } from '../exchange/print-error.js';
import type { Gateway } from '../lifecycle/gateway.js';
import { framingFault, refuse } from '../request/framing-check.js';
import { listenOn } from './listen.js';

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
  const server = createHttpServer(gateway, config.limits);
  await listenOn(config.listen, async (where) => {
    server.listen(where);
    // Rejects if `error` comes first.
    await once(server, 'listening');
  });
  const bound = server.address() as AddressInfo;
  return { url: urlOf(bound), port: bound.port, close: (drainDelayMs, graceMs) => drain(server, gateway, drainDelayMs, graceMs) };
}

function createHttpServer(gateway: Gateway, limits: Config['limits']): Server {
  const server = createServer({
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
  server.on('request', (request, response) => {
    const fault = framingFault(request);
    if (fault === undefined) gateway.handle(request, response);
    else refuse(response, fault);
  });
  server.on('checkExpectation', (_request, response) => refuse(response, ownError(417, 'The only expectation supported is 100-continue.')));
  server.setTimeout(limits.keepAliveTimeoutMs, closeUnread);
  const clientErrors = clientErrorsOf(limits);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => answerClientError(clientErrors, error, socket));
  return server;
}

/** Nothing has moved on a connection for long: it is idle, or its client does not read. A call that takes long is no reason. */
function closeUnread(socket: Answering): void {
  const { _httpMessage: answer } = socket;
  if (answer === undefined || answer === null) socket.destroy();
  // A stream sees to it itself.
  else if (socket.writableLength > 0 && answer.listenerCount('timeout') === 0) socket.destroy();
}

/** Node's own note of what is being answered. */
type Answering = Socket & { readonly _httpMessage?: ServerResponse | null };

/** What Node's parser refuses has no request to answer: the answer is written as it stands. */
function answerClientError(clientErrors: ReadonlyMap<string, GatewayError>, error: NodeJS.ErrnoException, socket: Answering): void {
  // In the middle of an answer nothing else can be said.
  if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const refusal = clientErrors.get(error.code ?? '') ?? badRequest('', 'The request is not valid HTTP.');
  const body = printError(refusal, 'status');
  const reason = clientReasons.get(refusal.httpStatus) ?? 'Bad Request';
  const head = `HTTP/1.1 ${refusal.httpStatus} ${reason}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + body);
}

/** By Node's code. */
function clientErrorsOf({ headers }: Config['limits']): ReadonlyMap<string, GatewayError> {
  return new Map([
    ['ERR_HTTP_REQUEST_TIMEOUT', ownError(408, 'The request headers did not arrive in time.')],
    ['HPE_HEADER_OVERFLOW', ownError(431, `The request line and headers are larger than ${headers} bytes.`)],
  ]);
}

const clientReasons: ReadonlyMap<number, string> = new Map([
  [408, 'Request Timeout'],
  [431, 'Request Header Fields Too Large'],
]);

async function drain(server: Server, gateway: Gateway, drainDelayMs: number, graceMs: number): Promise<void> {
  gateway.drain();
  await new Promise((resolve) => setTimeout(resolve, drainDelayMs));
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  // A connection in use would be kept alive after its answer.
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  await gateway.close(graceMs);
  server.closeAllConnections();
  await closed;
}

function urlOf({ address, family, port }: AddressInfo): string {
  const anywhere = address === '0.0.0.0' || address === '::';
  const host = anywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
