import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

/** What a raw server knows of one call. */
export interface RawCall {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  /** Calls before this one, on all connections. */
  readonly index: number;
}

/** A server on bare HTTP/2: what no gRPC library would send. */
export async function raw(
  t: Test,
  onCall: (call: RawCall) => void,
  settings: Settings = {},
): Promise<{ readonly address: string; readonly server: Http2Server }> {
  const server = createServer({ settings });
  const sessions = new Set<ServerHttp2Session>();
  let index = 0;
  server.on('session', (session) => {
    sessions.add(session.on('error', () => {}));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    stream.resume();
    onCall({ stream, headers, index: index++ });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

export const GRPC: OutgoingHttpHeaders = { ':status': 200, 'content-type': 'application/grpc' };

/** A message with its five bytes in front. */
export function framed(message: string | Uint8Array, compressed = 0): Buffer {
  const body = Buffer.from(message);
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed, 0);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** Headers, DATA of these chunks one by one, trailers. */
export function answer(
  stream: ServerHttp2Stream,
  chunks: readonly Uint8Array[],
  trailers: OutgoingHttpHeaders,
  headers: OutgoingHttpHeaders = GRPC,
): void {
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  const [chunk, ...rest] = chunks;
  if (chunk === undefined) {
    stream.end();
    return;
  }
  const next = ([c, ...more]: readonly Uint8Array[]): void => {
    if (c === undefined) stream.end();
    else stream.write(c, () => next(more));
  };
  next([chunk, ...rest]);
}
