import type { Call, CallEvents, CalledMethod, CallOptions, Endpoint, Invoker, LaneLimits, LaneOptions, Transport } from '../call.js';
import { InProgress } from '../in-progress.js';
import { metadataFault } from '../metadata-fault.js';
import { authorityOf } from '../tls.js';
import { H2Call } from './call.js';
import { Pool } from './pool.js';
import { RequestHead } from './request-head.js';

/** One endpoint by this lane's own HTTP/2: its connections, and the calls in progress on them. */
export class H2Transport implements Transport {
  private readonly pool: Pool;
  private readonly calls: InProgress;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly options: LaneOptions,
  ) {
    this.pool = new Pool(endpoint, options);
    this.calls = new InProgress(endpoint.id);
  }

  get load(): number {
    return this.calls.size;
  }

  get requestBytes(): number {
    return this.calls.requestBytes;
  }

  get state(): Transport['state'] {
    return this.calls.closed ? 'failed' : this.pool.state;
  }

  invoker(m: CalledMethod): Invoker {
    const head = new RequestHead(m.path, authorityOf(this.endpoint), this.options.tls !== undefined);
    const single = !m.serverStream;
    return {
      unary: (request, o, e): Call => this.begin(head, single, o, e, request),
      start: (o, e): Call => this.begin(head, single, o, e, undefined),
    };
  }

  limit(limits: LaneLimits): void {
    this.pool.limit(limits);
  }

  close(graceMs: number): Promise<void> {
    return this.calls.close(graceMs, () => this.pool.close());
  }

  private begin(head: RequestHead, single: boolean, o: CallOptions, e: CallEvents, request: Uint8Array | undefined): Call {
    const call = new H2Call(this.calls, e, single, head, o, this.options.maxMessage, this.pool, request);
    if (!this.calls.add(call)) return call;
    const fault = metadataFault(o.metadata);
    if (fault !== undefined) {
      call.refuse(13, fault);
    } else if (o.deadline <= performance.now()) {
      call.refuse(4, 'the deadline had passed before the call started');
    } else {
      call.begin();
      this.pool.place(call);
    }
    return call;
  }
}
