import { cases } from './cases.js';
import { olderName } from './older.js';
import type { Figures } from './results.js';

/** CPU time of a request that a change may cost: more is a failure. */
export const MOST_GROWTH = 1.03;

/** CPU time of a request as a share of the older commit's in the same run. */
export interface Growth {
  readonly target: string;
  /** Name of the case. */
  readonly case: string;
  /** Of the rounds that count: the least of each. */
  readonly factor: number;
  /** Of the rounds, which both took in turn: how far to trust the factor. */
  readonly least: number;
  readonly most: number;
}

/** Compares each target with the older commit's, where both were measured. */
export function growthOf(figures: readonly Figures[]): Growth[] {
  return figures.flatMap((now) => {
    const then = figures.find((of) => of.target === olderName(now.target) && of.case === now.case);
    if (then === undefined) return [];
    const ofRounds = now.rounds.map((microseconds, i) => microseconds / (then.rounds[i] ?? Number.NaN));
    return {
      target: now.target,
      case: now.case,
      factor: now.cpuMicroseconds / then.cpuMicroseconds,
      least: Math.min(...ofRounds),
      most: Math.max(...ofRounds),
    };
  });
}

/** The comparison as a Markdown table, a case a row. */
export function growthTable(growth: readonly Growth[]): string {
  const rows = growth.map((of) => {
    const title = cases.find(({ name }) => name === of.case)?.title ?? of.case;
    return [of.target, title, of.factor.toFixed(3), `${of.least.toFixed(3)} to ${of.most.toFixed(3)}`];
  });
  const head = ['target', 'case', 'of the older', 'in single rounds'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
