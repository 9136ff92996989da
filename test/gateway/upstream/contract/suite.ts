import type { Test } from 'tap';
import {
  type Call,
  type CallOptions,
  DEFAULT_LIMITS,
  type Lane,
  type LaneLimits,
  type LaneOptions,
  type Metadata,
  type Transport,
} from '../../../../gateway/upstream/call.js';
import { testTls } from '../../../support/tls.js';
import { Recorder } from './recorder.js';
import { method, type TestServer } from './server.js';

/** What a lane admits it cannot do; the cases say what it does instead. */
export interface Limits {
  /** Of the messages that were not pulled when an error status arrives, those beyond 64 KiB are lost. */
  readonly dropsUnpulledOnError: boolean;
  /** Repeated ASCII metadata arrives joined with `, `. */
  readonly joinsRepeated: boolean;
  /** Different metadata names keep their order. */
  readonly keepsNameOrder: boolean;
  /** Every percent escape of a status message is decoded, and none that is broken spoils the rest. */
  readonly decodesAllEscapes: boolean;
}

/** A contract case: a sentence, and what shows it. */
export interface Case {
  readonly name: string;
  run(t: Test, lane: Lane, limits: Limits): Promise<void>;
}

export const NONE: CallOptions = { metadata: [], deadline: Number.POSITIVE_INFINITY };

/** `ms` from now, in the clock of deadlines. */
export const within = (ms: number, metadata: Metadata = []): CallOptions => ({ metadata, deadline: performance.now() + ms });

/** A busy machine sends no call away. */
const PATIENT: LaneLimits = { ...DEFAULT_LIMITS, pendingMs: 60_000 };

/** Opens a lane to a test server; closed at the end of the test, without grace. */
export function open(t: Test, lane: Lane, server: TestServer | string, o: Partial<LaneOptions> = {}): Transport {
  const transport = lane.open(
    { id: 'test', address: typeof server === 'string' ? server : server.address, weight: 1 },
    { tls: undefined, maxMessage: 4 * 1024 * 1024, connectTimeoutMs: 2000, limits: PATIENT, ...o },
  );
  t.teardown(() => transport.close(0));
  return transport;
}

export const TLS: Partial<LaneOptions> = { tls: { ca: testTls.ca } };

/** Starts a unary call and pulls its answer. */
export function unary(
  transport: Transport,
  request: string | Uint8Array = '',
  o: CallOptions = NONE,
  name = 'Unary',
): Recorder & { call: Call } {
  const recorder = new Recorder();
  const call = transport.invoker(method(name)).unary(Buffer.from(request), o, recorder);
  call.pull(1);
  return Object.assign(recorder, { call });
}

/** Starts a call of any kind; pulls nothing. */
export function start(transport: Transport, name: string, o: CallOptions = NONE, recorder = new Recorder()): Recorder & { call: Call } {
  const call = transport.invoker(method(name)).start(o, recorder);
  return Object.assign(recorder, { call });
}
