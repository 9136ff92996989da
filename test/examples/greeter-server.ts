import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { hasGrpcio } from '../support/programs.js';

/** Port of a greeter in Python that stops with the test; undefined where there is no grpcio, and the test is then skipped (or failed). */
export async function openGreeter(t: Test): Promise<number | undefined> {
  if (!hasGrpcio(t)) return undefined;
  const server = spawn('python3', ['examples/greeter/server.py', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(
    () =>
      new Promise<void>((resolve) => {
        server.once('exit', () => resolve());
        server.kill('SIGTERM');
      }),
  );
  for await (const line of createInterface(server.stdout)) {
    const port = /listens on .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('the greeter has ended');
}
