import { type CalledMethod, DEFAULT_LIMITS, type Invoker, type KeepAlive, type Lane, type LaneTls } from './call.js';
import { diagnose } from './diagnose.js';
import { h2Lane } from './h2/lane.js';
import { limitReplies } from './limit.js';
import { limitCalls } from './limit-calls.js';
import { Listeners } from './listeners.js';
import type { Target } from './target.js';
import type { CallPolicy, Upstream, UpstreamLimits } from './upstream.js';

/** What an upstream is made of. */
export interface UpstreamOptions {
  /** By which configuration and logs call it. */
  readonly name: string;
  readonly target: Target;
  /** For a TLS target: what differs from verifying the host with the roots that Node brings. Ignored for plaintext. */
  readonly tls?: LaneTls;
  /** Largest message that is read at all, bytes: no method's `maxReply` reaches beyond it. Default 16 MiB. */
  readonly maxMessage?: number;
  /** Longest time to establish a connection, ms. Default 5000. */
  readonly connectTimeoutMs?: number;
  /** Default: none. */
  readonly keepAlive?: KeepAlive | undefined;
  /** A connection without calls for that long is closed, ms. Default 10 minutes. */
  readonly idleTimeoutMs?: number;
  /** Default {@link DEFAULT_UPSTREAM_LIMITS}. */
  readonly limits?: UpstreamLimits;
  /** Default `h2Lane`. */
  readonly lane?: Lane;
}

/** Default of `limits`. */
export const DEFAULT_UPSTREAM_LIMITS: UpstreamLimits = { ...DEFAULT_LIMITS, inFlight: 10_000 };

/** Default of `maxMessage`, bytes. */
export const DEFAULT_MAX_MESSAGE = 16 * 1024 * 1024;

/** Default of `connectTimeoutMs`. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 5000;

/** Longest time for each connection of a diagnosis, ms: calls have waited long enough before it. */
const DIAGNOSIS_MS = 1500;

/** An upstream with one fixed endpoint. Opens no connection before the first call. */
export function createUpstream(o: UpstreamOptions): Upstream {
  const maxMessage = o.maxMessage ?? DEFAULT_MAX_MESSAGE;
  const connectTimeoutMs = o.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
  const connected = new Listeners();
  const failed = new Listeners();
  let failing = false;
  const bounds = { ...DEFAULT_UPSTREAM_LIMITS, ...o.limits };
  const transport = (o.lane ?? h2Lane).open(
    { id: o.name, address: o.target.address, weight: 1 },
    {
      tls: o.target.tls ? (o.tls ?? {}) : undefined,
      maxMessage,
      limits: { ...bounds },
      connectTimeoutMs,
      keepAlive: o.keepAlive,
      ...(o.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: o.idleTimeoutMs }),
      onConnect() {
        failing = false;
        connected.call();
      },
      onFailure() {
        if (failing) return;
        failing = true;
        failed.call();
      },
    },
  );
  let closed = false;
  return {
    invoker(m: CalledMethod, p: CallPolicy): Invoker {
      const invoker = limitCalls(transport.invoker(m), transport, bounds);
      return p.maxReply < maxMessage ? limitReplies(invoker, p.maxReply) : invoker;
    },
    limit(limits) {
      Object.assign(bounds, limits);
      transport.limit({ ...bounds });
    },
    ready: () => !closed && transport.state !== 'failed',
    onConnect: (listener) => connected.add(listener),
    onFailure(listener) {
      if (failing) listener();
      return failed.add(listener);
    },
    diagnose: () => diagnose(o.target, o.tls ?? {}, Math.min(connectTimeoutMs, DIAGNOSIS_MS)),
    close(graceMs: number): Promise<void> {
      closed = true;
      return transport.close(graceMs);
    },
  };
}
