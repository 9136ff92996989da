import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Test } from 'tap';

const identity = (b: Buffer): Buffer => b;

/** A server that answers every list with some bytes; its address. */
export async function serveRange(t: Test, answer: () => Buffer): Promise<string> {
  const server = new Server();
  const codec = { requestSerialize: identity, requestDeserialize: identity, responseSerialize: identity, responseDeserialize: identity };
  server.addService(
    { Range: { path: '/etcdserverpb.KV/Range', requestStream: false, responseStream: false, ...codec } },
    { Range: (_: unknown, done: (error: null, value: Buffer) => void) => done(null, answer()) },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  t.teardown(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}
