import { test } from 'tap';
import type { Status } from '../../../gateway/upstream/call.js';
import { type Waiter, WaitingLine } from '../../../gateway/upstream/waiting-line.js';

class Waiting implements Waiter {
  ended: Status | undefined;
  constructor(
    readonly requestBytes = 0,
    private readonly told: () => void = () => {},
  ) {}
  abort(status: Status): void {
    this.ended = status;
    this.told();
  }
}

const full = { code: 14, message: 'no place at books: 2 calls wait for one', trailers: [], origin: 'local', processed: false };

test('as many wait as may, first come first served', (t) => {
  const line = new WaitingLine<Waiting>({ pending: 2, pendingMs: 60_000 }, 'books');
  const [first, second, third] = [new Waiting(), new Waiting(), new Waiting()];
  t.strictSame(
    [first, second, third].map((call) => line.add(call)),
    [true, true, false],
  );
  t.strictSame(third.ended, full);
  t.ok([...line].every((call, i) => call === [first, second][i]));
  line.delete(first);
  line.delete(first);
  t.equal(line.size, 1);
  t.ok(line.add(third));
  line.clear();
  t.equal(line.size, 0);
  t.end();
});

test('their requests have at most 64 MiB, but for one that is alone', (t) => {
  const half = 32 * 2 ** 20;
  const line = new WaitingLine<Waiting>({ pending: 10, pendingMs: 60_000 }, 'books');
  const all = [half, half, 1].map((bytes) => new Waiting(bytes));
  t.strictSame(
    all.map((call) => line.add(call)),
    [true, true, false],
  );
  t.match(all[2]?.ended, full);
  line.clear();
  t.ok(line.add(new Waiting(3 * half)));
  t.notOk(line.add(new Waiting(0)));
  line.clear();
  t.end();
});

test('who has waited for too long is sent away, the others wait on', async (t) => {
  const line = new WaitingLine<Waiting>({ pending: 10, pendingMs: 20 }, 'books');
  // The one timer holds no process open.
  const alive = setTimeout(() => {}, 60_000);
  const since = performance.now();
  let later = new Waiting();
  await new Promise<void>((resolve) => {
    line.add(
      new Waiting(0, () => {
        later = new Waiting(0, resolve);
        line.add(later);
      }),
    );
  });
  t.ok(performance.now() - since >= 40);
  t.match(later.ended, { code: 14, message: 'no place at books within 20 ms', processed: false });
  t.equal(line.size, 0);
  clearTimeout(alive);
});

test('other bounds hold at once for the time, and for who comes next', (t) => {
  const line = new WaitingLine<Waiting>({ pending: 2, pendingMs: 60_000 }, 'books');
  const waiting = [new Waiting(), new Waiting()];
  for (const call of waiting) line.add(call);
  line.limit({ pending: 1, pendingMs: 60_000 });
  t.ok(waiting.every(({ ended }) => ended === undefined));
  t.notOk(line.add(new Waiting()));
  line.limit({ pending: 1, pendingMs: 0 });
  t.ok(waiting.every(({ ended }) => ended?.code === 14));
  t.equal(line.size, 0);
  t.end();
});
