import t from 'tap';
import { startChild } from '../cli/child.js';

t.setTimeout(600_000);

t.test(
  'requests, streams and memory do not notice that generations change, nor that broken ones are refused',
  {
    timeout: 600_000,
  },
  async (t) => {
    // A process of its own: the test runner's source maps would count as growth.
    const args = ['--requests', '10000', '--reloads', '10', '--broken', '100', '--others', '0'];
    const { code, out, err } = await startChild(t, ['dist/test/gateway/soak/run.js', ...args]).ended;
    t.equal(err, '');
    t.match(out, /^\d{5,} requests, 10 reloads, 100 broken sets: 0 faults, -?\d+\.\d MiB more on the heap\n$/m);
    t.equal(code, 0, out);
  },
);
