import { test } from 'tap';
import { HeldBytes } from '../../../gateway/request/held-bytes.js';

test('beyond the bound those let go that have held for the longest time', (t) => {
  const held = new HeldBytes(10);
  const gone: string[] = [];
  const hold = (name: string, bytes: number) => held.hold(bytes, () => gone.push(name));
  hold('a', 4);
  hold('b', 4);
  hold('c', 2);
  t.strictSame(gone, []);
  hold('d', 3);
  t.strictSame(gone, ['a']);
  hold('e', 9);
  t.strictSame(gone, ['a', 'b', 'c', 'd']);
  t.end();
});

test('what is released does not count, and does not let go', (t) => {
  const held = new HeldBytes(10);
  const gone: string[] = [];
  const a = held.hold(6, () => gone.push('a'));
  held.release(a);
  held.release(a);
  held.grow(a, 100);
  held.hold(10, () => gone.push('b'));
  t.strictSame(gone, []);
  t.end();
});

test('who grows does not let go of its own, however much that is', (t) => {
  const held = new HeldBytes(10);
  const gone: string[] = [];
  const a = held.hold(1, () => gone.push('a'));
  const b = held.hold(0, () => gone.push('b'));
  held.grow(b, 5);
  held.grow(a, 5);
  t.strictSame(gone, [], 'the oldest is the one that grows');
  held.grow(b, 20);
  t.strictSame(gone, ['a']);
  held.grow(a, 20);
  t.strictSame(gone, ['a']);
  t.end();
});
