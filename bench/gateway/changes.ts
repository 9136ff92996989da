import { type Figures, type Results, ratioOf } from './results.js';

/** A figure that differs between two runs. */
export interface Change {
  readonly target: string;
  /** Name of the case; `-` for what is measured once a target. */
  readonly case: string;
  readonly figure: string;
  readonly before: number;
  readonly after: number;
  /** `after / before` */
  readonly factor: number;
}

/** Changes of less are noise. */
const THRESHOLD = 0.05;

/**
 * What has changed by more than 5 %. CPU time is compared as the share of the reference's in its own run where both runs have that: it depends
 * less on the machine, and on what else that does.
 */
export function changes(before: Results, after: Results): Change[] {
  const found: Change[] = [];
  const compare = (target: string, name: string, figure: string, a: number, b: number) => {
    if (Math.abs(b / a - 1) > THRESHOLD) found.push({ target, case: name, figure, before: a, after: b, factor: b / a });
  };
  for (const now of after.figures) {
    const then = before.figures.find((f) => f.target === now.target && f.case === now.case);
    if (then === undefined) continue;
    const [a, b] = [ratioOf(before.figures, then), ratioOf(after.figures, now)];
    if (a !== undefined && b !== undefined) compare(now.target, now.case, 'CPU share', a, b);
    else compare(now.target, now.case, 'CPU us', then.cpuMicroseconds, now.cpuMicroseconds);
    for (const [figure, of] of others) compare(now.target, now.case, figure, of(then), of(now));
  }
  for (const now of after.targets) {
    const then = before.targets.find(({ name }) => name === now.name);
    if (then === undefined) continue;
    compare(now.name, '-', 'memory MB', then.residentBytes / 2 ** 20, now.residentBytes / 2 ** 20);
    compare(now.name, '-', 'start ms', then.startMs, now.startMs);
  }
  return found;
}

const others: readonly (readonly [string, (of: Figures) => number])[] = [
  ['requests/s', (f) => f.requestsPerSecond],
  ['p50 ms', (f) => f.p50Ms],
  ['p99 ms', (f) => f.p99Ms],
];
