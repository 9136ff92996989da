import { test } from 'tap';
import type { Status, Transport } from '../../../../gateway/upstream/call.js';
import { grpcJsLane } from '../../../../gateway/upstream/grpc-js/lane.js';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { open, within } from '../contract/suite.js';
import { Client } from './cases.js';
import { startRelay } from './relay.js';
import { implementations } from './servers.js';
import { encode } from './test-service.js';

const asking = (size: number) => encode('FullDuplexCall', { responseParameters: [{ size }] });

/** Calls going on all the time, as many at once as there are workers. */
class Traffic {
  readonly failures: Status[] = [];
  private answers = 0;
  private going = true;
  private wake: () => void = () => {};
  private readonly workers: readonly Promise<void>[];

  constructor(transport: Transport) {
    const client = new Client(transport);
    this.workers = Array.from({ length: 32 }, () => this.work(client));
  }

  /** Resolves after so many further answers. */
  async further(n: number): Promise<void> {
    for (const goal = this.answers + n; this.answers < goal; ) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    this.going = false;
    await Promise.all(this.workers);
  }

  private async work(client: Client): Promise<void> {
    while (this.going) {
      const status = await client.unary('UnaryCall', { responseSize: 100 }, within(60_000)).ended;
      if (status.code !== 0) this.failures.push(status);
      this.answers += 1;
      this.wake();
    }
  }
}

for (const { name, start } of implementations) {
  for (const lane of [h2Lane, grpcJsLane]) {
    test(`no call is lost while servers of ${name} stop gracefully, by ${lane.name}`, { timeout: 300_000 }, async (t) => {
      let server = await start(t, false);
      if (server === undefined) return;
      const relay = await startRelay(t, server.address);
      const transport = open(t, lane, relay.address, { connectTimeoutMs: 30_000 });
      const traffic = new Traffic(transport);
      for (let round = 0; round < 2; round++) {
        const next = await start(t, false);
        if (next === undefined) return;
        await traffic.further(100);
        const stream = new Client(transport).start('FullDuplexCall', within(60_000));
        stream.call.send(asking(1));
        await stream.received(1);
        relay.to = next.address;
        const stopped = server.stop();
        await traffic.further(100);
        // What is in progress goes on: the server waits for it.
        stream.call.send(asking(2));
        await stream.received(2);
        stream.call.halfClose();
        t.equal((await stream.ended).code, 0);
        await stopped;
        server = next;
      }
      await traffic.further(100);
      await traffic.stop();
      // grpcio's server answers calls that come in while it stops with CANCELLED.
      const own = traffic.failures.filter((status) => name !== 'Python grpcio' || status.code !== 1 || status.origin !== 'upstream');
      t.same(own, []);
    });
  }
}
