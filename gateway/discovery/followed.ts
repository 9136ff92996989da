import type { Call, CallEvents, CalledMethod, Endpoint, Invoker, LaneOptions } from '../upstream/call.js';
import { DEFAULT_CONNECT_TIMEOUT_MS, DEFAULT_MAX_MESSAGE, DEFAULT_UPSTREAM_LIMITS, type UpstreamOptions } from '../upstream/create.js';
import { h2Lane } from '../upstream/h2/lane.js';
import { limitReplies } from '../upstream/limit.js';
import { limitCalls, RefusedCall } from '../upstream/limit-calls.js';
import { Listeners } from '../upstream/listeners.js';
import { localStatus } from '../upstream/local-status.js';
import type { CallPolicy, Upstream, UpstreamLimits } from '../upstream/upstream.js';
import { choose } from './choose.js';
import { Server } from './server.js';
import type { EndpointListener, EndpointSource } from './source.js';
import { SpreadCall } from './spread-call.js';

/** How long the start waits for the first list, ms. */
const FIRST_LIST_MS = 2000;

/** Opens an upstream whose servers a source tells. Resolves with the first list, with trouble instead, or when that takes too long. */
export async function follow(source: EndpointSource, o: UpstreamOptions, log: EndpointListener): Promise<Upstream> {
  const upstream = new FollowedUpstream(source, o, log);
  await upstream.heard;
  return upstream;
}

/** Calls go to the servers of the last list: it holds while the registry is away. */
class FollowedUpstream implements Upstream, EndpointListener {
  readonly heard: Promise<void>;
  private hear: () => void = () => {};
  private servers: readonly Server[] = [];
  /** Left the list, their calls are in progress. */
  private readonly leaving = new Set<Server>();
  private problem: string | undefined;
  private closed = false;
  private failing = false;
  private readonly connected = new Listeners();
  private readonly failed = new Listeners();
  private readonly bounds: UpstreamLimits;
  private readonly maxMessage: number;
  private readonly traffic = { load: 0, requestBytes: 0 };

  constructor(
    private readonly source: EndpointSource,
    private readonly o: UpstreamOptions,
    private readonly log: EndpointListener,
  ) {
    this.bounds = { ...DEFAULT_UPSTREAM_LIMITS, ...o.limits };
    this.maxMessage = o.maxMessage ?? DEFAULT_MAX_MESSAGE;
    this.heard = new Promise((resolve) => {
      const timer = setTimeout(resolve, FIRST_LIST_MS);
      this.hear = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    source.start(this);
  }

  endpoints(list: readonly Endpoint[]): void {
    if (this.closed) return;
    this.log.endpoints(list);
    const known = new Map(this.servers.map((s) => [key(s.endpoint), s]));
    const now = list.map((endpoint) => {
      const server = known.get(key(endpoint)) ?? this.open(endpoint);
      known.delete(key(endpoint));
      return server;
    });
    this.servers = now;
    for (const server of known.values()) {
      this.leaving.add(server);
      void server.leave().then(() => this.leaving.delete(server));
    }
    this.judge();
    this.hear();
  }

  trouble(problem: string | undefined): void {
    if (this.closed) return;
    this.log.trouble(problem);
    this.problem = problem;
    this.judge();
    if (problem !== undefined) this.hear();
  }

  ignored(name: string): void {
    this.log.ignored(name);
  }

  invoker(m: CalledMethod, p: CallPolicy): Invoker {
    const { traffic, bounds } = this;
    const invokers = new WeakMap<Server, Invoker>();
    const spread = {
      choose: (tried: readonly Server[]) => choose(this.servers, tried),
      invoker(server: Server) {
        const known = invokers.get(server) ?? server.invoker(m, bounds);
        invokers.set(server, known);
        return known;
      },
      began(bytes: number) {
        traffic.load += 1;
        traffic.requestBytes += bytes;
      },
      ended(bytes: number) {
        traffic.load -= 1;
        traffic.requestBytes -= bytes;
      },
    };
    const begin = (request: Uint8Array | undefined, o: Parameters<Invoker['start']>[0], e: CallEvents): Call => {
      const server = spread.choose([]);
      if (server === undefined) return new RefusedCall(localStatus(14, this.problem ?? 'the list of servers is empty', false), e);
      return new SpreadCall(spread, server, o, e, request);
    };
    const invoker = limitCalls(
      { unary: (request, o, e) => begin(request, o, e), start: (o, e) => begin(undefined, o, e) },
      traffic,
      bounds,
    );
    return p.maxReply < this.maxMessage ? limitReplies(invoker, p.maxReply) : invoker;
  }

  limit(limits: UpstreamLimits): void {
    Object.assign(this.bounds, limits);
    for (const { transport } of this.servers) transport.limit({ ...this.bounds });
  }

  ready(): boolean {
    return !this.closed && this.servers.some((s) => !s.down);
  }

  onConnect(listener: () => void): () => void {
    return this.connected.add(listener);
  }

  onFailure(listener: () => void): () => void {
    if (this.failing) listener();
    return this.failed.add(listener);
  }

  async diagnose(): Promise<string | undefined> {
    const [first] = this.servers;
    if (first === undefined) return this.problem ?? 'the list of servers is empty';
    return first.diagnose();
  }

  async close(graceMs: number): Promise<void> {
    this.closed = true;
    this.source.close();
    this.hear();
    await Promise.all([...this.servers, ...this.leaving].map((s) => s.close(graceMs)));
  }

  private open(endpoint: Endpoint): Server {
    const { o } = this;
    const options: LaneOptions = {
      tls: o.target.tls ? (o.tls ?? {}) : undefined,
      maxMessage: this.maxMessage,
      limits: { ...this.bounds },
      connectTimeoutMs: o.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      keepAlive: o.keepAlive,
      ...(o.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: o.idleTimeoutMs }),
    };
    const events = {
      connected: () => {
        this.failing = false;
        this.connected.call();
      },
      failed: () => this.judge(),
    };
    return new Server(endpoint, o.lane ?? h2Lane, options, events);
  }

  /** It fails when no server is left that a call can go to. */
  private judge(): void {
    if (this.failing || this.closed || this.servers.some((s) => !s.down)) return;
    if (this.servers.length === 0 && this.problem === undefined) return;
    this.failing = true;
    this.failed.call();
  }
}

/** What differs is another server. */
function key({ address, name }: Endpoint): string {
  return `${address} ${name ?? ''}`;
}
