import { test } from 'tap';
import { BackOff } from '../../../gateway/discovery/back-off.js';

test('pauses double up to the longest one, at least half of it, and begin anew after a success', async (t) => {
  const most = new BackOff(250, 2000, () => 1);
  t.same(
    [1, 2, 3, 4, 5].map(() => most.pause()),
    [250, 500, 1000, 2000, 2000],
  );
  most.reset();
  t.equal(most.pause(), 250);
  const least = new BackOff(250, 2000, () => 0);
  t.same(
    [1, 2, 3].map(() => least.pause()),
    [125, 250, 500],
  );
});
