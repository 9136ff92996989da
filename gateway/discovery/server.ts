import type { CalledMethod, Endpoint, Invoker, Lane, LaneOptions, Transport } from '../upstream/call.js';
import { diagnose } from '../upstream/diagnose.js';
import { limitCalls } from '../upstream/limit-calls.js';
import type { UpstreamLimits } from '../upstream/upstream.js';
import { BackOff } from './back-off.js';

/** Longest time for each connection that looks whether a server is there again, ms. */
const PROBE_MS = 1500;

/** A server that left goes on with its calls as long as they take: the longest time of a timer, ms. */
const UNTIL_ITS_CALLS_END = 2 ** 31 - 1;

/** What a server tells of itself. */
export interface ServerEvents {
  connected(): void;
  failed(): void;
}

/** One endpoint of the list, with its connections. One that cannot be reached gets no call until a connection made aside succeeds. */
export class Server {
  /** It could not be reached, and nobody has found it there since. */
  down = false;
  readonly transport: Transport;
  readonly #pauses = new BackOff(500, 4000);
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    readonly endpoint: Endpoint,
    lane: Lane,
    private readonly options: LaneOptions,
    private readonly events: ServerEvents,
  ) {
    this.transport = lane.open(endpoint, { ...options, onConnect: () => this.#connected(), onFailure: () => this.#failed() });
  }

  invoker(m: CalledMethod, limits: Pick<UpstreamLimits, 'inFlight'>): Invoker {
    return limitCalls(this.transport.invoker(m), this.transport, limits);
  }

  /** Why no call can reach it: words for an operator; undefined if nothing is found. */
  diagnose(): Promise<string | undefined> {
    const { endpoint, options } = this;
    const { name } = endpoint;
    const tls = { ...(name === undefined ? {} : { serverName: name }), ...options.tls };
    return diagnose({ address: endpoint.address, tls: options.tls !== undefined }, tls, Math.min(options.connectTimeoutMs, PROBE_MS));
  }

  /** Takes no more calls; waits for those in progress. */
  leave(): Promise<void> {
    return this.close(UNTIL_ITS_CALLS_END);
  }

  close(graceMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    return this.transport.close(graceMs);
  }

  #connected(): void {
    if (this.#closed) return;
    this.down = false;
    clearTimeout(this.#timer);
    this.#pauses.reset();
    this.events.connected();
  }

  #failed(): void {
    if (this.#closed || this.down) return;
    this.down = true;
    this.events.failed();
    this.#look();
  }

  #look(): void {
    this.#timer = setTimeout(async () => {
      const why = await this.diagnose();
      if (this.#closed || !this.down) return;
      if (why === undefined) this.down = false;
      else this.#look();
    }, this.#pauses.pause()).unref();
  }
}
