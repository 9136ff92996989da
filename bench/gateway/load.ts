import { accessSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { Case } from './cases.js';
import { OTHER_CORES, run } from './process.js';

/** What a load generator saw. */
export interface Load {
  readonly requests: number;
  /** Broken connections, and answers of another class than expected. */
  readonly failures: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends one case over and over, as fast as answers come. `folder`: for files of its own. */
export interface Generator {
  readonly name: string;
  run(url: string, of: Case, seconds: number, folder: string): Promise<Load>;
}

/** wrk where it is installed: it needs little of the cores it shares with the backend. Otherwise autocannon. */
export function findGenerator(): Generator {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isFile(join(folder, 'wrk'))) ? wrk : autocannon;
}

const wrk: Generator = {
  name: 'wrk',
  async run(url, { method, body, path, connections, name, expected }, seconds, folder) {
    const script = join(folder, `${name}.lua`);
    const text = body === undefined ? '' : `wrk.body = [[${body}]]\nwrk.headers["content-type"] = "application/json"\n`;
    writeFileSync(script, `wrk.method = "${method}"\n${text}`);
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url + path];
    const out = await run({ file: 'wrk', args }, OTHER_CORES);
    const numberOf = (pattern: RegExp) => Number(pattern.exec(out)?.[1] ?? 0);
    const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(out)?.slice(1).map(Number) ?? [];
    const requests = numberOf(/(\d+) requests in/);
    const others = numberOf(/Non-2xx or 3xx responses: (\d+)/);
    return {
      requests,
      failures: broken.reduce((sum, n) => sum + n, 0) + (expected.kind === 'error' ? requests - others : others),
      requestsPerSecond: numberOf(/Requests\/sec:\s+([\d.]+)/),
      p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(out)),
      p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(out)),
    };
  },
};

function milliseconds(match: RegExpExecArray | null): number {
  const factor = { us: 0.001, ms: 1, s: 1000 }[match?.[2] ?? ''] ?? 0;
  return Number(match?.[1] ?? 0) * factor;
}

interface AutocannonResult {
  readonly requests: { readonly total: number; readonly average: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly '2xx': number;
  readonly '4xx': number;
}

const autocannon: Generator = {
  name: 'autocannon',
  async run(url, { method, body, path, connections, expected }, seconds) {
    const args = ['--json', '--no-progress', '-c', `${connections}`, '-d', `${seconds}`, '-m', method];
    if (body !== undefined) args.push('-b', body, '-H', 'content-type=application/json');
    const file = createRequire(import.meta.url).resolve('autocannon/autocannon.js');
    const out = await run({ file: process.execPath, args: [file, ...args, url + path] }, OTHER_CORES);
    const { requests, latency, errors, '2xx': good, '4xx': refused }: AutocannonResult = JSON.parse(out);
    return {
      requests: requests.total,
      failures: errors + requests.total - (expected.kind === 'error' ? refused : good),
      requestsPerSecond: requests.average,
      p50Ms: latency.p50,
      p99Ms: latency.p99,
    };
  },
};

function isFile(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
