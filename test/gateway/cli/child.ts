import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Test } from 'tap';

/** A program that was started, and its life. */
export interface Child {
  readonly process: ChildProcess;
  /** The next line of standard output that the expression matches. Rejects when the program ends before. */
  line(wanted: RegExp): Promise<RegExpExecArray>;
  /** Exit code, or the signal; and all that was written. */
  readonly ended: Promise<{ readonly code: number | NodeJS.Signals | null; readonly out: string; readonly err: string }>;
}

/** Starts a program of Node.js that ends with the test at the latest. */
export function startChild(t: Test, args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  return childOf(
    t,
    spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '', ...env } }),
  );
}

/** The life of a program whose output is piped; it ends with the test at the latest. */
export function childOf(t: Test, child: ChildProcessByStdio<null, Readable, Readable>): Child {
  const written = { out: '', err: '' };
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const look = () => {
    for (const wake of waiting) wake();
  };
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    look();
  });
  child.stdout.on('data', (bytes) => (written.out += bytes));
  child.stderr.on('data', (bytes) => (written.err += bytes));
  const ended = new Promise<Awaited<Child['ended']>>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code: signal ?? code, ...written });
      look();
    });
  });
  t.teardown(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const line = (wanted: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const wake = () => {
        for (let next = lines.shift(); next !== undefined; next = lines.shift()) {
          const found = wanted.exec(next);
          if (found === null) continue;
          waiting.delete(wake);
          return resolve(found);
        }
        if (child.exitCode !== null || child.signalCode !== null)
          reject(new Error(`ended without ${wanted}: ${written.out}${written.err}`));
      };
      waiting.add(wake);
      wake();
    });
  return { process: child, line, ended };
}
