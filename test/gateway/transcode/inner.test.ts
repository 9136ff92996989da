import { test } from 'tap';
import { assertFields, innerMessage, innerType } from '../../../gateway/transcode/inner.js';
import { WireFormatError } from '../../../proto/wire/reader.js';
import { CodecCase, hex, wire } from '../../proto/json/codec-case.js';
import { schemaOf } from '../../support/schema.js';

const c = new CodecCase(
  schemaOf({
    'a.proto': `edition = "2023"; package a;
      message M {
        M inner = 1; string text = 2; repeated M many = 3; map<string, M> by_name = 4;
        M group = 5 [features.message_encoding = DELIMITED]; M far = 5000 [features.message_encoding = DELIMITED];
      }`,
  }),
);

const rows: readonly { name: string; at: string; message: string; inner: string }[] = [
  { name: 'without a field it is the message itself', at: '', message: "12 01 'x'", inner: "12 01 'x'" },
  { name: 'a field is its bytes', at: 'inner', message: "12 01 'x' 0a 03 12 01 'y'", inner: "12 01 'y'" },
  { name: 'a field in a field', at: 'inner.inner', message: "0a 05 0a 03 12 01 'y'", inner: "12 01 'y'" },
  { name: 'one that is unset has none', at: 'inner.inner', message: '0a 00', inner: '' },
  {
    name: 'one that comes in pieces is all of them',
    at: 'inner',
    message: "0a 03 12 01 'x' 10 01 0a 03 12 01 'y'",
    inner: "12 01 'x' 12 01 'y'",
  },
  { name: 'a group is what stands between its tags', at: 'group', message: "2b 12 01 'x' 2c", inner: "12 01 'x'" },
  { name: 'with groups in it', at: 'group', message: '2b 2b 2c c3 b8 02 c4 b8 02 2c', inner: '2b 2c c3 b8 02 c4 b8 02' },
  { name: 'a group with an end tag that is longer than need be', at: 'group', message: "2b 12 01 'x' ac 80 00", inner: "12 01 'x'" },
  { name: 'a group of a high number', at: 'far', message: "c3 b8 02 12 01 'x' c4 b8 02", inner: "12 01 'x'" },
  { name: 'another wire type is another field', at: 'inner', message: '08 01', inner: '' },
];

for (const { name, at, message, inner } of rows) {
  test(name, async (t) => t.equal(hex(innerMessage(wire(message), c.chain('a.M', at))), hex(wire(inner))));
}

for (const message of ['0a 05 00', '2b', '2b 34', '2c', '08', '0a ff ff ff ff ff ff ff ff ff ff 01', '00']) {
  test(`${message} is refused`, async (t) => {
    t.throws(() => innerMessage(wire(message), c.chain('a.M', 'group')), WireFormatError);
    t.throws(() => assertFields(wire(message)), WireFormatError);
  });
}

test('only a message has a wire form of its own', async (t) => {
  const type = c.type('a.M');
  t.equal(innerType(type, []), type);
  t.equal(innerType(type, c.chain('a.M', 'inner')), type);
  t.equal(innerType(type, c.chain('a.M', 'group')), type);
  for (const at of ['text', 'many', 'by_name', 'inner.text']) t.equal(innerType(type, c.chain('a.M', at)), undefined, at);
});
