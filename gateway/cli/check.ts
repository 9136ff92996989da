import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { lint, type RuleName } from '../../annotations/lint/lint.js';
import { type Problem, printProblem } from '../../proto/problem.js';
import { finish } from '../../proto/steps.js';
import { compileApi, readSources } from '../api/api.js';
import { describeApi } from '../api/documents.js';
import { ownPaths } from '../api/own-paths.js';
import { restrictionNote } from '../api/restricted.js';
import { unruledNote } from '../api/unruled.js';
import type { Config } from '../config/config.js';
import { compare, reaching, sizeOf, withSomeUpstream } from './load.js';
import { errorsOf, printReport, type Report, type ReportFormat } from './report.js';
import type { Terminal } from './terminal.js';

/** Options of `protogate check`. */
export interface CheckOptions {
  readonly format: ReportFormat;
  /** Warnings are errors. */
  readonly strict: boolean;
  /** Rules whose warnings are left out. */
  readonly ignore: readonly RuleName[];
}

/** Reads everything that a configuration names and prints what is wrong with it, or probably not meant: 1 if there is an error. */
export async function check(config: Config, options: CheckOptions, terminal: Terminal): Promise<0 | 1> {
  const found = await inspect(config);
  const ignored: ReadonlySet<string> = new Set(options.ignore);
  const problems = found.problems
    .filter(({ severity, rule }) => severity === 'error' || rule === undefined || !ignored.has(rule))
    .map((problem): Problem => (options.strict ? { ...problem, severity: 'error' } : problem))
    .sort((a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const report = { ...found, problems };
  terminal.out(printReport(report, options.format, terminal.colours, (file) => pathOf(file, config)));
  return errorsOf(report) > 0 ? 1 : 0;
}

async function inspect(given: Config): Promise<Report> {
  // Without any upstream it is the sources that are to be checked.
  const config = Object.keys(given.upstreams).length === 0 ? withSomeUpstream(given) : given;
  const sources = await reaching(config, (reach) => readSources(config, reach));
  if (!sources.ok) return { services: 0, routes: 0, notes: [], problems: sources.problems };
  const api = finish(compileApi(sources.value, config));
  const legal = api.ok ? api : finish(compileApi(sources.value, { ...config, invalidRules: 'skip', conflicts: 'first' }));
  const known = api.ok ? [...sources.warnings, ...api.warnings, ...describeApi(api.value, config, '3.1').warnings] : api.problems;
  const odd = legal.ok ? lint(legal.value.schema, legal.value.table, ownPaths(config)) : [];
  const size = legal.ok ? sizeOf(legal.value.table.bindings) : { services: 0, routes: 0 };
  const notes = legal.ok ? [unruledNote(legal.value.unruled), restrictionNote(legal.value, config)] : [];
  return { ...size, notes: notes.filter((note) => note !== undefined), problems: withoutRepetition([...known, ...odd]) };
}

function withoutRepetition(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [printProblem(problem), problem])).values()];
}

/** Where a file that `sources` has by its import name is, as seen from the working directory; undefined if it is no file of its own. */
function pathOf(file: string, { sources: { protos, importPaths } }: Config): string | undefined {
  const roots = [...importPaths, ...protos.map((path) => (path.endsWith('.proto') ? dirname(path) : path))];
  const path = [...roots.map((root) => join(root, file)), file].find((path) => existsSync(path));
  return path === undefined ? undefined : relative('', resolve(path)).split(sep).join('/');
}
