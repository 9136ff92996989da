import type { IncomingMessage, ServerResponse } from 'node:http';
import { printProblem, type Result } from '../../proto/problem.js';
import type { Config } from '../config/config.js';
import { type GatewayError, ownError } from '../exchange/errors.js';
import { refuse } from '../request/framing-check.js';
import { refuseStream } from '../request/http2/refuse.js';
import type { Http2Request } from '../request/http2/request.js';
import { pathOf, type Target } from '../request/routing.js';
import { type Adoption, createRuntime, type OwnedRuntime, type Runtime } from '../runtime/runtime.js';
import type { RemoteMemory } from '../sources/remote.js';
import { measureBlocks } from './block-meter.js';
import { type BuildOptions, type Built, build } from './build.js';
import { type Following, follow } from './follow.js';
import type { Generation } from './generation.js';
import { GatewayMetrics } from './metrics.js';
import type { GatewayStatus, ReloadReport } from './status.js';

/** The generation that serves, and the way to the next one. It listens nowhere: a server or another Fastify app hands it requests. */
export interface Gateway {
  readonly current: Generation;
  readonly runtime: Runtime;
  /** Configuration the current generation was built from. */
  readonly config: Config;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The same for HTTP/2. */
  handleHttp2(request: Http2Request): void;
  /**
   * Builds a generation from the configuration and sources as they are now and swaps it in; answers its id. If anything is wrong with it, the
   * current one serves on and the problems are answered. Reloads run one after another; one that has not begun yet serves all who ask meanwhile.
   */
  reload(why: string): Promise<Result<number>>;
  /** What serves, and how the last reload went. */
  status(): GatewayStatus;
  /** From now on the readiness path answers 503. */
  drain(): void;
  /** Waits up to `graceMs` for requests in progress, then closes everything. */
  close(graceMs: number): Promise<void>;
}

/** Builds the first generation, or answers why there is none. */
export async function openGateway(options: BuildOptions): Promise<Result<Gateway>> {
  const runtime = createRuntime(options.log);
  const memory: RemoteMemory = new Map();
  const first = await build(undefined, options, runtime, memory);
  if (!first.ok) {
    await runtime.close(0);
    return first;
  }
  return { ok: true, value: new ServingGateway(options, runtime, memory, first.value), warnings: first.warnings };
}

function tooMany(): GatewayError {
  return ownError(503, 'Too many requests are in progress.', { headers: { 'retry-after': '1' } });
}

/** Who balances loads must learn how a gateway is that has much to do. */
function isHealthCheck(request: Target, { health }: Config): boolean {
  const path = pathOf(request);
  return path === health.live || path === health.ready;
}

const CLOSING: Result<never> = { ok: false, problems: [{ severity: 'error', subject: 'gateway', reason: 'is closing' }] };

class ServingGateway implements Gateway {
  readonly runtime: OwnedRuntime;
  readonly #options: BuildOptions;
  readonly #memory: RemoteMemory;
  /** The current one and those that still have requests. */
  readonly #generations = new Set<Generation>();
  #built: Built;
  #turn: Promise<unknown> = Promise.resolve();
  /** A reload that has not begun. */
  #next: Promise<Result<number>> | undefined;
  #lastReload: ReloadReport | undefined;
  readonly #metrics: GatewayMetrics;
  #following: Following;
  #closing = false;
  #closed = false;

  constructor(options: BuildOptions, runtime: OwnedRuntime, memory: RemoteMemory, first: Built) {
    this.#options = options;
    this.#memory = memory;
    this.runtime = runtime;
    this.#built = first;
    this.#generations.add(first.generation);
    first.count();
    this.#following = this.#follow();
    this.#metrics = new GatewayMetrics(runtime.metrics, { inProgress: () => this.#inProgress(), upstreams: () => runtime.upstreams() });
  }

  get current(): Generation {
    return this.#built.generation;
  }

  get config(): Config {
    return this.#built.config;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#hasRoomFor(request)) this.current.handle(request, response);
    else refuse(response, tooMany());
  }

  handleHttp2(request: Http2Request): void {
    if (this.#hasRoomFor(request)) this.current.handleHttp2(request);
    else refuseStream(request.http2, tooMany());
  }

  #hasRoomFor(request: Target): boolean {
    const { config } = this.#built;
    return this.#requests() < config.limits.inFlight || isHealthCheck(request, config);
  }

  reload(why: string): Promise<Result<number>> {
    if (this.#closing) return Promise.resolve(CLOSING);
    if (this.#next !== undefined) return this.#next;
    const turn = this.#turn.then(() => {
      this.#next = undefined;
      return this.#reload(why);
    });
    this.#next = turn;
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #reload(why: string): Promise<Result<number>> {
    if (this.#closing) return CLOSING;
    const { log } = this.runtime;
    const [at, began, longestBlock] = [new Date().toISOString(), performance.now(), measureBlocks()];
    const next = await build(this.#built, this.#options, this.runtime, this.#memory);
    if (this.#closing) {
      await longestBlock();
      return this.#discard(next);
    }
    const outcome = { ok: next.ok, tookMs: Math.round(performance.now() - began), longestBlockMs: await longestBlock() };
    const problems = next.ok ? [] : next.problems.map(printProblem);
    this.#lastReload = { at, why, ...outcome, problems };
    this.#metrics.reloaded(outcome);
    if (!next.ok) {
      log.error({ why, problems: next.problems }, 'reload refused: the current generation serves on');
      return next;
    }
    this.#swap(next.value);
    const { id, table } = next.value.generation;
    const { tookMs, longestBlockMs } = outcome;
    log.info({ why, generation: id, routes: table.bindings.length, tookMs, longestBlockMs }, 'reloaded');
    for (const warning of next.warnings) log.warn(printProblem(warning));
    return { ok: true, value: id, warnings: next.warnings };
  }

  /** The gateway was closed meanwhile, perhaps with the upstreams of what was being built. */
  async #discard(next: Result<Built>): Promise<Result<never>> {
    if (next.ok) {
      await next.value.generation.retire(0);
      await next.value.adoption.revert();
    }
    if (this.#closed) await this.runtime.close(0);
    return CLOSING;
  }

  #swap(next: Built): void {
    const before = this.#built;
    this.#built = next;
    next.count();
    this.#retire(before.generation, next.adoption);
    this.#following.end();
    this.#following = this.#follow();
  }

  status(): GatewayStatus {
    const { generation, since } = this.#built;
    const { bindings } = generation.table;
    const upstreams = this.runtime.upstreams().map(({ name, ...state }) => [name, state]);
    return {
      status: this.runtime.ready() ? 'SERVING' : 'NOT_SERVING',
      generation: {
        id: generation.id,
        since: since.toISOString(),
        services: new Set(bindings.map(({ method }) => method.service)).size,
        routes: bindings.length,
        schema: generation.schema.hash,
      },
      upstreams: Object.fromEntries(upstreams),
      ...(this.#lastReload === undefined ? {} : { lastReload: this.#lastReload }),
    };
  }

  #inProgress() {
    return { generations: this.#generations.size, requests: this.#requests() };
  }

  #requests(): number {
    // As nearly always.
    if (this.#generations.size === 1) return this.current.inFlight;
    let sum = 0;
    for (const { inFlight } of this.#generations) sum += inFlight;
    return sum;
  }

  #follow(): Following {
    const { runtime } = this;
    return follow({
      config: this.config,
      files: this.#options.files,
      log: runtime.log,
      memory: this.#memory,
      upstream: runtime.upstream,
      reload: (why) => this.reload(why),
      retry: () => this.#following.retry(),
    });
  }

  /** A stream may go on for as long as it wants to; what it needs stays, and generations before may need it, too. */
  #retire(old: Generation, adoption: Adoption): void {
    const retired = [...this.#generations].map((generation) => generation.retire(Number.POSITIVE_INFINITY));
    this.#generations.add(this.current);
    const failed = (e: unknown) => this.runtime.log.error({ err: e, generation: old.id }, 'closing a retired generation failed');
    old
      .retire(Number.POSITIVE_INFINITY)
      .catch(failed)
      .finally(() => this.#generations.delete(old));
    Promise.allSettled(retired)
      .then(() => adoption.commit(0))
      .catch(failed);
  }

  drain(): void {
    this.runtime.drain();
  }

  async close(graceMs: number): Promise<void> {
    this.drain();
    // What a reload in progress comes to is discarded: it may wait for servers for longer than there is time.
    this.#closing = true;
    this.#following.end();
    await Promise.all([...this.#generations].map((generation) => generation.retire(graceMs)));
    this.#closed = true;
    await this.runtime.close(0);
  }
}
