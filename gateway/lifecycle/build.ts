import { isDeepStrictEqual } from 'node:util';
import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { type Api, loadApi } from '../api/api.js';
import { FEW_ROUTES } from '../api/aside.js';
import { type Config, lackOfSources, lackOfUpstreams } from '../config/config.js';
import type { Logger } from '../exchange/logger.js';
import type { Setup } from '../request/app.js';
import type { Adoption, OwnedRuntime } from '../runtime/runtime.js';
import type { FileStates } from '../sources/file-states.js';
import type { RemoteMemory } from '../sources/remote.js';
import { createGeneration, type Generation } from './generation.js';

/** Reads what a configuration changes beside the generation; the answer makes that count, together with the generation, and does not throw. */
export type Prepare = (config: Config) => Promise<Result<() => void>>;

/** What generations are built of besides a configuration. */
export interface BuildOptions {
  readonly log: Logger;
  /** Called for every generation, before its routes are registered. */
  readonly setup?: Setup | undefined;
  /** What `configure` and the sources read from. */
  readonly files: FileStates;
  /** Read again at each reload. */
  configure(): Promise<Result<Config>>;
  /** Sources beside those of the configuration, read again at each reload. */
  describe(): Promise<Result<readonly SourceFiles[]>>;
  readonly prepare: Prepare;
}

/** A generation, and what it was built with. */
export interface Built {
  readonly since: Date;
  readonly generation: Generation;
  readonly config: Config;
  readonly adoption: Adoption;
  /** Makes count what was prepared. */
  count(): void;
}

/**
 * Builds the generation after another. Upstreams come first: an API may have to be asked from them. Work for an API that has been large so far is
 * done aside.
 */
export async function build(
  before: Built | undefined,
  options: BuildOptions,
  runtime: OwnedRuntime,
  memory: RemoteMemory,
): Promise<Result<Built>> {
  const id = before === undefined ? 0 : before.generation.id + 1;
  const aside = before !== undefined && routesOf(before) > FEW_ROUTES;
  const config = await options.configure().catch((e): Result<Config> => refusal('configuration', e));
  if (!config.ok) return config;
  const given = await options.describe().catch((e): Result<readonly SourceFiles[]> => refusal('descriptors', e));
  if (!given.ok) return given;
  const lacking = [...(given.value.length > 0 ? [] : lackOfSources(config.value)), ...lackOfUpstreams(config.value)];
  if (lacking.length > 0) return { ok: false, problems: lacking };
  const prepared = await options.prepare(config.value);
  if (!prepared.ok) return prepared;
  const adopted = await runtime.adopt(config.value).catch((e): Result<Adoption> => refusal('upstreams', e));
  if (!adopted.ok) return adopted;
  const adoption = adopted.value;
  try {
    const loaded = await loadApi(config.value, { upstream: adoption.upstream, memory, aside, given: given.value });
    const api = before === undefined ? loaded : refuseNothing(loaded, config.value, before);
    if (!api.ok) {
      await adoption.revert();
      return api;
    }
    adoption.take();
    const generation = await createGeneration(id, api.value, config.value, runtime, options.setup);
    return {
      ok: true,
      value: { since: new Date(), generation, config: config.value, adoption, count: prepared.value },
      warnings: [...config.warnings, ...prepared.warnings, ...adopted.warnings, ...api.warnings],
    };
  } catch (e) {
    await adoption.revert();
    return refusal('setup', e);
  }
}

function routesOf({ generation }: Built): number {
  return generation.table.bindings.length;
}

/** Sources that had routes and have none look like a mistake (a server that leaves its options out), unless the configuration has changed what is served. */
function refuseNothing(api: Result<Api>, config: Config, before: Built): Result<Api> {
  if (!api.ok || api.value.table.bindings.length > 0 || routesOf(before) === 0) return api;
  if (!isDeepStrictEqual(whatIsServed(config), whatIsServed(before.config))) return api;
  const reason = `had ${routesOf(before)} routes and have none now: restart if that is meant`;
  return { ok: false, problems: [{ severity: 'error', subject: 'sources', reason }, ...api.warnings] };
}

/** What a configuration says of which methods are served. */
function whatIsServed({ sources, upstreams, policies, rules, invalidRules }: Config) {
  return { sources, upstreams, policies, rules, invalidRules };
}

/** What a program's own function threw. */
function refusal(subject: string, thrown: unknown): Result<never> {
  return { ok: false, problems: [{ severity: 'error', subject, reason: thrown instanceof Error ? thrown.message : String(thrown) }] };
}
