import { test } from 'tap';
import type { Status } from '../../../gateway/upstream/call.js';
import { InProgress } from '../../../gateway/upstream/in-progress.js';
import { LaneCall } from '../../../gateway/upstream/lane-call.js';

/** A call that ends by its deadline alone. */
class Waiting extends LaneCall {
  constructor(owner: InProgress, inMs: number, heard: (s: Status) => void) {
    super(owner, { headers() {}, message() {}, drain() {}, end: heard }, performance.now() + inMs, false);
    owner.add(this);
    this.armDeadline();
  }
  send(): boolean {
    return false;
  }
  halfClose(): void {}
  protected stop(): void {}
  protected more(): void {}
}

test('calls end at their deadlines, in whatever order they came', async (t) => {
  const calls = new InProgress('books');
  const ended: string[] = [];
  // The one timer holds no process open.
  const alive = setTimeout(() => {}, 10_000);
  await new Promise<void>((resolve) => {
    for (const inMs of [40, 20, 1e9, 60, 30, Number.POSITIVE_INFINITY]) {
      new Waiting(calls, inMs, ({ code }) => {
        ended.push(`${inMs}: ${code}`);
        if (inMs === 60) resolve();
      });
    }
  });
  clearTimeout(alive);
  // A process that was held up finds several deadlines passed at once, and these have no order.
  t.strictSame(ended.toSorted(), ['20: 4', '30: 4', '40: 4', '60: 4']);
  t.equal(calls.size, 2);
  await calls.close(0, () => t.equal(calls.size, 0));
  t.strictSame(ended.slice(4).sort(), ['1000000000: 14', 'Infinity: 14']);
});

test('calls end in any order', async (t) => {
  const calls = new InProgress('books');
  const all = [1, 2, 3, 4].map(() => new Waiting(calls, 1e9, () => {}));
  t.equal(calls.size, 4);
  for (const index of [1, 3, 0, 2]) {
    all[index]?.cancel('client');
    await new Promise((resolve) => process.nextTick(resolve));
  }
  t.equal(calls.size, 0);
  t.ok(all.every(({ before, after }) => before === undefined && after === undefined));
});
