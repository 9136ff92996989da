import { test } from 'tap';
import { MessageReader } from '../../../../gateway/upstream/h2/message-reader.js';
import { framed } from '../contract/raw.js';

function reader(max: number): { reader: MessageReader; log: string[] } {
  const log: string[] = [];
  const sink = {
    complete: (m: Uint8Array, compressed: boolean) => log.push(`${compressed ? 'z' : ''}${Buffer.from(m).toString()}`),
    tooLong: (length: number) => log.push(`too long: ${length}`),
  };
  return { reader: new MessageReader(max, sink), log };
}

test('messages are cut out however the chunks fall', async (t) => {
  const long = 'x'.repeat(300);
  const all = Buffer.concat([framed(''), framed('one'), framed('two', 1), framed(long), framed('')]);
  for (let size = 1; size <= all.length; size++) {
    const { reader: r, log } = reader(300);
    for (let i = 0; i < all.length; i += size) r.push(all, i, Math.min(i + size, all.length));
    t.same(log, ['', 'one', 'ztwo', long, ''], `${size} bytes a chunk`);
    t.equal(r.cut, false);
  }
});

test('a message that announces too much is refused before its first byte, and nothing follows', async (t) => {
  const { reader: r, log } = reader(10);
  const head = Buffer.from([0, 0xff, 0xff, 0xff, 0xff]);
  const all = Buffer.concat([framed('0123456789'), head, framed('more')]);
  r.push(all, 0, all.length);
  t.same(log, ['0123456789', 'too long: 4294967295']);
});

test('what is cut off says how much came and how much is missing', async (t) => {
  const { reader: r } = reader(1_000_000);
  t.equal(r.cut, false);
  r.push(Buffer.from([0, 0]), 0, 2);
  t.same([r.cut, r.held, r.missing], [true, 0, 0]);
  const rest = Buffer.concat([framed(Buffer.alloc(200_000)).subarray(2, 5), Buffer.alloc(50_000)]);
  r.push(rest, 0, rest.length);
  t.same([r.cut, r.held, r.missing], [true, 50_000, 150_000]);
  r.push(Buffer.alloc(150_000), 0, 150_000);
  t.same([r.cut, r.held, r.missing], [false, 0, 0]);
});

test('the memory of a large message grows with what came of it', async (t) => {
  const { reader: r, log } = reader(64 * 1024 * 1024);
  const head = Buffer.from([0, 0x04, 0, 0, 0]);
  const before = process.memoryUsage().arrayBuffers;
  const many = Array.from({ length: 50 }, () => {
    const one = reader(64 * 1024 * 1024).reader;
    one.push(Buffer.concat([head, Buffer.alloc(10)]), 0, 15);
    return one;
  });
  t.ok(process.memoryUsage().arrayBuffers - before < 50 * 100_000, `${many.length} readers`);
  const body = Buffer.alloc(1_000_000, 'y');
  const whole = framed(body);
  for (let i = 0; i < whole.length; i += 16_384) r.push(whole, i, Math.min(i + 16_384, whole.length));
  t.equal(log[0], body.toString());
});

test('messages that come in pieces at the same time do not touch each other', async (t) => {
  const bodies = Array.from({ length: 40 }, (_, i) => Buffer.alloc(1000 * (i + 1), 97 + (i % 26)));
  const readers = bodies.map(() => reader(1_000_000));
  for (const half of [0, 1]) {
    for (const [i, body] of bodies.entries()) {
      const whole = framed(body);
      const middle = whole.length >>> 1;
      readers[i]?.reader.push(whole, half * middle, half === 0 ? middle : whole.length);
    }
  }
  for (const [i, body] of bodies.entries()) t.equal(readers[i]?.log[0], body.toString());
});

test('only a message that has memory of its own may be kept', async (t) => {
  for (const [length, own] of [
    [100, false],
    [131_072, false],
    [131_073, true],
  ] as const) {
    let kept: boolean | undefined;
    const r = new MessageReader(1_000_000, { complete: (_m, _z, reused) => (kept = !reused), tooLong() {} });
    const whole = framed(Buffer.alloc(length));
    r.push(whole, 0, 50);
    r.push(whole, 50, whole.length);
    t.equal(kept, own, `${length} bytes`);
  }
});
