import type { Upstream } from '../../upstream/upstream.js';
import { printStale } from '../problem.js';
import { Rounds } from '../rounds.js';
import type { ReflectionMemory } from './memory.js';
import { type ReflectionOptions, reflect, subjectOf } from './reflect.js';

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
  readonly #rounds: Rounds;
  readonly #unsubscribe: () => void;
  #disagreed = false;
  /** Answers in a row that were those that are served. */
  #agreements = 0;

  constructor(options: PollOptions) {
    this.#options = options;
    const { intervalMs, upstream, log } = options;
    this.#rounds = new Rounds({ intervalMs, log, ask: () => this.#ask() });
    // A connection that is made by asking is no news: it comes while it is being asked.
    this.#unsubscribe = upstream.onConnect(() => this.#rounds.soon(Math.random() * Math.min(RECONNECT_MS, intervalMs || RECONNECT_MS)));
  }

  close(): void {
    this.#unsubscribe();
    this.#rounds.close();
  }

  async #ask(): Promise<string | undefined> {
    const { server, upstream, memory, changed } = this.#options;
    const answer = memory.judge(await reflect(upstream, server));
    if (this.#rounds.closed) return undefined;
    if (!answer.ok) return printStale(answer.problems);
    const verdict = memory.observe(answer.value);
    if (verdict === 'changed') {
      memory.leave(answer.value);
      await changed(`${subjectOf(server)} offers something else`);
      // A reload that was refused before it came to the sources is over.
      memory.takeLeft();
    } else {
      this.#compare(verdict);
    }
    return undefined;
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
}
