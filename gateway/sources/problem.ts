import { type Problem, printProblem } from '../../proto/problem.js';

/** An error about something the operator named: a file, a folder. */
export function sourceProblem(subject: string, reason: string): Problem {
  return { severity: 'error', subject, reason };
}

/** A failure of a source whose last answer is served instead. */
export function staleProblem(problem: Problem): Problem {
  return { ...problem, severity: 'warning', reason: `${problem.reason}; what it offered before is served on` };
}

/** The same in one line for a log. */
export function printStale(problems: readonly Problem[]): string {
  return problems.map((problem) => printProblem(staleProblem(problem))).join('; ');
}

/** Why a path could not be read, in words; `error` is what node:fs threw. */
export function readFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied';
    case 'ENOTDIR':
      return 'does not exist: a part of the path is not a folder';
    case 'ELOOP':
      return 'cannot be read: symbolic links lead in a circle';
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
