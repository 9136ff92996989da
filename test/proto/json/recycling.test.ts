import { test } from 'tap';
import { Arena } from '../../../proto/json/arena.js';
import { copyOf, giveBack, isLarge } from '../../../proto/json/recycling.js';

const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte);

test('memory that was given back holds the next copy that fits', async (t) => {
  const first = copyOf(filled(50_000, 1), 50_000);
  giveBack(first);
  const second = copyOf(filled(60_000, 2), 40_000);
  t.equal(second.buffer, first.buffer);
  t.equal(second.length, 40_000);
  t.ok(second.every((byte) => byte === 2));
  const third = copyOf(filled(40_000, 3), 40_000);
  t.not(third.buffer, first.buffer, 'it is given out once');
  t.ok(second.every((byte) => byte === 2));
});

test('a small copy does not take large memory, nor a large one small memory', async (t) => {
  const given = copyOf(filled(100_000, 1), 100_000);
  giveBack(given);
  t.not(copyOf(filled(5_000, 2), 5_000).buffer, given.buffer);
  t.not(copyOf(filled(100_001, 2), 100_001).buffer, given.buffer);
  t.equal(copyOf(filled(90_000, 2), 90_000).buffer, given.buffer);
});

test('bytes that are no copy, or share their memory, are not taken back', async (t) => {
  const foreign = filled(20_000, 1);
  giveBack(foreign);
  t.not(copyOf(filled(20_000, 2), 20_000).buffer, foreign.buffer);
  const arena = new Arena(1_000_000);
  arena.append(filled(3000, 1));
  const small = arena.take();
  giveBack(small);
  t.ok(small.every((byte) => byte === 1));
});

test('little is kept, and nothing that is very large', async (t) => {
  t.strictSame(
    [4095, 4096, 262_144, 262_145].map((length) => isLarge(new Uint8Array(length))),
    [false, true, true, false],
  );
  const copies = Array.from({ length: 100 }, () => copyOf(filled(8_000, 1), 8_000));
  for (const copy of copies) giveBack(copy);
  const buffers = new Set(copies.map(({ buffer }) => buffer));
  const again = Array.from({ length: 100 }, () => copyOf(filled(8_000, 1), 8_000));
  t.equal(again.filter(({ buffer }) => buffers.has(buffer)).length, 32);
  t.equal(new Set(again.map(({ buffer }) => buffer)).size, 100);
});
