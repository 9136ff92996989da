import t from 'tap';
import { growthOf, growthTable } from '../../bench/gateway/growth.js';
import { olderName } from '../../bench/gateway/older.js';
import type { Figures } from '../../bench/gateway/results.js';

const figures = (target: string, name: string, rounds: readonly number[]): Figures => ({
  target,
  case: name,
  rounds,
  cpuMicroseconds: Math.min(...rounds),
  requestsPerSecond: 1000,
  p50Ms: 1,
  p99Ms: 2,
});

const OLDER = olderName('protogate h2');

t.test('the least rounds of both are compared, and each round with that of the other beside it', async (t) => {
  const both = [figures('protogate h2', 'get', [22, 30, 24]), figures(OLDER, 'get', [20, 24, 40])];
  t.strictSame(growthOf(both), [{ target: 'protogate h2', case: 'get', factor: 1.1, least: 0.6, most: 1.25 }]);
});

t.test('what the older commit cannot serve, and other gateways, are not compared', async (t) => {
  t.strictSame(growthOf([figures('protogate h2', 'list', [10]), figures(OLDER, 'get', [10]), figures('grpc-gateway', 'get', [90])]), []);
});

t.test('the table has a row for each case', async (t) => {
  t.equal(
    growthTable([{ target: 'protogate h2', case: 'get', factor: 1.0345, least: 0.99, most: 1.1 }]),
    [
      '| target | case | of the older | in single rounds |',
      '| --- | --- | --- | --- |',
      '| protogate h2 | GET, 0.3 KB | 1.034 | 0.990 to 1.100 |',
    ].join('\n'),
  );
});
