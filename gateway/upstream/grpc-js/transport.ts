import type { MethodType } from '../../../proto/schema.js';
import type { Call, CallEvents, CallOptions, Endpoint, Invoker, LaneOptions, Transport } from '../call.js';
import { type CallOwner, GrpcJsCall } from './call.js';
import { Connection } from './connection.js';
import { localStatus } from './status.js';

/** One endpoint by grpc-js: a channel, and the calls in progress on it. */
export class GrpcJsTransport implements Transport, CallOwner {
  private readonly connection: Connection;
  private readonly calls = new Set<GrpcJsCall>();
  private closing: Promise<void> | undefined;
  private drained: (() => void) | undefined;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: LaneOptions,
  ) {
    this.connection = new Connection(endpoint, options);
  }

  get load(): number {
    return this.calls.size;
  }

  get state(): Transport['state'] {
    return this.closing === undefined ? this.connection.state : 'failed';
  }

  invoker(m: MethodType): Invoker {
    const single = !m.serverStream;
    return {
      unary: (request, o, e) => {
        const call = this.begin(m.path, single, o, e);
        call.sendOnly(request);
        return call;
      },
      start: (o, e): Call => this.begin(m.path, single, o, e),
    };
  }

  ended(call: GrpcJsCall): void {
    this.calls.delete(call);
    if (this.calls.size === 0) this.drained?.();
  }

  close(graceMs: number): Promise<void> {
    this.closing ??= this.drain(graceMs).then(() => this.connection.close());
    return this.closing;
  }

  private begin(path: string, single: boolean, o: CallOptions, e: CallEvents): GrpcJsCall {
    const call = new GrpcJsCall(this, e, o.deadline, single);
    this.calls.add(call);
    if (this.closing !== undefined) {
      call.refuse(14, `upstream ${this.endpoint.id} is closed`);
      return call;
    }
    const channel = this.connection.use();
    if (channel === undefined) {
      call.refuse(14, `no connection to ${this.endpoint.address} within ${this.options.connectTimeoutMs} ms`);
    } else {
      call.begin(channel, path, o);
    }
    return call;
  }

  private async drain(graceMs: number): Promise<void> {
    if (this.calls.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        for (const call of this.calls) call.abort(localStatus(14, `upstream ${this.endpoint.id} is closed`, true));
      }, graceMs);
      this.drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
