import type { FastifyBaseLogger } from 'fastify';
import type { Upstream } from './upstream/upstream.js';

/** An upstream whose health is logged. */
export interface Watched {
  readonly name: string;
  readonly target: string;
  readonly upstream: Pick<Upstream, 'ready' | 'onConnect' | 'onFailure' | 'diagnose'>;
}

/** Logs when connecting to an upstream begins to fail, with the reason in words, and when it succeeds again. */
export class UpstreamHealth {
  /** Why it cannot be reached, while that is so and known. */
  why: string | undefined;
  #failing = false;

  constructor(
    private readonly watched: Watched,
    private readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
  ) {
    watched.upstream.onFailure(() => this.#failed());
    watched.upstream.onConnect(() => this.#connected());
    // It may have failed before anybody watched.
    if (!watched.upstream.ready()) this.#failed();
  }

  async #failed(): Promise<void> {
    const { name, target, upstream } = this.watched;
    this.#failing = true;
    const why = await upstream.diagnose();
    if (!this.#failing) return;
    this.why = why;
    this.log.warn({ upstream: name, target, why }, 'upstream cannot be reached');
  }

  #connected(): void {
    const { name, target } = this.watched;
    if (this.#failing) this.log.info({ upstream: name, target }, 'upstream is reached again');
    this.#failing = false;
    this.why = undefined;
  }
}
