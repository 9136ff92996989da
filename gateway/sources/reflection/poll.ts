import { printProblem, type Result } from '../../../proto/problem.js';
import type { Upstream } from '../../upstream/upstream.js';
import type { ReflectionMemory } from './memory.js';
import { type Reflected, type ReflectionOptions, reflect, subjectOf } from './reflect.js';

/** A server to ask again and again, and who wants to know. */
export interface PollOptions {
  readonly server: ReflectionOptions;
  /** How often, ms, give or take a fifth; 0 = only after a loss of the connection, and until it answers then. */
  readonly intervalMs: number;
  readonly upstream: Upstream;
  readonly memory: ReflectionMemory;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** The answer has changed, and is left in `memory`. */
  changed(why: string): Promise<unknown>;
}

/** First delay after a failure, ms; it doubles up to the interval, or this where there is none. */
const RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;

/** Longest delay after a new connection, ms: not all gateways at once. */
const RECONNECT_MS = 1000;

/** So many equal answers in a row end a disagreement. */
const SETTLED = 10;

/** Asks a server again at intervals and when it is back after a loss; ends when what it answers is called. Failures and disagreement are logged once. */
export function pollReflection(options: PollOptions): () => void {
  const poll = new Poll(options);
  return () => poll.close();
}

class Poll {
  readonly #options: PollOptions;
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #closed = false;
  #failures = 0;
  #said = '';
  #disagreed = false;
  /** Answers in a row that were those that are served. */
  #agreements = 0;

  constructor(options: PollOptions) {
    this.#options = options;
    const { intervalMs, upstream } = options;
    this.#unsubscribe = upstream.onConnect(() => this.#schedule(Math.random() * Math.min(RECONNECT_MS, intervalMs || RECONNECT_MS)));
    this.#wait();
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const { intervalMs } = this.#options;
    if (intervalMs === 0 && this.#failures === 0) return;
    const backoff = RETRY_MS * 2 ** Math.min(this.#failures - 1, 20);
    const longest = this.#failures === 0 ? intervalMs : Math.min(intervalMs || MAX_RETRY_MS, backoff);
    this.#schedule(longest * (0.8 + 0.4 * Math.random()));
  }

  /** A connection that is made by asking is no news. */
  #schedule(ms: number): void {
    if (this.#closed || this.#asking) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ms).unref();
  }

  async #ask(): Promise<void> {
    const { server, upstream, memory } = this.#options;
    this.#asking = true;
    const answer = memory.judge(await reflect(upstream, server));
    if (!this.#closed) await this.#heard(answer);
    this.#asking = false;
    this.#wait();
  }

  async #heard(answer: Result<Reflected>): Promise<void> {
    const { server, memory, changed } = this.#options;
    if (!answer.ok) {
      this.#failures += 1;
      this.#sayOnce(`${answer.problems.map(printProblem).join('; ')}; what it offered before is served on`);
      return;
    }
    this.#failures = 0;
    this.#said = '';
    const verdict = memory.observe(answer.value);
    if (verdict !== 'changed') {
      this.#compare(verdict);
      return;
    }
    memory.leave(answer.value);
    await changed(`${subjectOf(server)} offers something else`);
  }

  /** Disagreement is said again when it was over in the meantime. */
  #compare(verdict: 'same' | 'older'): void {
    const { server, log } = this.#options;
    this.#agreements = verdict === 'same' ? this.#agreements + 1 : 0;
    if (this.#agreements >= SETTLED) this.#disagreed = false;
    if (verdict === 'same' || this.#disagreed) return;
    this.#disagreed = true;
    log.warn(`${subjectOf(server)}: servers of different versions answer there; the newest is served, unless it is heard no more`);
  }

  #sayOnce(text: string): void {
    if (this.#said === text) return;
    this.#said = text;
    this.#options.log.warn(text);
  }
}
