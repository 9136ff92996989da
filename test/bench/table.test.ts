import t from 'tap';
import type { Figures, Results } from '../../bench/gateway/results.js';
import { tablesOf } from '../../bench/gateway/table.js';

const of = (target: string, name: string, cpuMicroseconds: number): Figures => ({
  target,
  case: name,
  rounds: [cpuMicroseconds],
  cpuMicroseconds,
  requestsPerSecond: 12_345.6,
  p50Ms: 1.26,
  p99Ms: 20.4,
});

const run: Results = {
  date: '2026-01-02T03:04:05Z',
  node: '20.20.2',
  machine: '2 cores',
  backend: 'grpc-go behind',
  generator: 'wrk',
  seconds: 3,
  targets: [
    { name: 'protogate h2', version: '1.0.0', startMs: 812.3, residentBytes: 100 * 2 ** 20 },
    { name: 'grpc-gateway', version: '2.30.0', startMs: 10.2, residentBytes: 20 * 2 ** 20 },
  ],
  figures: [of('protogate h2', 'list', 146.26), of('protogate h2', 'get', 9.96), of('grpc-gateway', 'list', 680)],
};

t.test('targets are rows, measured cases columns, and CPU time stands beside its share of the reference', async (t) => {
  t.equal(
    tablesOf(run),
    [
      'Node.js 20.20.2, 2 cores, 2026-01-02; wrk, grpc-go behind; best of rounds of 3 s.',
      "CPU time of the gateway a request, us (as a share of grpc-gateway's in the same run):",
      [
        '|  | GET, 0.3 KB | list of 100, 39 KB | memory | start |',
        '| --- | --- | --- | --- | --- |',
        '| protogate h2 | 10.0 | 146 (0.22) | 100 MB | 812 ms |',
        '| grpc-gateway |  | 680 | 20 MB | 10 ms |',
      ].join('\n'),
      'Requests a second, and the latency that half and 99 % of them stay below, ms:',
      [
        '|  | GET, 0.3 KB | list of 100, 39 KB |',
        '| --- | --- | --- |',
        '| protogate h2 | 12346, 1.3, 20 | 12346, 1.3, 20 |',
        '| grpc-gateway |  | 12346, 1.3, 20 |',
      ].join('\n'),
    ].join('\n\n'),
  );
});
