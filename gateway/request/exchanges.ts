import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Exchange } from '../exchange/exchange.js';

/** Where a request has its exchange. */
export const kExchange: unique symbol = Symbol('protogate.exchange');

type Exchanged = IncomingMessage & { [kExchange]?: Exchange | undefined };

/** The exchange of a request that was handed to the gateway; a new one for a request that comes from elsewhere. */
export function exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange {
  return (request as Exchanged)[kExchange] ?? openExchange(request, response);
}

/** Makes an exchange that has another owner that of a request. */
export function hangExchange(request: IncomingMessage, exchange: Exchange): void {
  (request as Exchanged)[kExchange] = exchange;
}

/**
 * Begins the exchange of a request that Node's HTTP/1.1 server, ours or that of a host app, has parsed. It ends when its response closes, or when the
 * connection does while the response still waits behind others: that one Node never closes.
 *
 * @param exchange which has not begun yet
 */
export function openExchange(request: IncomingMessage, response: ServerResponse, exchange = new Exchange()): Exchange {
  hangExchange(request, exchange);
  if (response.closed || response.destroyed) {
    exchange.end(false);
    return exchange;
  }
  response.on('close', () => exchange.end(response.writableFinished));
  if (response.socket === null) endWithConnection(request.socket, response);
  return exchange;
}

/** Responses that wait for their turn, by connection. */
const waiting = new WeakMap<Socket, Set<ServerResponse>>();

function endWithConnection(socket: Socket, response: ServerResponse): void {
  const others = waiting.get(socket) ?? closedWith(socket);
  others.add(response);
  response.once('close', () => others.delete(response));
}

/** An empty set, whose responses close with the connection, those that have got it meanwhile by Node. */
function closedWith(socket: Socket): Set<ServerResponse> {
  const responses = new Set<ServerResponse>();
  waiting.set(socket, responses);
  socket.once('close', () => {
    for (const response of responses) {
      if (response.socket !== null || response.destroyed) continue;
      response.destroy();
      response.emit('close');
    }
  });
  return responses;
}
