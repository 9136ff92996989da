import { cases } from './cases.js';
import { type Figures, REFERENCE, type Results, ratioOf } from './results.js';

/** The tables of a run, as Markdown. */
export function tablesOf(results: Results): string {
  const { figures, targets, node, machine, generator, backend, date, seconds } = results;
  const measured = cases.filter(({ name }) => figures.some((f) => f.case === name));
  const table = (cell: (of: Figures) => string, more: readonly (readonly [string, (target: string) => string])[] = []) => {
    const head = ['', ...measured.map(({ title }) => title), ...more.map(([title]) => title)];
    const rows = targets.map(({ name }) => {
      const cells = measured.map((c) => {
        const found = figures.find((f) => f.target === name && f.case === c.name);
        return found === undefined ? '' : cell(found);
      });
      return [name, ...cells, ...more.map(([, of]) => of(name))];
    });
    return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  };
  const once = (of: (target: Results['targets'][number]) => string) => (name: string) =>
    targets
      .filter((target) => target.name === name)
      .map(of)
      .join();
  return [
    `Node.js ${node}, ${machine}, ${date.slice(0, 10)}; ${generator}, ${backend}; best of rounds of ${seconds} s.`,
    `CPU time of the gateway a request, us (as a share of ${REFERENCE}'s in the same run):`,
    table(
      (f) => {
        const ratio = ratioOf(figures, f);
        return round(f.cpuMicroseconds) + (ratio === undefined ? '' : ` (${ratio.toFixed(2)})`);
      },
      [
        ['memory', once(({ residentBytes }) => `${Math.round(residentBytes / 2 ** 20)} MB`)],
        ['start', once(({ startMs }) => `${Math.round(startMs)} ms`)],
      ],
    ),
    'Requests a second, and the latency that half and 99 % of them stay below, ms:',
    table((f) => `${Math.round(f.requestsPerSecond)}, ${round(f.p50Ms)}, ${round(f.p99Ms)}`),
  ].join('\n\n');
}

function round(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}
