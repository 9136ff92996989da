import { mayPass, type Problem, printProblem, type Result } from '../../proto/problem.js';
import { type Config, lackOfSources } from '../config/config.js';
import { parseArguments, type Request } from './arguments.js';
import { check } from './check.js';
import { listenFlag } from './flags.js';
import { openapi } from './openapi.js';
import { routes } from './routes.js';
import { serve } from './serve.js';
import { type Given, loadSettings } from './settings.js';
import type { Terminal } from './terminal.js';

/** 0 = done, 1 = failed at run time or at what `check` looks at, 2 = wrong use or configuration. */
export type ExitCode = 0 | 1 | 2;

/** What the environment of the process says. */
export interface Environment {
  /** PROTOGATE_LISTEN: `--listen` where the command line has neither it nor `--port`. */
  readonly listen: string | undefined;
  /** File descriptors of the sockets that `listen: systemd` is about; default: none. */
  readonly sockets?: readonly number[];
}

/**
 * Runs a command of `protogate`. Whatever is wrong with its use or the configuration is one line a finding on standard error. `serve` answers when
 * the gateway has started; the process ends it by a signal.
 */
export async function run(argv: readonly string[], environment: Environment, terminal: Terminal): Promise<ExitCode> {
  const request = parseArguments(argv);
  if (request.command === 'explain') {
    if (request.code === 0) terminal.out(request.text);
    else terminal.err(request.text);
    return request.code;
  }
  const read = () => loadSettings(request.file, withEnvironment(request.given, environment));
  const settings = await read();
  if (!settings.ok) return refuse(settings.problems, terminal);
  // Serving begins, and goes on, with a check of its own.
  const lacking = request.command === 'serve' ? [] : lackOfSources(settings.value);
  if (lacking.length > 0) return refuse(lacking, terminal);
  const outcome = await execute(request, settings.value, read, environment.sockets ?? [], terminal);
  return typeof outcome === 'number' ? outcome : refuse(outcome, terminal);
}

function execute(
  request: Exclude<Request, { command: 'explain' }>,
  config: Config,
  read: () => Promise<Result<Config>>,
  sockets: readonly number[],
  terminal: Terminal,
) {
  switch (request.command) {
    case 'serve':
      return serve(read, { configFiles: request.file === undefined ? [] : [request.file], sockets }, terminal);
    case 'check':
      return check(config, request, terminal);
    case 'routes':
      return routes(config, request, terminal);
    case 'openapi':
      return openapi(config, request, terminal);
  }
}

function withEnvironment(given: readonly Given[], { listen }: Environment): readonly Given[] {
  if (listen === undefined || listen === '' || given.some(({ flag }) => flag.key === 'listen')) return given;
  return [...given, { flag: listenFlag, name: 'PROTOGATE_LISTEN', text: listen }];
}

function refuse(problems: readonly Problem[], terminal: Terminal): ExitCode {
  for (const problem of problems) terminal.err(`protogate: ${problem.severity === 'warning' ? 'warning: ' : ''}${printProblem(problem)}\n`);
  return mayPass(problems) ? 1 : 2;
}
