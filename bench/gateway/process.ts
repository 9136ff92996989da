import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';

/** The gateway has the last core for itself; whatever loads and serves it has the others. */
const cores = availableParallelism();
export const GATEWAY_CORE = `${cores - 1}`;
export const OTHER_CORES = cores > 1 ? `0-${cores - 2}` : '0';

/** How long a process may take to answer its first request. */
const START_MS = 20_000;

/** Linux counts CPU time in these (sysconf(_SC_CLK_TCK)). */
const TICKS_PER_SECOND = 100;

/** A program to run. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that runs on given cores. */
export interface Running {
  readonly pid: number;
  /** Ends it, at once unless `signal` asks it to end by itself. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a program; what it writes is shown only if it ends by itself. */
export function start({ file, args, env }: Command, onCores: string): Running {
  const child = spawn('taskset', ['-c', onCores, file, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${file}`);
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      tail.push(chunk);
      if (tail.length > 20) tail.shift();
    });
  }
  let stopping = false;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('close', (code, signal) => {
    if (!stopping) console.error(`${file} ended with ${code ?? signal}:\n${tail.join('')}`);
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    pid,
    async stop(signal = 'SIGKILL') {
      stopping = true;
      child.kill(signal);
      await ended;
      process.off('exit', kill);
    },
  };
}

/** Runs a program to its end and returns what it printed. Rejects with its error output. */
export async function run({ file, args, env }: Command, onCores: string): Promise<string> {
  const child: ChildProcess = spawn('taskset', ['-c', onCores, file, ...args], { env: { ...process.env, ...env } });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error(`cannot start ${file}`);
  const [code, out, err] = await Promise.all([new Promise((resolve) => child.once('close', resolve)), text(stdout), text(stderr)]);
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${err.trim()}`);
  return out;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Asks until the answer is 200. Milliseconds since `since` (`performance.now()`); rejects after 20 s. */
export async function untilServing(url: string, since: number): Promise<number> {
  while (performance.now() - since < START_MS) {
    const status = await new Promise<number>((resolve) => {
      get(url, { agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).on('error', () => resolve(0));
    });
    if (status === 200) return performance.now() - since;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`${url} does not answer 200`);
}

/** CPU time of a process, its threads and its children, user and system, seconds. */
export function cpuSeconds(pid: number): number {
  // The name in parentheses may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
  const own = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), own);
}

/** Resident memory of a process and its children, bytes. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
  return childrenOf(pid).reduce((sum, child) => sum + residentBytes(child), Number(kilobytes) * 1024);
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
}
