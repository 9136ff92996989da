import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { staleProblem } from './problem.js';
import { type Fetched, fetchDescriptorSet } from './url.js';
import type { UrlMemory } from './url-memory.js';

/** Fetches a descriptor set for a load. If that fails, it is the one that was served last, with a warning. */
export async function loadUrl(url: string, memory: UrlMemory): Promise<Result<readonly SourceFiles[]>> {
  const left = memory.takeLeft();
  const answer: Result<Fetched> =
    left === undefined ? await fetchDescriptorSet(url, memory.latest) : { ok: true, value: left, warnings: [] };
  if (answer.ok) memory.latest = answer.value;
  memory.loaded = answer.ok ? answer.value : memory.good;
  if (answer.ok) return { ...answer, value: [answer.value.source] };
  return memory.good === undefined ? answer : { ok: true, value: [memory.good.source], warnings: answer.problems.map(staleProblem) };
}
