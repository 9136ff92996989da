import t from 'tap';
import { changes } from '../../bench/gateway/changes.js';
import type { Figures, Results } from '../../bench/gateway/results.js';

function figures(target: string, cpuMicroseconds: number, of: Partial<Figures> = {}): Figures {
  return { target, case: 'get', rounds: [cpuMicroseconds], cpuMicroseconds, requestsPerSecond: 1000, p50Ms: 1, p99Ms: 2, ...of };
}

function results(...of: readonly Figures[]): Results {
  const targets = [{ name: 'protogate h2', version: '1.0.0', startMs: 100, residentBytes: 2 ** 27 }];
  return { date: '', node: '', machine: '', backend: '', generator: '', seconds: 1, targets, figures: of };
}

t.test('a change of up to 5 % is none', async (t) => {
  t.strictSame(changes(results(figures('protogate h2', 100)), results(figures('protogate h2', 104))), []);
});

t.test('CPU time is compared as it is when the reference was not measured', async (t) => {
  t.strictSame(changes(results(figures('protogate h2', 100)), results(figures('protogate h2', 110))), [
    { target: 'protogate h2', case: 'get', figure: 'CPU us', before: 100, after: 110, factor: 1.1 },
  ]);
});

t.test('a slower machine changes no share of the reference', async (t) => {
  const before = results(figures('protogate h2', 100), figures('grpc-gateway', 200));
  const after = results(figures('protogate h2', 150), figures('grpc-gateway', 300));
  t.strictSame(
    changes(before, after).map(({ target }) => target),
    ['grpc-gateway'],
  );
});

t.test('a larger share of the reference is a change', async (t) => {
  const before = results(figures('protogate h2', 100), figures('grpc-gateway', 200));
  const after = results(figures('protogate h2', 120), figures('grpc-gateway', 200));
  t.strictSame(changes(before, after), [
    { target: 'protogate h2', case: 'get', figure: 'CPU share', before: 0.5, after: 0.6, factor: 1.2 },
  ]);
});

t.test('throughput, latency, memory and start are compared too', async (t) => {
  const after = results(figures('protogate h2', 100, { requestsPerSecond: 500, p50Ms: 2, p99Ms: 4 }));
  const larger = { ...after, targets: [{ name: 'protogate h2', version: '1.0.0', startMs: 200, residentBytes: 2 ** 28 }] };
  t.strictSame(
    changes(results(figures('protogate h2', 100)), larger).map(({ figure, factor }) => [figure, factor]),
    [
      ['requests/s', 0.5],
      ['p50 ms', 2],
      ['p99 ms', 2],
      ['memory MB', 2],
      ['start ms', 2],
    ],
  );
});

t.test('what only one of the runs has is left out', async (t) => {
  t.strictSame(changes(results(figures('envoy', 100)), results(figures('protogate h2', 100))), []);
});
