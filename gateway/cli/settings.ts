import type { Problem, Result } from '../../proto/problem.js';
import { type Config, loadConfig, parseConfig } from '../config/config.js';
import { type Term, termAt } from '../config/keys.js';
import { type Flag, flags, nameOf } from './flags.js';

/** A flag as it was given, or what stands for one. */
export interface Given {
  readonly flag: Flag;
  /** What messages call it: `--listen`, or the variable of the environment. */
  readonly name: string;
  readonly text: string;
}

/** The configuration of the file, if there is one, with the flags over it. Problems name the flag, or the place in the file. */
export async function loadSettings(file: string | undefined, given: readonly Given[]): Promise<Result<Config>> {
  const base = file === undefined ? parseConfig({}) : await loadConfig(file);
  if (!base.ok) return base;
  const refused = given.flatMap(({ flag, name, text }): readonly Problem[] => {
    const reason = flag.refuse?.(text);
    return reason === undefined ? [] : [{ severity: 'error', subject: name, reason }];
  });
  if (refused.length > 0) return { ok: false, problems: refused };
  const merged = given.reduce<unknown>((data, { flag, text }) => withValue(data, flag.key.split('.'), flag, text), base.value);
  const parsed = parseConfig(merged);
  return parsed.ok ? parsed : { ok: false, problems: parsed.problems.map((p) => inTermsOfFlags(p, given)) };
}

function withValue(data: unknown, path: readonly string[], flag: Flag, text: string): unknown {
  const [key, ...rest] = path;
  if (key !== undefined) {
    const section: object = typeof data === 'object' && data !== null ? data : {};
    return { ...section, [key]: withValue(new Map(Object.entries(section)).get(key), rest, flag, text) };
  }
  const value = flag.value(text);
  if (flag.effect === 'replaces') return value;
  return isSection(termAt(flag.key.split('.'))) ? { ...Object(data), ...Object(value) } : [...(Array.isArray(data) ? data : []), value];
}

function isSection(term: Term | undefined): boolean {
  return term?.properties !== undefined || term?.patternProperties !== undefined;
}

/** The file alone was right, so what is wrong now was said by a flag: the one whose key is nearest to the problem's. */
function inTermsOfFlags(problem: Problem, given: readonly Given[]): Problem {
  const exact = given.findLast(({ flag }) => problem.subject.startsWith(flag.key));
  if (exact !== undefined) return { ...problem, subject: exact.name };
  const within = given.findLast(({ flag }) => flag.key.startsWith(`${problem.subject}.`));
  if (within === undefined) return problem;
  const lacking = flags.find(({ key }) => problem.reason === `lacks the key "${key.slice(problem.subject.length + 1)}"`);
  const reason = lacking === undefined ? `${problem.subject} ${problem.reason}` : `needs ${lacking.syntax} beside it`;
  return { ...problem, subject: within.name, reason };
}

/** A flag as it stands on the command line. */
export function givenBy(flag: Flag, text: string): Given {
  return { flag, name: nameOf(flag), text };
}
