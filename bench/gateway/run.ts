// Measures gateways side by side: `npm run bench -- gateway [--only get,list] [--targets ...] [--seconds 3] [--rounds 3] [--out FILE] [--build]
// [--against FOLDER]`; ends with 1 if a request costs more than with the older commit in that folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startBackend } from './backend-process.js';
import { type Case, cases } from './cases.js';
import { growthOf, growthTable, MOST_GROWTH } from './growth.js';
import { findGenerator, type Load } from './load.js';
import { olderProgram } from './older.js';
import { readOptions } from './options.js';
import { cpuSeconds, freePort, GATEWAY_CORE, type Running, residentBytes, start, untilServing } from './process.js';
import type { Figures, Results, TargetFigures } from './results.js';
import { writeMessages } from './schema.js';
import { tablesOf } from './table.js';
import { findTargets, type Target, targetNames } from './targets.js';
import { CACHE, isInstalled } from './tools.js';
import { verify } from './verify.js';

/** A target that serves. */
interface Subject {
  readonly target: Target;
  readonly url: string;
  readonly process: Running;
  readonly startMs: number;
}

if (process.platform !== 'linux' || !isInstalled('taskset')) {
  console.error('The gateway benchmark needs Linux and taskset: CPU time is read from /proc, and each process has its cores.');
  process.exit(2);
}
const options = readOptions(process.argv.slice(2), { cases: cases.map(({ name }) => name), targets: targetNames });
if (typeof options === 'string') {
  console.error(options);
  process.exit(2);
}
const { seconds, rounds, build } = options;
const older = options.against === undefined ? undefined : olderProgram(options.against);
if (typeof older === 'string') {
  console.error(older);
  process.exit(2);
}
if (availableParallelism() < 2) console.error('There is only one core: gateways share it with what loads them.');

const folder = mkdtempSync(join(tmpdir(), 'protogate-bench-'));
// Each process that is started is ended at the exit.
process.setMaxListeners(64);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
writeMessages(folder);
const generator = findGenerator();
const targets = findTargets((name) => options.targets.includes(name), build, older);
const backend = await startBackend(folder, build);
const subjects: Subject[] = [];
for (const target of targets) {
  const subject = await startTarget(target);
  if (subject !== undefined) subjects.push(subject);
}

const figures: Figures[] = [];
for (const of of cases.filter(({ name }) => options.cases.includes(name))) figures.push(...(await measureCase(of)));

const once = subjects.map(({ target: { name, version }, startMs, process: { pid } }): TargetFigures => {
  return { name, version, startMs, residentBytes: residentBytes(pid) };
});
const results: Results = {
  date: new Date().toISOString(),
  node: process.versions.node,
  machine: `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, Linux ${release()}`,
  backend: backend.name,
  generator: generator.name,
  seconds,
  targets: once,
  figures,
};
await Promise.all([backend.process, ...subjects.map((s) => s.process)].map((p) => p.stop()));

const out = options.out ?? join(CACHE, 'results', `${results.date.replace(/[:.]/g, '-')}.json`);
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, `${JSON.stringify(results, null, 2)}\n`);
console.log(`\n${tablesOf(results)}\n\n${out}`);
if (older !== undefined) {
  const growth = growthOf(figures);
  console.log(`\nCPU time of a request, as a share of what ${options.against} takes:\n\n${growthTable(growth)}`);
  process.exitCode = growth.length > 0 && growth.every(({ factor }) => factor <= MOST_GROWTH) ? 0 : 1;
}

async function startTarget(target: Target): Promise<Subject | undefined> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const since = performance.now();
  const running = start(target.command({ port, backendPort: backend.port, folder }), GATEWAY_CORE);
  try {
    const startMs = await untilServing(url + target.readyPath, since);
    return { target, url, process: running, startMs };
  } catch (error) {
    console.error(`${target.name} is skipped: ${reason(error)}`);
    await running.stop();
    return undefined;
  }
}

/** Targets take turns, the last first in every other round, so that what else the machine does hits all of them alike. */
async function measureCase(of: Case): Promise<Figures[]> {
  const ready: Subject[] = [];
  for (const subject of subjects) if (await isReady(subject, of)) ready.push(subject);
  const samples = new Map<Subject, (Load & { readonly cpuMicroseconds: number })[]>(ready.map((subject) => [subject, []]));
  for (let round = 0; round <= rounds; round++) {
    const turns = [...samples];
    for (const [subject, done] of round % 2 === 0 ? turns : turns.toReversed()) {
      // The first round warms up.
      const sample = await measure(subject, of, round === 0 ? Math.min(seconds, 2) : seconds);
      if (round > 0) done.push(sample);
      if (round > 0)
        console.error(
          `${of.name}: ${subject.target.name}: ${sample.cpuMicroseconds.toFixed(1)} us, ${Math.round(sample.requestsPerSecond)}/s`,
        );
    }
  }
  return [...samples].flatMap(([{ target }, done]) => {
    const best = done.toSorted((a, b) => a.cpuMicroseconds - b.cpuMicroseconds)[0];
    if (best === undefined) return [];
    const { cpuMicroseconds, requestsPerSecond, p50Ms, p99Ms } = best;
    return {
      target: target.name,
      case: of.name,
      rounds: done.map((s) => s.cpuMicroseconds),
      cpuMicroseconds,
      requestsPerSecond,
      p50Ms,
      p99Ms,
    };
  });
}

/** Whether a target answers a case as it should. */
async function isReady({ target, url }: Subject, of: Case): Promise<boolean> {
  if (target.cases !== undefined && !target.cases.includes(of.name)) return false;
  if (target.load !== undefined) return true;
  try {
    await verify(url, of);
    return true;
  } catch (error) {
    console.error(`${of.name}: ${target.name} is skipped: ${reason(error)}`);
    return false;
  }
}

async function measure({ target, url, process: { pid } }: Subject, of: Case, seconds: number): Promise<Load & { cpuMicroseconds: number }> {
  const before = cpuSeconds(pid);
  const load = target.load === undefined ? await generator.run(url, of, seconds, folder) : await target.load(url, of, seconds);
  const cpu = cpuSeconds(pid) - before;
  if (load.failures > 0) console.error(`${of.name}: ${target.name}: ${load.failures} of ${load.requests} requests failed`);
  return { ...load, cpuMicroseconds: (cpu / load.requests) * 1e6 };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
