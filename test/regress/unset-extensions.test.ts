import t from 'tap';
import { CodecCase, wire } from '../proto/json/codec-case.js';
import { rpc, sampleOf, schemaOf } from '../swagger/sample.js';

const texts = {
  'x.proto': `syntax = "proto2"; package x; import "google/api/annotations.proto";
    service S { ${rpc('Get(Item) returns (Item)', 'get: "/v1/item"')} }
    message Item { optional string id = 1; optional Item next = 2; repeated int32 sizes = 3; extensions 100 to 200; }
    extend Item { repeated int32 marks = 101; optional int32 mark = 102; optional Item twin = 103; repeated Item more = 104;
      repeated int32 packs = 105 [packed = true]; }`,
};
const c = new CodecCase(schemaOf(texts));
const defaults = { defaults: true, nulls: true };

const rows: readonly [name: string, wire: string, json: string][] = [
  ['of a message without them', "0a 01 'x'", '{"id":"x","next":null,"sizes":[]}'],
  ['of an empty message', '', '{"next":null,"sizes":[]}'],
  ['whose packed values are none', 'ca 06 00', '{"next":null,"sizes":[]}'],
  ['among others that are set', 'a8 06 07', '{"next":null,"sizes":[],"[x.marks]":[7]}'],
  ['whose fields come out of order', "b0 06 00 0a 01 'x'", '{"id":"x","next":null,"sizes":[],"[x.mark]":0}'],
  ['within an extension', 'ba 06 00', '{"next":null,"sizes":[],"[x.twin]":{"next":null,"sizes":[]}}'],
];
for (const [name, bytes, json] of rows) {
  t.test(`an unset extension is neither its default nor null: ${name}`, async (t) => {
    t.equal(c.print('x.Item', wire(bytes), defaults), json);
  });
}

t.test('nor is an unset extension that is selected', async (t) => {
  const type = c.type('x.Item');
  const fields = c.schema.extensions(type).map((field) => [field]);
  t.equal(c.print('x.Item', wire("0a 01 'x'"), { ...defaults, fields }), '{}');
});

t.test('an extension is documented as one that is never null', async (t) => {
  const { json } = sampleOf(texts, { print: { protoNames: false, int64: 'string', nulls: true } });
  const item = { $ref: '#/components/schemas/x.Item' };
  const { properties } = { ...json.components?.schemas?.['x.Item'] };
  t.same({ ...properties }['[x.twin]'], item);
  t.same({ ...properties }.next, { anyOf: [item, { type: 'null' }] });
});
