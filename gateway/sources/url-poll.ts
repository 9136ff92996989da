import { printStale } from './problem.js';
import { Rounds } from './rounds.js';
import { fetchDescriptorSet, shownUrl } from './url.js';
import type { UrlMemory } from './url-memory.js';

/** A URL to ask again and again, and who wants to know. */
export interface UrlPollOptions {
  readonly url: string;
  /** How often, ms, give or take a fifth; 0 = never. */
  readonly intervalMs: number;
  readonly memory: UrlMemory;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** The answer has changed, and is left in `memory`. */
  changed(why: string): Promise<unknown>;
}

/** Asks a URL at intervals whether its descriptor set has changed; ends when what it answers is called. A failure is logged once, and its end. */
export function pollUrl({ url, intervalMs, memory, log, changed }: UrlPollOptions): () => void {
  if (intervalMs === 0) return () => {};
  let failing = false;
  const ask = async () => {
    const answer = await fetchDescriptorSet(url, memory.latest);
    if (rounds.closed) return undefined;
    if (answer.ok && failing) log.info(`${shownUrl(url)}: answers again`);
    failing = !answer.ok;
    if (!answer.ok) return printStale(answer.problems);
    memory.latest = answer.value;
    if (answer.value.source.version === memory.loaded?.source.version) return undefined;
    memory.leave(answer.value);
    await changed(`changed: ${shownUrl(url)}`);
    // A reload that was refused before it came to the sources is over.
    memory.takeLeft();
    return undefined;
  };
  const rounds = new Rounds({ intervalMs, log, ask });
  return () => rounds.close();
}
