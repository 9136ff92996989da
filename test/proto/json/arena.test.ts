import t from 'tap';
import { Arena, fixedText, SinkFull } from '../../../proto/json/arena.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

t.test('what is taken is a copy that later writes leave alone', (t) => {
  for (const size of [0, 1, 100, 4096, 5000, 100_000]) {
    const arena = new Arena(2 ** 20);
    arena.append(Buffer.alloc(size, 'a'));
    const taken = arena.take();
    t.equal(arena.length, 0);
    arena.append(Buffer.alloc(size, 'b'));
    t.equal(text(taken), 'a'.repeat(size), `${size} bytes`);
    t.equal(text(arena.take()), 'b'.repeat(size));
  }
  t.end();
});

t.test('small results that share memory do not overlap', (t) => {
  const arena = new Arena(2 ** 20);
  const taken = Array.from({ length: 500 }, (_, i) => {
    arena.append(Buffer.alloc(1 + (i % 300), String(i % 10)));
    return arena.take();
  });
  for (const [i, bytes] of taken.entries()) t.equal(text(bytes), String(i % 10).repeat(1 + (i % 300)));
  t.end();
});

t.test('it grows, and gives back what a large result took', (t) => {
  const arena = new Arena(2 ** 24);
  for (let i = 0; i < 30; i++) arena.copy(Buffer.alloc(100_000, String(i % 10)), 0, 100_000);
  t.equal(arena.length, 3_000_000);
  t.equal(arena.bytes[2_999_999], '9'.charCodeAt(0));
  t.equal(arena.take().length, 3_000_000);
  t.equal(arena.bytes.length, 2 ** 20);
  t.equal(arena.view.buffer, arena.bytes.buffer);
  t.end();
});

t.test('it refuses to grow far past its limit', (t) => {
  const arena = new Arena(1000);
  t.throws(() => arena.reserve(1_000_000), SinkFull);
  arena.append(Buffer.alloc(1001));
  t.throws(() => arena.check(), { name: 'SinkFull', message: 'the output is larger than 1000 bytes' });
  arena.reset();
  arena.check();
  t.end();
});

t.test('fixed texts of any length are written whole', (t) => {
  const arena = new Arena(1000);
  for (const part of ['', 'a', 'bc', 'def', 'ghij', 'klmno', 'é€']) arena.fixed(fixedText(part));
  t.equal(text(arena.take()), 'abcdefghijklmnoé€');
  t.equal(fixedText('abcd').lastMask, -1);
  t.equal(fixedText('abcde').lastMask, 0xff);
  t.end();
});
