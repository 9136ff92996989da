import { type Test, test } from 'tap';
import { Rounds } from '../../../gateway/sources/rounds.js';

/** Rounds whose answers are given one after another; the last one stays. Resolves `asked(n)` when it is asked for the nth time. */
function start(t: Test, intervalMs: number, answers: readonly (string | undefined)[]) {
  const waiting = new Map<number, () => void>();
  const said: string[] = [];
  let count = 0;
  const ask = async () => {
    const answer = answers[Math.min(count, answers.length - 1)];
    count += 1;
    waiting.get(count)?.();
    return answer;
  };
  const rounds = new Rounds({ intervalMs, log: { warn: (text) => said.push(text) }, ask });
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => {
    rounds.close();
    clearInterval(alive);
  });
  const asked = (n: number) => new Promise<void>((resolve) => (count >= n ? resolve() : waiting.set(n, resolve)));
  return { rounds, said, asked, count: () => count };
}

test('it is asked at the interval', async (t) => {
  const { asked, said } = start(t, 1, [undefined]);
  await asked(5);
  t.strictSame(said, []);
});

test('a failure is logged once, another one and one after a success again', async (t) => {
  const { asked, said } = start(t, 1, ['gone', 'gone', 'cut', undefined, 'cut', 'cut', undefined]);
  await asked(9);
  t.strictSame(said, ['gone', 'cut', 'cut']);
});

test('without an interval it is asked when it is told to, and on until it succeeds', async (t) => {
  const { rounds, asked, count } = start(t, 0, ['gone', undefined]);
  await new Promise(setImmediate);
  t.equal(count(), 0);
  rounds.soon(0);
  const began = performance.now();
  await asked(2);
  const took = performance.now() - began;
  t.ok(took >= 790, `the first pause is a second, give or take a fifth: ${took} ms`);
});

test('of two times the one that was said last counts', async (t) => {
  const { rounds, asked, count } = start(t, 0, [undefined]);
  rounds.soon(3_600_000);
  rounds.soon(0);
  await asked(1);
  t.equal(count(), 1);
});

test('when it is closed nothing is asked any more', async (t) => {
  const { rounds, asked, count, said } = start(t, 1, ['gone']);
  const first = asked(1);
  rounds.soon(0);
  await first;
  rounds.close();
  rounds.soon(0);
  await start(t, 1, [undefined]).asked(5);
  t.equal(rounds.closed, true);
  t.equal(count(), 1);
  t.strictSame(said, [], 'what comes after the end is not told');
});
