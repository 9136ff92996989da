import { createServer, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Config } from '../config/config.js';
import type { Gateway } from '../lifecycle/gateway.js';
import { http2Fault } from '../request/http2/fault.js';
import { refuseStream } from '../request/http2/refuse.js';
import { Http2Connection, type Http2Options } from './http2-connection.js';
import type { Protocol } from './protocol.js';

/** Header fields that a request may have: its size is reached first. */
const MOST_FIELDS = 1000;

/** Serves HTTP/2: Node's server, which listens nowhere and is handed connections. */
export function createHttp2(gateway: Gateway, limits: Config['limits']): Protocol {
  const server = createServer({
    settings: {
      maxConcurrentStreams: limits.http2.streams,
      // With room for what is refused in words: 32 bytes a field are counted that are never sent (RFC 9113 section 6.5.2).
      maxHeaderListSize: 2 * limits.headers,
    },
    maxHeaderListPairs: MOST_FIELDS,
  });
  const connections = new Set<Http2Connection>();
  let draining = false;
  const options: Http2Options = {
    quietMs: limits.keepAliveTimeoutMs,
    ...limits.http2,
    serve(request) {
      const fault = http2Fault(request, limits.headers);
      if (fault === undefined) gateway.handleHttp2(request);
      else refuseStream(request.http2, fault);
    },
  };
  const open = (session: ServerHttp2Session, socket: Socket) => {
    const connection = new Http2Connection(session, socket, options);
    connections.add(connection);
    session.once('close', () => connections.delete(connection));
    if (draining) connection.drain();
  };
  let taken: Socket | undefined;
  server.on('session', (session) => {
    if (taken !== undefined) open(session, taken);
  });
  return {
    take(socket) {
      // A client that has closed its side reads no frames that matter.
      socket.allowHalfOpen = false;
      // What was given back would be thrown away before the session asks for it.
      socket.pause();
      taken = socket;
      // Makes its session at once.
      server.emit('connection', socket);
      taken = undefined;
    },
    drain() {
      draining = true;
      for (const connection of connections) connection.drain();
    },
    // They have been told that at the beginning of the end.
    goAway() {},
  };
}
