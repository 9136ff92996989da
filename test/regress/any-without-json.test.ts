import t from 'tap';
import { compileDetails } from '../../gateway/transcode/details.js';
import { allKinds } from '../proto/json/all-kinds.js';
import { CodecCase, wire } from '../proto/json/codec-case.js';

const c = new CodecCase(allKinds);
const url = (type: string) => `type.googleapis.com/${type}`;
const encode = (type: string, content: string) => {
  const bytes = wire(content);
  const field = (tag: number, value: Buffer) => Buffer.concat([Buffer.of(tag, value.length), value]);
  return Buffer.concat([field(0x0a, Buffer.from(url(type))), field(0x12, bytes)]);
};

/** Contents that have no JSON form, and whose base64 would be taken for another content of the type, or for that of a field `value`. */
const contents: readonly (readonly [name: string, type: string, content: string, base64: string])[] = [
  ['a path that has no JSON form', 'google.protobuf.FieldMask', "0a 01 '_'", 'CgFf'],
  ['a path without characters', 'google.protobuf.FieldMask', '0a 00', 'CgA='],
  ['bytes that are cut off', 'google.protobuf.BytesValue', '0a 09 01', 'CgkB'],
  ['text that is not UTF-8', 'google.protobuf.StringValue', '0a 01 ff', 'CgH/'],
  ['a time out of range', 'google.protobuf.Timestamp', '10 ff ff ff ff 07', 'EP////8H'],
  ['a member that is not UTF-8', 'all.Kinds', '72 01 ff', 'cgH/'],
  ['fields of a type that is not known', 'unknown.Type', "0a 01 'a'", 'CgFh'],
];
for (const [name, type, content, base64] of contents) {
  const any = encode(type, content);
  const marked = `{"@type":"${url(type)}","@value":"${base64}"}`;

  t.test(`an Any without a JSON form is marked as bytes: ${name}`, async (t) => {
    t.equal(c.print('google.protobuf.Any', any), marked);
    const nested = Buffer.concat([Buffer.of(0xa2, 0x02, any.length), any]);
    t.equal(c.print('all.Kinds', nested), `{"any":${marked}}`);
  });

  t.test(`what is marked is not taken back: ${name}`, async (t) => {
    const known = allKinds.message(type) !== undefined;
    const reason = known ? 'bytes of an Any without a JSON form are not taken back' : 'the type is not known';
    for (const unknown of ['error', 'ignore'] as const)
      t.throws(() => c.parse('google.protobuf.Any', marked, { unknown }), { name: 'JsonError', path: known ? '@value' : '@type', reason });
  });

  t.test(`a detail of an error keeps its form: ${name}`, async (t) => {
    const print = compileDetails(allKinds, c.codec);
    t.strictSame(print(Buffer.concat([Buffer.of(0x1a, any.length), any]), 1000), [`{"@type":"${url(type)}","value":"${base64}"}`]);
  });
}

t.test('a message that has a member @value in an object of its own takes it', async (t) => {
  t.equal(c.parse('all.Kinds', '{"struct":{"@value":1}}', { unknown: 'ignore' }).length > 0, true);
  t.equal(c.parse('all.Kinds', '{"@value":1}', { unknown: 'ignore' }), '');
});
