import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { UpstreamState } from '../runtime/runtime.js';

/** What the numbers of a gateway are read from. */
export interface Measured {
  /** Generations that serve or still have requests: how many, and how many requests those have. */
  inProgress(): { readonly generations: number; readonly requests: number };
  upstreams(): Iterable<Pick<UpstreamState, 'name' | 'ready'>>;
}

/** What became of one reload. */
export interface Outcome {
  readonly ok: boolean;
  readonly tookMs: number;
  readonly longestBlockMs: number;
}

/** The metrics of a gateway in Prometheus' terms; durations in seconds. */
export class GatewayMetrics {
  readonly #reloads: Counter<'result'>;
  readonly #successful: Gauge;
  readonly #successAt: Gauge;
  readonly #took: Gauge;
  readonly #block: Gauge;

  constructor(registry: Registry, measured: Measured) {
    const registers = [registry];
    this.#reloads = new Counter({ name: 'protogate_reloads_total', help: 'Reloads by result.', labelNames: ['result'], registers });
    for (const result of ['ok', 'refused']) this.#reloads.inc({ result }, 0);
    this.#successful = new Gauge({ name: 'protogate_last_reload_successful', help: '0 if the last reload was refused.', registers });
    this.#successAt = new Gauge({
      name: 'protogate_last_reload_success_timestamp_seconds',
      help: 'When what serves was loaded.',
      registers,
    });
    this.#took = new Gauge({ name: 'protogate_last_reload_duration_seconds', help: 'Time of the last reload.', registers });
    this.#block = new Gauge({
      name: 'protogate_last_reload_longest_block_seconds',
      help: 'Longest time for which requests had to wait during the last reload.',
      registers,
    });
    this.#successful.set(1);
    this.#successAt.setToCurrentTime();
    observe(registry, measured);
  }

  reloaded({ ok, tookMs, longestBlockMs }: Outcome): void {
    this.#reloads.inc({ result: ok ? 'ok' : 'refused' });
    this.#successful.set(ok ? 1 : 0);
    if (ok) this.#successAt.setToCurrentTime();
    this.#took.set(tookMs / 1000);
    this.#block.set(longestBlockMs / 1000);
  }
}

/** Numbers that are read when they are asked for. */
function observe(registry: Registry, { inProgress, upstreams }: Measured): void {
  const registers = [registry];
  new Gauge({
    name: 'protogate_generations',
    help: 'Generations of routes: the one that serves, and older ones that still have requests.',
    registers,
    collect() {
      this.set(inProgress().generations);
    },
  });
  new Gauge({
    name: 'protogate_requests_in_progress',
    help: 'Requests and streams in progress.',
    registers,
    collect() {
      this.set(inProgress().requests);
    },
  });
  new Gauge({
    name: 'protogate_upstream_ready',
    help: '1 if calls to the upstream can start.',
    labelNames: ['upstream'],
    registers,
    collect() {
      this.reset();
      for (const { name, ready } of upstreams()) this.set({ upstream: name }, ready ? 1 : 0);
    },
  });
}
