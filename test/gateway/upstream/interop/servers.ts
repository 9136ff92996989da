import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Test } from 'tap';
import { skipUnless } from '../../../support/require.js';
import { testTls, tlsFiles } from '../../../support/tls.js';
import { handlers, service } from './test-service.js';

const HERE = 'test/gateway/upstream/interop';
const GO = `${HERE}/go`;

/** An implementation of grpc.testing.TestService, to be started on a free port. */
export interface Implementation {
  readonly name: string;
  /** `127.0.0.1:port` of a server that stops with the test; undefined where it cannot be had, and the test is then skipped (or failed). */
  start(t: Test, tls: boolean): Promise<string | undefined>;
}

export const implementations: readonly Implementation[] = [
  { name: 'grpc-js', start: startGrpcJs },
  {
    name: 'Python grpcio',
    async start(t, tls) {
      const found = succeeds('python3', ['-c', 'import grpc, grpc_tools']);
      if (!skipUnless(t, found, 'python3 with grpcio and grpcio-tools (pip install -r examples/greeter/requirements.txt)'))
        return undefined;
      return printsPort(t, 'python3', [`${HERE}/server.py`, ...(tls ? tlsFiles : [])]);
    },
  },
  {
    name: 'grpc-go',
    async start(t, tls) {
      const server = buildGo();
      if (server !== undefined) return printsPort(t, server, tls ? tlsFiles : []);
      t.pass(`Go, and its modules (cd ${GO} && go mod download)`, { skip: 'not available on this machine' });
      return undefined;
    },
  },
];

async function startGrpcJs(t: Test, tls: boolean): Promise<string> {
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
  return `127.0.0.1:${port}`;
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let built: string | undefined;

/**
 * Compiles the server once; undefined where Go is missing, which a complete run may lack, too: it comes with a machine, not from a package. Only a
 * complete run downloads modules.
 */
function buildGo(): string | undefined {
  if (built !== undefined || !succeeds('go', ['version'])) return built;
  const complete = process.env.PROTOGATE_REQUIRE_ALL === '1';
  const folder = mkdtempSync(join(tmpdir(), 'protogate-interop-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const server = join(folder, 'server');
  const env = complete ? process.env : { ...process.env, GOPROXY: 'off' };
  const { status, stderr } = spawnSync('go', ['build', '-o', server, '.'], { cwd: GO, env, encoding: 'utf8' });
  if (status === 0) built = server;
  else if (complete) throw new Error(stderr);
  return built;
}

async function printsPort(t: Test, command: string, args: readonly string[]): Promise<string> {
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(
    () =>
      new Promise<void>((resolve) => {
        server.once('exit', () => resolve());
        server.kill('SIGKILL');
      }),
  );
  for await (const line of createInterface(server.stdout)) return `127.0.0.1:${Number(line)}`;
  throw new Error(`${command} has ended`);
}
