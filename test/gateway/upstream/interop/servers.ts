import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Test } from 'tap';
import { buildGo, hasGrpcio, type Program, startProgram } from '../../../support/programs.js';
import { testTls, tlsFiles } from '../../../support/tls.js';
import { handlers, service } from './test-service.js';

const HERE = 'test/gateway/upstream/interop';

/** An implementation of grpc.testing.TestService, to be started on a free port. */
export interface Implementation {
  readonly name: string;
  /** A server that ends with the test, `stop` gracefully; undefined where it cannot be had, and the test is then skipped (or failed). */
  start(t: Test, tls: boolean): Promise<Program | undefined>;
}

export const implementations: readonly Implementation[] = [
  { name: 'grpc-js', start: startGrpcJs },
  {
    name: 'Python grpcio',
    async start(t, tls) {
      if (!hasGrpcio(t)) return undefined;
      return startProgram(t, 'python3', [`${HERE}/server.py`, ...(tls ? tlsFiles : [])]);
    },
  },
  {
    name: 'grpc-go',
    async start(t, tls) {
      const server = buildGo(t, `${HERE}/go`);
      return server === undefined ? undefined : startProgram(t, server, tls ? tlsFiles : []);
    },
  },
];

async function startGrpcJs(t: Test, tls: boolean): Promise<Program> {
  const server = new Server();
  server.addService(service, handlers);
  const { key, cert } = testTls.server;
  const credentials = tls
    ? ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }])
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  t.teardown(() => server.forceShutdown());
  return { address: `127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.tryShutdown(() => resolve())) };
}
