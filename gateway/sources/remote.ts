import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import type { Upstream } from '../upstream/upstream.js';
import { staleProblem } from './problem.js';
import { type ReflectionMemory, reflectionMemory } from './reflection/memory.js';
import { type Reflected, type ReflectionOptions, reflect } from './reflection/reflect.js';
import { loadUrl } from './url-load.js';
import { urlMemory } from './url-memory.js';

/** What sources that are asked over the network need besides the configuration. */
export interface Remote {
  /** The upstream of that name in the configuration that is loaded. */
  upstream(name: string): Upstream;
  /** What remote sources remember from one load to the next (ETags, last good answers), by source. Lives as long as the gateway. */
  readonly memory: RemoteMemory;
}

/** What the configuration says of sources that are not files of this machine. */
export interface RemoteOptions {
  /** Servers to ask by reflection. */
  readonly reflection: readonly ReflectionOptions[];
  /** Of descriptor sets. */
  readonly urls: readonly string[];
}

/** Keys begin with the kind of the source: `url:...`, `reflection:...`. */
export type RemoteMemory = Map<string, unknown>;

/**
 * Asks the sources of a configuration that are not files of this machine, all at once. One that fails is replaced by what it last said, with a
 * warning; if it has never said anything, that is a problem.
 */
export async function loadRemote(options: RemoteOptions, { upstream, memory }: Remote): Promise<Result<SourceFiles[]>> {
  const [servers, sets] = await Promise.all([
    Promise.all(options.reflection.map((server) => askServer(server, upstream(server.name), reflectionMemory(memory, server)))),
    Promise.all([...new Set(options.urls)].map((url) => loadUrl(url, urlMemory(memory, url)))),
  ]);
  const asked: readonly Result<readonly SourceFiles[]>[] = [...servers, ...sets];
  const problems = asked.flatMap((result) => (result.ok ? [] : result.problems));
  const warnings = asked.flatMap((result) => (result.ok ? result.warnings : []));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: asked.flatMap((result) => (result.ok ? result.value : [])), warnings };
}

async function askServer(
  options: ReflectionOptions,
  upstream: Upstream,
  memory: ReflectionMemory,
): Promise<Result<readonly SourceFiles[]>> {
  const { last } = memory;
  const left = memory.takeLeft();
  const answer: Result<Reflected> =
    left === undefined ? memory.judge(await reflect(upstream, options)) : { ok: true, value: left, warnings: [] };
  if (answer.ok) memory.keep(answer.value);
  else memory.fallBack();
  if (answer.ok) return { ...answer, value: answer.value.sources };
  return last === undefined ? answer : { ok: true, value: last.sources, warnings: answer.problems.map(staleProblem) };
}
