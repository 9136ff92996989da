import type { Problem, Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { loadDescriptorSet } from './descriptor-set.js';
import { loadOfficial } from './official.js';
import { loadProtos } from './proto-source.js';
import { isUrl } from './url.js';

/** What the operator named, paths relative to the working directory. */
export interface SourceOptions {
  /** `.proto` files and folders of them. */
  readonly protos: readonly string[];
  /** Folders in which imports are looked for, in this order. */
  readonly importPaths: readonly string[];
  /** Files with a binary FileDescriptorSet each. URLs among them are left to `loadRemote`. */
  readonly descriptorSets: readonly string[];
}

/** Reads and compiles all of it. The official protos are always the last source. Everything that is wrong is told at once. */
export async function loadSources(options: SourceOptions): Promise<Result<SourceFiles[]>> {
  const protos = await loadProtos(options.protos, options.importPaths);
  const sets: Result<SourceFiles>[] = [];
  for (const path of options.descriptorSets) if (!isUrl(path)) sets.push(await loadDescriptorSet(path));
  sets.push(await loadOfficial());
  const results = [protos, ...sets];
  const problems: Problem[] = results.flatMap((result) => (result.ok ? [] : result.problems));
  const warnings = results.flatMap((result) => (result.ok ? result.warnings : []));
  if (problems.length > 0) return { ok: false, problems: [...problems, ...warnings] };
  const value = results.flatMap((result) => (result.ok ? result.value : []));
  return { ok: true, value, warnings };
}
