import { type ExitCode, run } from '../../../gateway/cli/run.js';

/** How a command ended, and what it wrote. */
export interface Outcome {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line, split at spaces, or its words; `listen` is what the environment says. */
export async function outcomeOf(line: string | readonly string[], listen?: string, colours = false): Promise<Outcome> {
  const written = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      written.out += text;
    },
    err: (text: string) => {
      written.err += text;
    },
    interactive: false,
    colours,
  };
  const code = await run(typeof line === 'string' ? line.split(' ') : line, { listen }, terminal);
  return { code, ...written };
}
