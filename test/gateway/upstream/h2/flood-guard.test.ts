import { test } from 'tap';
import { FloodGuard } from '../../../../gateway/upstream/h2/flood-guard.js';

const flood = { code: 11, message: 'too many frames for nothing' };
const count = (guard: FloodGuard, frames: number) => {
  for (let i = 0; i < frames; i++) guard.count();
};

test('more than 10,000 frames for nothing within a second are a flood', async (t) => {
  const guard = new FloodGuard();
  count(guard, 10_000);
  t.throws(() => guard.count(), flood);
});

test('a server that sends a PING and a window with each of its many answers is none', async (t) => {
  const guard = new FloodGuard();
  for (let answer = 0; answer < 50_000; answer++) {
    count(guard, 2);
    guard.excuse();
  }
  t.pass();
});

test('answers excuse nothing that comes later', async (t) => {
  const guard = new FloodGuard();
  for (let answer = 0; answer < 50_000; answer++) guard.excuse();
  count(guard, 10_000);
  t.throws(() => guard.count(), flood);
});

test('eight frames an answer are excused, more are not', async (t) => {
  const guard = new FloodGuard();
  t.throws(() => {
    for (let answer = 0; answer < 10_000; answer++) {
      count(guard, 10);
      guard.excuse();
    }
  }, flood);
});

test('what may be late on a stream that was broken off is no flood: a frame for five octets of its window, and eight', async (t) => {
  const guard = new FloodGuard();
  guard.brokeOff(65_535);
  guard.brokeOff(-1);
  for (let i = 0; i < 13_107 + 8 + 8; i++) guard.countLate();
  for (let i = 0; i < 10_000; i++) guard.countLate();
  t.throws(() => guard.countLate(), flood);
});
