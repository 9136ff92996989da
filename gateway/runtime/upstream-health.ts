import type { Logger } from '../exchange/logger.js';
import type { Upstream } from '../upstream/upstream.js';

/** An upstream whose health is logged. */
export interface Watched {
  readonly name: string;
  readonly target: string;
  readonly upstream: Pick<Upstream, 'onConnect' | 'onFailure' | 'diagnose'>;
}

/** Logs when connecting to an upstream begins to fail, with the reason in words, and when it succeeds again. */
export class UpstreamHealth {
  /** Why it cannot be reached, while that is so and known. */
  why: string | undefined;
  /** The failure that lasts. */
  #failure: { told: boolean } | undefined;
  readonly #unsubscribe: readonly (() => void)[];

  constructor(
    private readonly watched: Watched,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {
    const { upstream } = watched;
    this.#unsubscribe = [upstream.onFailure(() => this.#failed()), upstream.onConnect(() => this.#connected())];
  }

  /** Nothing is logged any more. */
  end(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#failure = undefined;
  }

  async #failed(): Promise<void> {
    const { name, target, upstream } = this.watched;
    const failure = { told: false };
    this.#failure = failure;
    const why = await upstream.diagnose();
    if (this.#failure !== failure) return;
    failure.told = true;
    this.why = why;
    this.log.warn({ upstream: name, target, why }, 'upstream cannot be reached');
  }

  #connected(): void {
    const { name, target } = this.watched;
    if (this.#failure?.told === true) this.log.info({ upstream: name, target }, 'upstream is reached again');
    this.#failure = undefined;
    this.why = undefined;
  }
}
