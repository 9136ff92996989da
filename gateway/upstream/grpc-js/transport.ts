import type { Call, CallEvents, CalledMethod, CallOptions, Endpoint, Invoker, LaneOptions, Transport } from '../call.js';
import { InProgress } from '../in-progress.js';
import { GrpcJsCall } from './call.js';
import { Connection } from './connection.js';

/** One endpoint by grpc-js: a channel, and the calls in progress on it. */
export class GrpcJsTransport implements Transport {
  private readonly connection: Connection;
  private readonly calls: InProgress;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: LaneOptions,
  ) {
    this.connection = new Connection(endpoint, options);
    this.calls = new InProgress(endpoint.id);
  }

  get load(): number {
    return this.calls.size;
  }

  get state(): Transport['state'] {
    return this.calls.closed ? 'failed' : this.connection.state;
  }

  invoker(m: CalledMethod): Invoker {
    const single = !m.serverStream;
    return {
      unary: (request, o, e): Call => {
        const call = this.begin(m.path, single, o, e);
        call.sendOnly(request);
        return call;
      },
      start: (o, e): Call => this.begin(m.path, single, o, e),
    };
  }

  close(graceMs: number): Promise<void> {
    return this.calls.close(graceMs, () => this.connection.close());
  }

  private begin(path: string, single: boolean, o: CallOptions, e: CallEvents): GrpcJsCall {
    const call = new GrpcJsCall(this.calls, e, o.deadline, single);
    if (!this.calls.add(call)) return call;
    const channel = this.connection.use();
    if (channel === undefined) {
      call.refuse(14, `no connection to ${this.endpoint.address} within ${this.options.connectTimeoutMs} ms`);
    } else {
      call.begin(channel, path, o);
    }
    return call;
  }
}
