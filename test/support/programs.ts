import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { skipUnless } from './require.js';

/** Whether this machine has Python with what the greeter's requirements name; if not, the test is skipped (or failed). */
export function hasGrpcio(t: Test): boolean {
  const found = succeeds('python3', ['-c', 'import grpc, grpc_reflection, grpc_tools']);
  return skipUnless(t, found, 'python3 with grpcio, its tools and reflection (pip install -r examples/greeter/requirements.txt)');
}

const built = new Map<string, string>();

/**
 * Compiles the Go program of a folder, once, and answers its path; undefined where Go is missing, with the test skipped: a complete run may lack
 * it, too, since it comes with a machine, not from a package. Only a complete run downloads modules.
 */
export function buildGo(t: Test, folder: string): string | undefined {
  const program = built.get(folder) ?? compileGo(folder);
  if (program === undefined) t.pass(`Go, and its modules (cd ${folder} && go mod download)`, { skip: 'not available on this machine' });
  else built.set(folder, program);
  return program;
}

function compileGo(folder: string): string | undefined {
  if (!succeeds('go', ['version'])) return undefined;
  const complete = process.env.PROTOGATE_REQUIRE_ALL === '1';
  const output = mkdtempSync(join(tmpdir(), 'protogate-go-'));
  process.once('exit', () => rmSync(output, { recursive: true }));
  const program = join(output, 'server');
  const env = complete ? process.env : { ...process.env, GOPROXY: 'off' };
  const { status, stderr } = spawnSync('go', ['build', '-o', program, '.'], { cwd: folder, env, encoding: 'utf8' });
  if (status === 0) return program;
  if (complete) throw new Error(stderr);
  return undefined;
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A server in a process of its own. */
export interface Program {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Asks it to end (SIGTERM), and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a server that prints its port. It is killed at the end of the test. */
export async function startProgram(t: Test, command: string, args: readonly string[]): Promise<Program> {
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const end = (signal: NodeJS.Signals): Promise<void> => {
    server.kill(signal);
    return gone;
  };
  t.teardown(() => end('SIGKILL'));
  for await (const line of createInterface(server.stdout)) return { address: `127.0.0.1:${Number(line)}`, stop: () => end('SIGTERM') };
  throw new Error(`${command} has ended`);
}
