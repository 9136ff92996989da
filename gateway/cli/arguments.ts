import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type RuleName, ruleNames } from '../../annotations/lint/lint.js';
import { nearest } from '../../proto/nearest.js';
import type { CheckOptions } from './check.js';
import { flags } from './flags.js';
import type { OpenapiOptions } from './openapi.js';
import type { RoutesOptions } from './routes.js';
import { type Given, givenBy } from './settings.js';
import { version } from './version.js';

/** What every command has. */
interface Settings {
  /** Configuration file. */
  readonly file: string | undefined;
  readonly given: readonly Given[];
}

/** What the command line asks for. */
export type Request =
  | ({ readonly command: 'serve' } & Settings)
  | ({ readonly command: 'check' } & Settings & CheckOptions)
  | ({ readonly command: 'routes' } & Settings & RoutesOptions)
  | ({ readonly command: 'openapi' } & Settings & OpenapiOptions)
  /** Asked to explain itself, or wrongly used: text to print, and the exit code. */
  | { readonly command: 'explain'; readonly text: string; readonly code: 0 | 2 };

const commands = ['serve', 'check', 'routes', 'openapi'];

const examples = `
Examples:
  protogate --reflection --upstream localhost:50051     ask the gRPC server what it offers, and serve it
  protogate --reflection --unbound --upstream localhost:50051     the same for services without HTTP rules
  protogate --proto protos --upstream localhost:50051   the same from .proto files
  protogate -c protogate.yaml                           several servers, policies, limits: see the manual
  protogate openapi --proto protos --format yaml > openapi.yaml`;

/** Reads the arguments behind the program's name. Wrong use gives one line. */
export function parseArguments(argv: readonly string[]): Request {
  const printed: string[] = [];
  const chosen: { request?: Request } = {};
  const given: Given[] = [];
  const program = createProgram(printed, given, (request) => {
    chosen.request = request;
  });
  const [first] = argv;
  if (first === undefined) return { command: 'explain', text: program.helpInformation() + examples.concat('\n'), code: 2 };
  if (!first.startsWith('-') && !commands.includes(first)) return refusal(`unknown command '${first}'${hint(first, commands)}`);
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const text = printed.join('');
    return error.exitCode === 0 ? { command: 'explain', text, code: 0 } : refusal(oneLine(error.message));
  }
  return chosen.request ?? refusal('no command');
}

function createProgram(printed: string[], given: Given[], choose: (request: Request) => void): Command {
  const program = new Command('protogate')
    .description('Serves gRPC services as an HTTP/JSON API, as their google.api.http rules say, with OpenAPI and Swagger UI.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .addHelpText('after', examples)
    .option('-c, --config <file>', 'configuration file, YAML; flags win over it');
  for (const flag of flags) {
    const option = new Option(flag.syntax, flag.meaning);
    program.addOption(option);
    program.on(`option:${option.name()}`, (text: string | null) => given.push(givenBy(flag, text ?? '')));
  }
  const request = () => ({ file: program.opts<{ config?: string }>().config, given });
  program
    .command('serve', { isDefault: true })
    .description('serve (what happens without a command)')
    .allowExcessArguments(false)
    .action(() => choose({ command: 'serve', ...request() }));
  addCheck(program, (options) => choose({ command: 'check', ...request(), ...options }));
  addRoutes(program, (options) => choose({ command: 'routes', ...request(), ...options }));
  addOpenapi(program, (options) => choose({ command: 'openapi', ...request(), ...options }));
  return program;
}

function addRule(text: string, rules: readonly RuleName[]): readonly RuleName[] {
  const rule = ruleNames.find((name) => name === text);
  if (rule === undefined) throw new InvalidArgumentError(`There is no such rule${hint(text, ruleNames)}.`);
  return [...rules, rule];
}

function addCheck(program: Command, choose: (options: CheckOptions) => void): void {
  program
    .command('check')
    .description('read everything, report what is wrong or probably not meant, and end')
    .allowExcessArguments(false)
    .addOption(new Option('--format <format>', 'human, json or github').choices(['human', 'json', 'github']).default('human'))
    .option('--strict', 'warnings are errors', false)
    .addOption(new Option('--ignore <rule>', 'leave out the warnings of a rule (repeatable)').argParser(addRule).default([]))
    .action(({ format, strict, ignore }: CheckOptions) => choose({ format, strict, ignore }));
}

function addRoutes(program: Command, choose: (options: RoutesOptions) => void): void {
  program
    .command('routes')
    .description('list the routes: all, or those that match every filter')
    .argument('[filter...]', 'HTTP method, or part of the path or of the full name of the gRPC method')
    .addOption(new Option('--format <format>', 'table or json').choices(['table', 'json']).default('table'))
    .option('--all', 'methods without an HTTP rule, too', false)
    .action((filters: readonly string[], { format, all }: Omit<RoutesOptions, 'filters'>) => choose({ format, all, filters }));
}

function addOpenapi(program: Command, choose: (options: OpenapiOptions) => void): void {
  program
    .command('openapi')
    .description('print the OpenAPI document')
    .allowExcessArguments(false)
    .addOption(new Option('--format <format>', 'json or yaml').choices(['json', 'yaml']).default('json'))
    .addOption(new Option('--openapi <version>', '3.1 or 3.0').choices(['3.1', '3.0']).default('3.1'))
    .action(({ format, openapi }: OpenapiOptions) => choose({ format, openapi }));
}

function refusal(text: string): Request {
  return { command: 'explain', text: `protogate: ${text}; see protogate --help\n`, code: 2 };
}

function hint(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `, did you mean ${near}?`;
}

/** `error: unknown option '--prot'\n(Did you mean --proto?)` in one line. */
function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}
