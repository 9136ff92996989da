import { test } from 'tap';
import { type CpuProfile, selfTimes } from '../../bench/gateway/self-times.js';

const node = (id: number, functionName: string, url: string, children: readonly number[] = []) => ({
  id,
  callFrame: { functionName, url, lineNumber: id },
  children,
});

const profile: CpuProfile = {
  nodes: [
    node(1, '(root)', '', [2, 5, 6, 7, 8]),
    node(2, 'end', 'node:_http_outgoing', [3, 4]),
    node(3, 'writev', ''),
    node(4, 'open', 'file:///home/me/protogate/dist/gateway/upstream/h2/connection.js'),
    node(5, '(idle)', ''),
    node(6, '(garbage collector)', ''),
    node(7, '', 'file:///home/me/protogate/node_modules/fastify/lib/reply.js'),
    node(8, '(program)', ''),
  ],
  startTime: 1000,
  samples: [2, 3, 4, 5, 6, 7, 8, 3],
  timeDeltas: [10, 1, 2, 4, 8, 16, 32, 64],
};

test('time belongs to where it was spent, that of the engine to its caller', async (t) => {
  const { categories, functions } = selfTimes(profile, 0, Number.POSITIVE_INFINITY);
  t.strictSame(categories, [
    ['Node.js: HTTP', 75],
    ['native code and the kernel', 32],
    ['Fastify', 16],
    ['garbage collection', 8],
    ['calls', 2],
  ]);
  t.strictSame(functions, [
    ['writev :4', 65],
    ['(program) :9', 32],
    ['(anonymous) node_modules/fastify/lib/reply.js:8', 16],
    ['end node:_http_outgoing:3', 10],
    ['(garbage collector) :7', 8],
    ['open dist/gateway/upstream/h2/connection.js:5', 2],
  ]);
});

test('only samples between the two times count', async (t) => {
  const { functions } = selfTimes(profile, 1011, 1014);
  t.strictSame(functions, [
    ['open dist/gateway/upstream/h2/connection.js:5', 2],
    ['writev :4', 1],
  ]);
});
