import type { ConnectionOptions } from 'node:tls';
import {
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_LIMITS,
  type Endpoint,
  type KeepAlive,
  type LaneLimits,
  type LaneOptions,
  type Transport,
} from '../call.js';
import { serverOf, tlsOptions } from '../tls.js';
import { WaitingLine } from '../waiting-line.js';
import { Arriving } from './arriving.js';
import type { H2Call, Waiting } from './call.js';
import type { Connection } from './connection.js';
import { type Attempt, type Dialer, dial } from './dial.js';
import { MAX_31 } from './protocol.js';

/** Between attempts, ms, with up to 20 % of jitter. A server that is back is used again within a second. */
const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 800;

/** Bytes of large messages that may be on their way from one endpoint. */
const MOST_ARRIVING = 256 * 1024 * 1024;

/** The connections to one endpoint, opened as the server's limit of streams demands, and the calls that wait for one. */
export class Pool implements Dialer, Waiting {
  readonly arriving = new Arriving(MOST_ARRIVING);
  private readonly tls: ConnectionOptions | undefined;
  private readonly idleMs: number;
  private keepAlive: KeepAlive | undefined;
  private connections: Connection[] = [];
  /** Connections that take no new calls and still have some. */
  private readonly leaving = new Set<Connection>();
  private limits: LaneLimits;
  private readonly waiting: WaitingLine<H2Call>;
  private attempt: Attempt | undefined;
  private backoff = BACKOFF_MIN_MS;
  private redial: NodeJS.Timeout | undefined;
  private sweeper: NodeJS.Timeout | undefined;
  /** Why there is no connection: set from the first failure until a success, or until nobody asks any more. */
  private failure: string | undefined;
  private wanted = false;
  private closed = false;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: LaneOptions,
  ) {
    this.idleMs = options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS;
    this.keepAlive = options.keepAlive;
    this.limits = options.limits ?? DEFAULT_LIMITS;
    this.waiting = new WaitingLine(this.limits, endpoint.address);
    this.tls = options.tls === undefined ? undefined : tlsOptions(options.tls, serverOf(endpoint));
  }

  get state(): Transport['state'] {
    if (this.closed || this.failure !== undefined) return 'failed';
    if (this.connections.length > 0) return 'ready';
    return this.attempt === undefined ? 'idle' : 'connecting';
  }

  /** Sends a call as soon as there is a connection for it; refuses it while connecting fails. */
  place(call: H2Call): void {
    this.wanted = true;
    const connection = this.free();
    if (connection !== undefined) {
      connection.open(call);
    } else if (this.failure !== undefined || this.closed) {
      call.refuse(14, `no connection to ${this.endpoint.address}: ${this.failure ?? 'closed'}`);
    } else if (this.waiting.add(call)) {
      this.grow();
    }
  }

  again(call: H2Call): void {
    this.place(call);
  }

  limit(limits: LaneLimits): void {
    this.limits = limits;
    this.waiting.limit(limits);
    for (const surplus of this.connections.slice(limits.connections)) surplus.drain();
    this.grow();
  }

  forget(call: H2Call): void {
    this.waiting.delete(call);
  }

  ready(c: Connection): void {
    this.attempt = undefined;
    this.failure = undefined;
    this.backoff = BACKOFF_MIN_MS;
    this.connections.push(c);
    if (this.connections.length === 1) this.options.onConnect?.();
    this.sweeper ??= setInterval(() => this.sweep(), this.idleMs / 10).unref();
    this.feed();
  }

  room(): void {
    if (this.waiting.size > 0) this.feed();
  }

  draining(c: Connection): void {
    this.drop(c);
    this.leaving.add(c);
    if (c.active > 0) this.grow();
  }

  /** Connections to come ask half as often, as gRPC proposal A8 wants it. */
  tooManyPings(): void {
    if (this.keepAlive !== undefined) this.keepAlive = { ...this.keepAlive, intervalMs: Math.min(this.keepAlive.intervalMs * 2, MAX_31) };
  }

  gone(c: Connection, why: string): void {
    this.drop(c);
    this.leaving.delete(c);
    // A connection that came to nothing is as good as none: the next attempt can wait.
    if (c.used || this.waiting.size === 0 || this.attempt !== undefined || this.redial !== undefined) this.grow();
    else this.failed(why);
  }

  failed(why: string): void {
    this.attempt = undefined;
    this.redial = setTimeout(() => this.retry(), this.backoff * (0.8 + 0.4 * Math.random())).unref();
    this.backoff = Math.min(this.backoff * 1.6, BACKOFF_MAX_MS);
    if (this.connections.length > 0) return;
    this.failure = why;
    this.options.onFailure?.();
    const calls = [...this.waiting];
    this.waiting.clear();
    for (const call of calls) call.refuse(14, `no connection to ${this.endpoint.address}: ${why}`);
  }

  /** Ends all connections. There are no calls any more. */
  close(): void {
    this.closed = true;
    this.attempt?.abort();
    clearTimeout(this.redial);
    clearInterval(this.sweeper);
    for (const c of this.connections) c.drain();
  }

  private drop(c: Connection): void {
    this.connections = this.connections.filter((other) => other !== c);
  }

  private free(): Connection | undefined {
    for (const c of this.connections) if (c.free) return c;
    return undefined;
  }

  private feed(): void {
    for (const call of this.waiting) {
      const connection = this.free();
      if (connection === undefined) break;
      this.waiting.delete(call);
      connection.open(call);
    }
    this.grow();
  }

  private grow(): void {
    if (this.waiting.size === 0 || this.attempt !== undefined || this.redial !== undefined || this.closed) return;
    const { connections } = this.limits;
    if (this.connections.length >= connections || this.connections.some((c) => c.refusing)) return;
    // As many again while others leave: a server that sends every connection away does not get one a call.
    if (this.connections.length + this.leaving.size >= 2 * connections) return;
    this.dial();
  }

  private dial(): void {
    this.wanted = false;
    this.attempt = dial(this.endpoint.address, this.tls, this.options.connectTimeoutMs, this.keepAlive, this);
  }

  /** While calls keep coming, or wait, attempts go on. */
  private retry(): void {
    this.redial = undefined;
    if (this.wanted || this.waiting.size > 0) this.dial();
    else this.failure = undefined;
  }

  private sweep(): void {
    const before = performance.now() - this.idleMs;
    for (const c of [...this.connections]) if (c.active === 0 && c.idleSince < before) c.drain();
    if (this.connections.length > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }
}
