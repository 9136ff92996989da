import { printProblem } from '../../proto/problem.js';
import { staleProblem } from './problem.js';
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

/** First delay after a failure, ms; it doubles up to the interval. */
const RETRY_MS = 1000;

/** Asks a URL at intervals whether its descriptor set has changed; ends when what it answers is called. A failure is logged once, and its end. */
export function pollUrl(options: UrlPollOptions): () => void {
  const poll = new UrlPoll(options);
  return () => poll.close();
}

class UrlPoll {
  readonly #options: UrlPollOptions;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #failures = 0;
  #said = '';

  constructor(options: UrlPollOptions) {
    this.#options = options;
    this.#wait();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const { intervalMs } = this.#options;
    if (this.#closed || intervalMs === 0) return;
    const pause = this.#failures === 0 ? intervalMs : Math.min(intervalMs, RETRY_MS * 2 ** Math.min(this.#failures - 1, 20));
    this.#timer = setTimeout(() => void this.#ask(), pause * (0.8 + 0.4 * Math.random())).unref();
  }

  async #ask(): Promise<void> {
    const { url, memory, log, changed } = this.#options;
    const answer = await fetchDescriptorSet(url, memory.latest);
    if (this.#closed) return;
    if (answer.ok) {
      if (this.#failures > 0) log.info(`${shownUrl(url)}: answers again`);
      this.#failures = 0;
      this.#said = '';
      const isNew = answer.value.source.version !== memory.loaded?.source.version;
      memory.latest = answer.value;
      if (isNew) {
        memory.leave(answer.value);
        await changed(`changed: ${shownUrl(url)}`);
      }
    } else {
      this.#failures += 1;
      this.#sayOnce(answer.problems.map((problem) => printProblem(staleProblem(problem))).join('; '));
    }
    this.#wait();
  }

  #sayOnce(text: string): void {
    if (this.#said === text) return;
    this.#said = text;
    this.#options.log.warn(text);
  }
}
