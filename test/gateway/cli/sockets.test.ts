import { test } from 'tap';
import { passedSockets } from '../../../gateway/cli/sockets.js';

test('sockets are those that were passed to this very process, from the third descriptor on', (t) => {
  const rows = [
    ['2', '7', [3, 4]],
    ['1', '8', []],
    ['0', '7', []],
    [undefined, '7', []],
    ['1', undefined, []],
    ['x', '7', []],
    ['-1', '7', []],
    ['100', '7', []],
  ] as const;
  for (const [count, pid, expected] of rows) t.same(passedSockets(count, pid, 7), expected, `${count} ${pid}`);
  t.equal(passedSockets('99', '7', 7).length, 99);
  t.end();
});
