import type { Binding } from '../../../annotations/binding.js';
import type { Policy } from '../../api/policy.js';
import { badRequest, type GatewayError } from '../../exchange/errors.js';
import type { Handler } from '../handler.js';
import type { Route } from '../route.js';
import { chooseProtocol } from './protocol.js';
import { WebSocketSession } from './session.js';

/** Whether a binding is served over WebSocket: streams, unless its policy says otherwise. */
export function isServedOverWebSocket({ method }: Pick<Binding, 'method'>, { webSocket }: Pick<Policy, 'webSocket'>): boolean {
  return webSocket === 'always' || (webSocket === 'auto' && (method.clientStream || method.serverStream));
}

/** What a handshake for another is answered. */
export function notServedOverWebSocket(): GatewayError {
  return badRequest('upgrade', 'is not for this method: it is not served over WebSocket');
}

/** Compiles the way of a handshake: what is wrong with it is answered as with every other request, and becomes a reason to close only behind 101. */
export function createWebSocketHandler(route: Route): Handler {
  const isServed = isServedOverWebSocket(route.binding, route.policy);

  return function handle(reply) {
    const { handshake } = reply.request;
    try {
      if (!isServed || handshake === undefined) throw notServedOverWebSocket();
      const protocol = chooseProtocol(handshake.protocols);
      const session = new WebSocketSession(route, reply, protocol);
      if (protocol.metadata) session.beginWithMetadata(handshake);
      else session.begin(handshake);
    } catch (e) {
      reply.send(e);
    }
  };
}
