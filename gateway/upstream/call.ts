import type { MethodType } from '../../proto/schema.js';
import type { WaitLimits } from './wait-limits.js';

/** gRPC metadata. Names in lower case; values of `-bin` names are raw bytes, others ASCII text. Order and repeats are kept. */
export type Metadata = readonly (readonly [name: string, value: string | Uint8Array])[];

/** How a call ended. */
export interface Status {
  /** google.rpc.Code, 0 = OK. */
  readonly code: number;
  /** From an upstream: its own text. Local: for logs only, it may hold addresses. */
  readonly message: string;
  /** Serialized google.rpc.Status (`grpc-status-details-bin`). */
  readonly details?: Uint8Array;
  readonly trailers: Metadata;
  /** `upstream`: the server said so. `local`: this process or the connection did. */
  readonly origin: 'upstream' | 'local';
  /** False: the server cannot have processed the call, so it is safe to send again. */
  readonly processed: boolean;
}

/**
 * What a call tells its caller, always asynchronously with regard to the call that started it.
 * A callback that throws ends the call with INTERNAL, the error's stack in the message; what `end` throws becomes a process warning.
 */
export interface CallEvents {
  /** Initial metadata; at most once, before any message; not at all for a trailers-only answer. */
  headers(m: Metadata): void;
  /** One pulled message. The bytes may be reused as soon as this returns. */
  message(b: Uint8Array): void;
  /** A `send` that answered false can go on. */
  drain(): void;
  /** Exactly once, last. */
  end(s: Status): void;
}

/** Why this side gives up on a call. */
export type CancelReason = 'client' | 'deadline' | 'limit';

/** One call in progress. All methods may be called after the end, without effect. */
export interface Call {
  /** One request message, copied or written before this returns; false: wait for `drain`. */
  send(b: Uint8Array): boolean;
  halfClose(): void;
  /** Allows `n` more messages to arrive. Nothing arrives that was not pulled, and the server is held back by flow control. */
  pull(n: number): void;
  /** Ends the call at once on both sides; `end` follows with CANCELLED, DEADLINE_EXCEEDED or RESOURCE_EXHAUSTED. */
  cancel(why: CancelReason): void;
}

/** What a call needs to know of its method. */
export type CalledMethod = Pick<MethodType, 'path' | 'serverStream'>;

/** Per call. */
export interface CallOptions {
  readonly metadata: Metadata;
  /** `performance.now()` in ms at which the call ends with DEADLINE_EXCEEDED; Infinity = none. Sent as `grpc-timeout`. */
  readonly deadline: number;
  /** For consistent-hash balancing. */
  readonly hashKey?: string;
}

/**
 * Starts calls of one method; the header block is prepared once. Nothing here throws: whatever is wrong comes as `end`.
 * A method that does not stream its answer ends with OK after exactly one message; a server that breaks this ends the call with INTERNAL, `origin: 'local'`.
 */
export interface Invoker {
  /** Sends the one request, which must not change until the end, and half-closes. The answer still has to be pulled. */
  unary(request: Uint8Array, o: CallOptions, e: CallEvents): Call;
  /** Any of the four kinds, messages by `send`. */
  start(o: CallOptions, e: CallEvents): Call;
}

/** One server. */
export interface Endpoint {
  readonly id: string;
  /** `host:port`, IPv6 hosts in brackets. */
  readonly address: string;
  readonly weight: number;
  readonly zone?: string;
  /** Host name to verify and to send as `:authority` instead of the address's host. */
  readonly name?: string;
}

/** TLS towards an upstream; PEM bytes. */
export interface LaneTls {
  readonly ca?: Uint8Array;
  readonly cert?: Uint8Array;
  readonly key?: Uint8Array;
  /** Name to verify instead of the endpoint's host. */
  readonly serverName?: string;
}

/** PINGs that find out whether a silent server is still there. */
export interface KeepAlive {
  /** Time without a sign of the server, while calls are open, after which it is asked, ms. */
  readonly intervalMs: number;
  /** How long the answer may take before the connection is given up, ms. */
  readonly timeoutMs: number;
}

/** Bounds of what goes to one endpoint. */
export interface LaneLimits extends WaitLimits {
  /** Connections at a time, for lanes that open several. */
  readonly connections: number;
}

/** Default of `limits`. */
export const DEFAULT_LIMITS: LaneLimits = { connections: 16, pending: 1000, pendingMs: 1000 };

/** Default of `idleTimeoutMs`: 10 minutes. */
export const DEFAULT_IDLE_TIMEOUT_MS = 600_000;

/** Of one upstream, for all its endpoints. */
export interface LaneOptions {
  /** undefined = plaintext. */
  readonly tls: LaneTls | undefined;
  /** Largest message accepted from the server, bytes; a larger one ends the call with RESOURCE_EXHAUSTED, `origin: 'local'`. */
  readonly maxMessage: number;
  /** Default {@link DEFAULT_LIMITS}. */
  readonly limits?: LaneLimits;
  /** Longest time to establish a connection, ms; afterwards waiting calls end with UNAVAILABLE, `processed: false`. */
  readonly connectTimeoutMs: number;
  /** Default: none. Servers refuse clients that ask too often: grpc-go's limit is every 5 minutes unless told otherwise. */
  readonly keepAlive?: KeepAlive | undefined;
  /** A connection without calls for that long is closed, ms. Default {@link DEFAULT_IDLE_TIMEOUT_MS}. */
  readonly idleTimeoutMs?: number;
  /** Called whenever a connection stands where there was none before: the first, and one after a loss. */
  readonly onConnect?: () => void;
  /** Called when an attempt to connect fails where there is no connection. */
  readonly onFailure?: () => void;
}

/** A client implementation. A lane talks to ONE endpoint; balancing, discovery and retries stand above every lane. */
export interface Lane {
  readonly name: 'grpc-js' | 'h2';
  open(e: Endpoint, o: LaneOptions): Transport;
}

/** The connection (or connections) to one endpoint. Connects on first use and again after a loss. */
export interface Transport {
  invoker(m: CalledMethod): Invoker;
  /** Calls in progress. */
  readonly load: number;
  /** Bytes that are kept of their requests. */
  readonly requestBytes: number;
  readonly state: 'idle' | 'connecting' | 'ready' | 'failed';
  /** From now on other bounds hold; no call is cut off. */
  limit(limits: LaneLimits): void;
  /** Refuses new calls, waits for those in progress up to `graceMs`, then cancels them. */
  close(graceMs: number): Promise<void>;
}
