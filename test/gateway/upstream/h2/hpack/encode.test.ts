import { test } from 'tap';
import { HpackDecoder } from '../../../../../gateway/upstream/h2/hpack/decoder.js';
import { fieldBound, writeField } from '../../../../../gateway/upstream/h2/hpack/encode.js';

function encode(name: string, value: string): Buffer {
  const buf = Buffer.alloc(fieldBound(name, value.length), 0xee);
  return buf.subarray(0, writeField(buf, 0, name, value));
}

test('fields are literals without indexing, names of the static table by their index', async (t) => {
  t.equal(encode('x-a', 'b').toString('hex'), '0003782d610162');
  t.equal(encode(':path', '/s').toString('hex'), '04022f73');
  t.equal(encode('content-type', 'x').toString('hex'), '0f100178');
  t.equal(encode('x', '').toString('hex'), '00017800');
});

test('sensitive values are never indexed', async (t) => {
  t.equal(encode('authorization', 'x').toString('hex'), '1f080178');
  t.equal(encode('cookie', 'x').toString('hex'), '1f110178');
  t.equal(encode('x-api-key', 'x')[0], 0x10);
});

test('what is written reads the same, at every length', async (t) => {
  for (const length of [0, 1, 23, 24, 126, 127, 128, 254, 255, 256, 16_383, 16_384, 16_512, 60_000]) {
    const field = encode('n'.repeat(Math.max(1, length % 300)), 'v'.repeat(length));
    const seen: string[] = [];
    new HpackDecoder(4096, 10).decode(field, 0, field.length, (name, value) => seen.push(`${name.length} ${value.length}`));
    t.same(seen, [`${Math.max(1, length % 300)} ${length}`]);
  }
});
