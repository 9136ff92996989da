import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Responses that wait for their turn, by connection. */
const waiting = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * A request that waits behind another one of its connection: its response has no socket yet, and if the connection goes before it gets one, Node
 * never closes it. Closes it then, so that it ends as every other whose client has left.
 */
export function closeWithConnection({ socket }: IncomingMessage, response: ServerResponse): void {
  if (response.socket !== null) return;
  const others = waiting.get(socket) ?? closedWith(socket);
  others.add(response);
  response.once('close', () => others.delete(response));
}

/** An empty set, whose responses close with the connection. */
function closedWith(socket: Socket): Set<ServerResponse> {
  const responses = new Set<ServerResponse>();
  waiting.set(socket, responses);
  socket.once('close', () => {
    for (const response of responses) {
      if (response.destroyed) continue;
      response.destroy();
      response.emit('close');
    }
  });
  return responses;
}
