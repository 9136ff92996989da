import { test } from 'tap';
import { InProgress } from '../../gateway/upstream/in-progress.js';
import { LaneCall } from '../../gateway/upstream/lane-call.js';

/** How often any call was asked for its deadline: what looking for the next one costs. */
let reads = 0;

/** A call that only its deadline ends. */
class Waiting extends LaneCall {
  constructor(owner: InProgress, deadline: number, end: () => void) {
    super(owner, { headers() {}, message() {}, drain() {}, end }, deadline, false);
    const get = () => {
      reads += 1;
      return deadline;
    };
    Object.defineProperty(this, 'deadline', { get });
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

test('of 40,000 calls with as many deadlines few are looked at when one of these passes', async (t) => {
  const count = 40_000;
  const passing = 200;
  const calls = new InProgress('books');
  // The one timer holds no process open.
  const alive = setTimeout(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    let left = passing;
    const end = (): void => {
      left -= 1;
      if (left === 0) resolve();
    };
    const from = performance.now() + 2000;
    for (let i = 0; i < count - passing; i++) new Waiting(calls, from + 60_000 + ((i * 7919) % count), end);
    for (let i = 0; i < passing; i++) new Waiting(calls, from + ((i * 79) % passing), end);
    reads = 0;
  });
  clearTimeout(alive);
  // 16 levels of a heap, and two children each.
  t.ok(reads <= passing * 2 * 2 * 16, `${reads} looks`);
  t.equal(calls.size, count - passing);
  await calls.close(0, () => {});
});

test('a client that chooses ever earlier deadlines makes none of them cost more than the first', async (t) => {
  const calls = new InProgress('books');
  reads = 0;
  const from = performance.now() + 60_000;
  for (let i = 0; i < 10_000; i++) new Waiting(calls, from - i, () => {});
  t.ok(reads <= 10_000 * 4 * 14, `${reads} looks`);
  await calls.close(0, () => {});
  t.equal(calls.size, 0);
});
