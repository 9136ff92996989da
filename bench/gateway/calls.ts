// Unary calls by one lane without a gateway around them: `node calls.js LANE PORT BACKEND_PORT`, then `POST /?rpc=&concurrency=&seconds=`.
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallEvents, Invoker } from '../../gateway/upstream/call.js';
import { grpcJsLane } from '../../gateway/upstream/grpc-js/lane.js';
import { h2Lane } from '../../gateway/upstream/h2/lane.js';
import type { Rpc } from './cases.js';
import type { Load } from './load.js';
import { methodOf, writeMessages } from './schema.js';

const [laneName, port, backendPort] = process.argv.slice(2);
const schema = writeMessages(mkdtempSync(join(tmpdir(), 'protogate-bench-')));
const transport = (laneName === 'h2' ? h2Lane : grpcJsLane).open(
  { id: 'backend', address: `127.0.0.1:${backendPort}`, weight: 1 },
  { tls: undefined, maxMessage: 2 ** 24, connectTimeoutMs: 5000 },
);

/** As long as the messages that a gateway composes for the cases. */
const request = Buffer.concat([Buffer.from([0x0a, 7]), Buffer.from('lantern'), Buffer.from([0x12, 4]), Buffer.from('1001')]);

/** Keeps `concurrency` calls in progress until the time is over. */
function load(invoker: Invoker, concurrency: number, seconds: number): Promise<Load> {
  const latencies: number[] = [];
  const start = performance.now();
  let [requests, failures, active] = [0, 0, concurrency];
  return new Promise((resolve) => {
    const begin = () => {
      const began = performance.now();
      const events: CallEvents = {
        headers() {},
        message() {},
        drain() {},
        end({ code }) {
          const now = performance.now();
          requests += 1;
          if (code !== 0) failures += 1;
          latencies.push(now - began);
          if (now - start < seconds * 1000) begin();
          else if (--active === 0) resolve({ requests, failures, requestsPerSecond: requests / seconds, ...percentiles(latencies) });
        },
      };
      invoker.unary(request, { metadata: [], deadline: began + 60_000 }, events).pull(1);
    };
    for (let i = 0; i < concurrency; i++) begin();
  });
}

function percentiles(latencies: number[]): { p50Ms: number; p99Ms: number } {
  const sorted = Float64Array.from(latencies).sort();
  return { p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0, p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

const server = createServer((message, response) => {
  if (message.method !== 'POST') {
    response.end();
    return;
  }
  const { searchParams: of } = new URL(message.url ?? '/', 'http://localhost');
  const invoker = transport.invoker(methodOf(schema, of.get('rpc') as Rpc));
  void load(invoker, Number(of.get('concurrency')), Number(of.get('seconds'))).then((result) => response.end(JSON.stringify(result)));
});
server.listen(Number(port), '127.0.0.1');
