import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What one call costs. */
export interface Cost {
  /** CPU time of the process, garbage collection included: unlike time on the clock it does not depend on what else the machine does. */
  readonly microseconds: number;
  /** Allocated on and off the heap, the result included. */
  readonly bytes: number;
}

const ROUNDS = 9;
const ROUND_MS = 40;
const WARM_MS = 250;

/** Measures calls that do the same, in turns, so that what else the machine does hits all of them alike. The least of all rounds counts. */
export function compare(calls: readonly (() => unknown)[]): Cost[] {
  const counts = calls.map((call) => callsIn(call, WARM_MS, ROUND_MS));
  const least = calls.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, call] of calls.entries()) least[i] = Math.min(least[i] ?? 0, timeOf(call, counts[i] ?? 1));
  }
  return calls.map((call, i) => {
    const microseconds = least[i] ?? 0;
    return { microseconds, bytes: allocated(call, microseconds) };
  });
}

/** Warms a call up; returns how many of it fit into a time. */
function callsIn(call: () => unknown, warmMs: number, ms: number): number {
  let count = 0;
  const start = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  for (; spent() < warmMs; count++) for (let i = 0; i < 10; i++) call();
  count *= 10;
  return Math.max(1, Math.round((count * ms) / warmMs));
}

function timeOf(call: () => unknown, count: number): number {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) call();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / count;
}

/** Median of a few runs that are too short for a garbage collection: what they leave behind is what they allocated. */
function allocated(call: () => unknown, microseconds: number): number {
  const calls = microseconds < 20 ? 400 : 8;
  const samples: number[] = [];
  for (let sample = 0; sample < 9; sample++) {
    collectGarbage();
    const before = used();
    for (let i = 0; i < calls; i++) call();
    samples.push((used() - before) / calls);
  }
  return Math.round(samples.toSorted((a, b) => a - b)[4] ?? 0);
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
