import { type Problem, saying } from '../../proto/problem.js';
import { visible } from '../runtime/visible.js';
import { columns, count, type Style, styled } from './terminal.js';

/** How `check` prints what it finds. */
export type ReportFormat = 'human' | 'json' | 'github';

/** What `check` has found. */
export interface Report {
  readonly services: number;
  readonly routes: number;
  /** What is worth knowing and nobody's fault. */
  readonly notes: readonly string[];
  /** In order of their files and lines. */
  readonly problems: readonly Problem[];
}

/**
 * Prints a report.
 *
 * @param colours `human` alone has any
 * @param pathOf where a proto file is, as seen from the working directory, if that is known; `github` alone asks for it
 */
export function printReport(report: Report, format: ReportFormat, colours: boolean, pathOf: (file: string) => string | undefined): string {
  switch (format) {
    case 'human':
      return printHuman(report, colours);
    case 'json':
      return `${JSON.stringify(withCounts(report), undefined, 2)}\n`;
    case 'github':
      return report.problems
        .map((problem) => `${workflowCommand(problem, pathOf)}\n`)
        .join('')
        .concat(...report.notes.map((note) => `${visible(note)}\n`), summarize(report), '\n');
  }
}

/** How many of a report's problems are errors. */
export function errorsOf({ problems }: Report): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}

function withCounts(report: Report): object {
  const { services, routes, notes, problems } = report;
  const errors = errorsOf(report);
  const members = problems.map(({ severity, rule, file, line, column, subject, reason }) => ({
    severity,
    rule,
    file,
    line,
    column,
    ...(subject === '' ? {} : { subject }),
    reason,
  }));
  return { services, routes, errors, warnings: problems.length - errors, notes, problems: members };
}

function summarize(report: Report): string {
  const errors = errorsOf(report);
  const found = [...(errors > 0 ? [count(errors, 'error')] : []), count(report.problems.length - errors, 'warning')];
  if (errors > 0) return `failed: ${found.join(', ')}`;
  return `ok: ${count(report.services, 'service')}, ${count(report.routes, 'route')}, ${found.join(', ')}`;
}

const severityStyles: Readonly<Record<string, Style>> = { error: 'red', warning: 'yellow' };

/**
 * The problems of each file below its name, then a line that sums up:
 *
 *     a.proto
 *       7:3  warning  own-path  a.S.Get: GET "/healthz": takes /healthz from the gateway itself
 */
function printHuman(report: Report, colours: boolean): string {
  const style = (text: string, style: Style | undefined) => (colours && style !== undefined ? styled(text, style) : text);
  const parts = [...byFile(report.problems)].map(([file, problems]) => {
    const heading = file === '' ? '' : `${style(visible(file), 'bold')}\n`;
    return `${heading}${printRows(problems, style)}\n`;
  });
  const notes = report.notes.map((note) => `${visible(note)}\n`);
  return `${parts.join('')}${notes.join('')}${style(summarize(report), errorsOf(report) > 0 ? 'red' : 'green')}\n`;
}

function printRows(problems: readonly Problem[], style: (text: string, style: Style | undefined) => string): string {
  const cells = problems.map((p) => ({
    position: positionOf(p),
    severity: p.severity,
    rule: p.rule ?? '',
    text: visible(saying(p)),
  }));
  const used = (['position', 'severity', 'rule', 'text'] as const).filter((name) => cells.some((row) => row[name] !== ''));
  const styleOf = (cell: string, name: (typeof used)[number] | undefined) =>
    name === 'severity' ? severityStyles[cell] : name === 'text' ? undefined : 'dim';
  return columns(
    cells.map((row) => ['', ...used.map((name) => row[name])]),
    (cell, column) => style(cell, styleOf(cell, used[column - 1])),
  );
}

function byFile(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const files = new Map<string, Problem[]>();
  for (const problem of problems) {
    const file = problem.file ?? '';
    const known = files.get(file);
    if (known === undefined) files.set(file, [problem]);
    else known.push(problem);
  }
  return files;
}

function positionOf({ line, column }: Problem): string {
  return line === undefined ? '' : column === undefined ? String(line) : `${line}:${column}`;
}

/**
 * A command to a GitHub workflow, which marks the line in a pull request:
 *
 *     ::warning file=protos/a.proto,line=7,col=3,title=own-path::a.S.Get: GET "/healthz"...
 *
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
function workflowCommand(problem: Problem, pathOf: (file: string) => string | undefined): string {
  const { severity, rule, file, line, column } = problem;
  const properties = Object.entries({
    file: file === undefined ? undefined : (pathOf(file) ?? file),
    line,
    col: line === undefined ? undefined : column,
    title: rule,
  }).flatMap(([key, value]) => (value === undefined ? [] : `${key}=${escapeProperty(String(value))}`));
  const head = properties.length === 0 ? severity : `${severity} ${properties.join(',')}`;
  return `::${head}::${escapeData(saying(problem))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
