import {
  type Call,
  type CallEvents,
  type CalledMethod,
  type CallOptions,
  DEFAULT_LIMITS,
  type Endpoint,
  type Invoker,
  type LaneLimits,
  type LaneOptions,
  type Transport,
} from '../call.js';
import { InProgress } from '../in-progress.js';
import type { CallOwner, LaneCall } from '../lane-call.js';
import { WaitingLine } from '../waiting-line.js';
import { GrpcJsCall } from './call.js';
import { Connection } from './connection.js';

/** One endpoint by grpc-js: a channel, and the calls in progress on it. */
export class GrpcJsTransport implements Transport, CallOwner {
  private readonly connection: Connection;
  private readonly calls: InProgress;
  /** Calls that were begun while there was no connection; grpc-js keeps them. */
  private readonly waiting: WaitingLine<LaneCall>;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: LaneOptions,
  ) {
    this.waiting = new WaitingLine(options.limits ?? DEFAULT_LIMITS, endpoint.address);
    const onConnect = (): void => {
      this.waiting.clear();
      options.onConnect?.();
    };
    this.connection = new Connection(endpoint, { ...options, onConnect });
    this.calls = new InProgress(endpoint.id);
  }

  get load(): number {
    return this.calls.size;
  }

  get requestBytes(): number {
    return this.calls.requestBytes;
  }

  get state(): Transport['state'] {
    return this.calls.closed ? 'failed' : this.connection.state;
  }

  invoker(m: CalledMethod): Invoker {
    const single = !m.serverStream;
    return {
      unary: (request, o, e): Call => {
        const call = this.begin(m.path, single, o, e, request.length);
        call.sendOnly(request);
        return call;
      },
      start: (o, e): Call => this.begin(m.path, single, o, e, 0),
    };
  }

  limit(limits: LaneLimits): void {
    this.waiting.limit(limits);
  }

  watch(call: LaneCall): void {
    this.calls.watch(call);
  }

  ended(call: LaneCall): void {
    this.waiting.delete(call);
    this.calls.ended(call);
  }

  close(graceMs: number): Promise<void> {
    return this.calls.close(graceMs, () => this.connection.close());
  }

  private begin(path: string, single: boolean, o: CallOptions, e: CallEvents, requestBytes: number): GrpcJsCall {
    const call = new GrpcJsCall(this, e, o.deadline, single, requestBytes);
    if (!this.calls.add(call)) return call;
    const channel = this.connection.use();
    if (channel === undefined) {
      call.refuse(14, `no connection to ${this.endpoint.address} within ${this.options.connectTimeoutMs} ms`);
    } else if (this.connection.state === 'ready' || this.waiting.add(call)) {
      call.begin(channel, path, o);
    }
    return call;
  }
}
