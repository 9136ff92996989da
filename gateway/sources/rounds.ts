/** What is asked again and again. */
export interface RoundsOptions {
  /** How often, ms, give or take a fifth; 0 = only after a failure, and when {@link Rounds.soon} says so. */
  readonly intervalMs: number;
  readonly log: { warn(text: string): void };
  /** Answers what has failed, in words; undefined if nothing has. */
  ask(): Promise<string | undefined>;
}

/** First delay after a failure, ms; it doubles up to the interval. */
const RETRY_MS = 1000;

/** Longest delay after a failure where there is no interval, ms. */
const MAX_RETRY_MS = 30_000;

/** Node.js takes a longer delay, ms, for none. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Asks at an interval, and sooner after a failure, until it is closed. One round at a time; a failure is logged once. */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #closed = false;
  #failures = 0;
  #said: string | undefined;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#wait();
  }

  /** Asks after that time, ms, instead of the one before. While it is being asked this means nothing. */
  soon(ms: number): void {
    if (this.#closed || this.#asking) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#round(), ms).unref();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  get closed(): boolean {
    return this.#closed;
  }

  #wait(): void {
    const { intervalMs } = this.#options;
    if (intervalMs === 0 && this.#failures === 0) return;
    const backoff = RETRY_MS * 2 ** Math.min(this.#failures - 1, 20);
    const longest = this.#failures === 0 ? intervalMs : Math.min(intervalMs || MAX_RETRY_MS, backoff);
    this.soon(Math.min(longest * (0.8 + 0.4 * Math.random()), MAX_DELAY_MS));
  }

  async #round(): Promise<void> {
    this.#asking = true;
    const failure = await this.#options
      .ask()
      .catch((error) => `failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`);
    this.#asking = false;
    if (this.#closed) return;
    this.#failures = failure === undefined ? 0 : this.#failures + 1;
    if (failure !== undefined && failure !== this.#said) this.#options.log.warn(failure);
    this.#said = failure;
    this.#wait();
  }
}
