import type { Binding } from '../../annotations/binding.js';
import { type Problem, printProblem, type Result } from '../../proto/problem.js';
import { documentYaml } from '../../swagger/yaml.js';
import { type Api, loadApi } from '../api.js';
import type { Config } from '../config.js';
import { createLog } from '../log.js';
import { reflectedServers } from '../reflected-servers.js';
import { createRuntime } from '../runtime.js';
import { columns, count, type Terminal } from './terminal.js';

/** Reads everything that a configuration names and says what is wrong with it: 0, or the problems. */
export async function check(config: Config, terminal: Terminal): Promise<0 | readonly Problem[]> {
  // Without any upstream it is the sources that are to be checked.
  const api = await load(Object.keys(config.upstreams).length === 0 ? withSomeUpstream(config) : config);
  if (!api.ok) return api.problems;
  const warnings = [...api.warnings, ...api.value.document('3.1').warnings];
  warn(warnings, terminal);
  const { services, routes } = sizeOf(api.value.table.bindings);
  terminal.out(`ok: ${count(services, 'service')}, ${count(routes, 'route')}, ${count(warnings.length, 'warning')}\n`);
  return 0;
}

/** Lists the routes in order of their templates: HTTP method, template, what it calls. */
export async function routes(config: Config, terminal: Terminal): Promise<0 | readonly Problem[]> {
  const api = await load(withSomeUpstream(config));
  if (!api.ok) return api.problems;
  warn(api.warnings, terminal);
  const rows = api.value.table.bindings.map((b) => [b.httpMethod, b.template.text, b.method.name, kindOf(b)]);
  terminal.out(columns(rows.sort((a, b) => compare(a[1], b[1]) || compare(a[0], b[0]))));
  return 0;
}

/** Prints the OpenAPI document. */
export async function openapi(
  config: Config,
  { format, openapi }: { readonly format: 'json' | 'yaml'; readonly openapi: '3.1' | '3.0' },
  terminal: Terminal,
): Promise<0 | readonly Problem[]> {
  const api = await load(withSomeUpstream(config));
  if (!api.ok) return api.problems;
  const { bytes, warnings } = api.value.document(openapi);
  warn(warnings, terminal);
  terminal.out(new TextDecoder().decode(format === 'yaml' ? documentYaml(bytes) : bytes));
  return 0;
}

/** How many services and routes there are in bindings. */
export function sizeOf(bindings: readonly Binding[]): { readonly services: number; readonly routes: number } {
  return { services: new Set(bindings.map((b) => b.method.service)).size, routes: bindings.length };
}

/** Upstreams are there as long as sources are asked from them, and only then: what is looked at without them needs none of their certificates. */
async function load(config: Config): Promise<Result<Api>> {
  const runtime = createRuntime(createLog({ level: 'silent' }));
  const asked = new Set(reflectedServers(config).map(({ name }) => name));
  const upstreams = Object.fromEntries(Object.entries(config.upstreams).filter(([name]) => asked.has(name)));
  const adopted = await runtime.adopt({ ...config, upstreams });
  if (!adopted.ok) return adopted;
  try {
    return await loadApi(config, { upstream: adopted.value.upstream, memory: new Map() });
  } finally {
    await adopted.value.revert();
  }
}

/** What is only looked at needs no server. */
function withSomeUpstream(config: Config): Config {
  return {
    ...config,
    upstreams: {
      default: { target: 'localhost:443', lane: 'auto', connectTimeoutMs: 1, idleTimeoutMs: 1, services: [] },
      ...config.upstreams,
    },
  };
}

function kindOf({ method }: Binding): string {
  if (method.clientStream) return method.serverStream ? 'bidi stream' : 'client stream';
  return method.serverStream ? 'server stream' : '';
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function warn(warnings: readonly Problem[], terminal: Terminal): void {
  for (const warning of warnings) terminal.err(`protogate: warning: ${printProblem(warning)}\n`);
}
