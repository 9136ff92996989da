import type { Binding } from '../../annotations/binding.js';
import { type Problem, printProblem, type Result } from '../../proto/problem.js';
import { type Api, loadApi } from '../api/api.js';
import { reflectedServers } from '../api/reflected-servers.js';
import type { Config } from '../config/config.js';
import { createLog } from '../runtime/log.js';
import { createRuntime } from '../runtime/runtime.js';
import type { Remote } from '../sources/remote.js';
import { DEFAULT_UPSTREAM_LIMITS } from '../upstream/create.js';
import type { Terminal } from './terminal.js';

/** Loads what is only looked at. */
export function load(config: Config): Promise<Result<Api>> {
  const some = withSomeUpstream(config);
  return reaching(some, (reach) => loadApi(some, reach));
}

/** Upstreams are there as long as sources are asked from them, and only then: what is looked at without them needs none of their certificates. */
export async function reaching<T>(config: Config, read: (reach: Remote) => Promise<Result<T>>): Promise<Result<T>> {
  const runtime = createRuntime(createLog({ level: 'silent' }));
  const asked = new Set(reflectedServers(config).map(({ name }) => name));
  const upstreams = Object.fromEntries(Object.entries(config.upstreams).filter(([name]) => asked.has(name)));
  const adopted = await runtime.adopt({ ...config, upstreams });
  if (!adopted.ok) return adopted;
  try {
    return await read({ upstream: adopted.value.upstream, memory: new Map() });
  } finally {
    await adopted.value.revert();
  }
}

/** What is only looked at needs no server. */
export function withSomeUpstream(config: Config): Config {
  return {
    ...config,
    upstreams: {
      default: {
        target: 'localhost:443',
        lane: 'auto',
        connectTimeoutMs: 1,
        idleTimeoutMs: 1,
        limits: DEFAULT_UPSTREAM_LIMITS,
        services: [],
      },
      ...config.upstreams,
    },
  };
}

/** How many services and routes there are in bindings. */
export function sizeOf(bindings: readonly Binding[]): { readonly services: number; readonly routes: number } {
  return { services: new Set(bindings.map((b) => b.method.service)).size, routes: bindings.length };
}

/** By code points, which no locale changes. */
export function compare(a: string | number = '', b: string | number = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Prints warnings where they are not what was asked for. */
export function warn(warnings: readonly Problem[], terminal: Terminal): void {
  for (const warning of warnings) terminal.err(`protogate: warning: ${printProblem(warning)}\n`);
}
