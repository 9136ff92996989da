import { test } from 'tap';
import { runInSlices } from '../../../gateway/api/slices.js';
import { measureBlocks } from '../../../gateway/lifecycle/block-meter.js';
import type { Steps } from '../../../proto/steps.js';

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('others have their turn while long work is done', async (t) => {
  let turns = 0;
  let over = false;
  const count = () => {
    turns += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  function* steps(): Steps<string> {
    for (let i = 0; i < 50; i += 1) {
      work(2);
      yield;
    }
    return 'done';
  }
  t.equal(await runInSlices(steps()), 'done');
  over = true;
  t.ok(turns >= 8, `${turns} turns in 100 ms of work`);
});

test('short work is done in one go', async (t) => {
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  const steps = (function* (): Steps<number> {
    yield;
    return 1;
  })();
  t.equal(await runInSlices(steps), 1);
  t.equal(turned, false);
});

test('what a step throws is thrown', async (t) => {
  const steps = (function* (): Steps<number> {
    yield;
    throw new Error('no');
  })();
  await t.rejects(runInSlices(steps), { message: 'no' });
});

test('the longest block is measured', async (t) => {
  const stop = measureBlocks();
  await new Promise(setImmediate);
  work(60);
  await new Promise(setImmediate);
  const longest = await stop();
  t.ok(longest >= 55, `${longest} ms`);
});

test('a block that goes on until the end counts, too', async (t) => {
  const stop = measureBlocks();
  await new Promise((resolve) => setTimeout(resolve, 5));
  work(60);
  const longest = await stop();
  t.ok(longest >= 55, `${longest} ms`);
});
