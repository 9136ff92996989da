import { test } from 'tap';
import { WireReader } from '../../../proto/wire/reader.js';
import { WireWriter } from '../../../proto/wire/writer.js';

const hex = (out: WireWriter) => Buffer.from(out.finish()).toString('hex');

test('a nested field has its length in front, however long that is', async (t) => {
  for (const size of [0, 1, 127, 128, 16_383, 16_384, 2_100_000]) {
    const out = new WireWriter().varintField(1, 5);
    out.nestedField(2, () => out.raw(new Uint8Array(size).fill(7)));
    out.varintField(3, 6);
    const reader = new WireReader(out.finish());
    t.strictSame([reader.tag(), reader.uint32(), reader.tag()], [0x08, 5, 0x12]);
    const content = reader.view();
    t.equal(content.length, size);
    t.ok(content.every((byte) => byte === 7));
    t.strictSame([reader.tag(), reader.uint32(), reader.done], [0x18, 6, true]);
  }
});

test('nested fields nest', async (t) => {
  const out = new WireWriter();
  out.nestedField(1, () => out.nestedField(2, () => out.bytesField(3, 'x'.repeat(200))).varintField(4, 1));
  t.equal(hex(out), `0ad001${'12cb01'}${'1ac801'}${'78'.repeat(200)}2001`);
});

test('integers are written as protobuf writes int32: negative ones in ten bytes', async (t) => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '00'],
    [127, '7f'],
    [300, 'ac02'],
    [2147483647, 'ffffffff07'],
    [-1, 'ffffffffffffffffff01'],
    [-2147483648, '80808080f8ffffffff01'],
  ];
  for (const [value, expected] of cases) {
    t.equal(hex(new WireWriter().int32(value)), expected);
    t.equal(hex(new WireWriter().varintField(1, value)), `08${expected}`);
  }
});
