import { test } from 'tap';
import { selectFields } from '../../../gateway/transcode/select-fields.js';
import { schemaOf } from '../../support/schema.js';

const type = schemaOf({
  'a.proto': `syntax = "proto3"; package a;
    import "google/protobuf/struct.proto"; import "google/protobuf/timestamp.proto";
    message M {
      string display_name = 1; M inner = 2; repeated M many = 3; map<string, M> by_name = 4; map<string, string> labels = 5;
      google.protobuf.Timestamp time = 6; google.protobuf.Struct meta = 7;
    }`,
}).message('a.M');

const select = (text: string) => selectFields(text, type)?.map((chain) => chain.map((field) => field.protoName).join('.'));

for (const [text, ...paths] of [
  ['display_name', 'display_name'],
  ['displayName', 'display_name'],
  ['inner.display_name, many.inner.displayName', 'inner.display_name', 'many.inner.display_name'],
  ['byName.displayName', 'by_name.display_name'],
  ['time,meta,labels', 'time', 'meta', 'labels'],
  ['inner,inner.inner', 'inner', 'inner.inner'],
  [Array(32).fill('inner').join('.'), Array(32).fill('inner').join('.')],
  [Array(100).fill('inner').join(','), ...Array(100).fill('inner')],
] as const) {
  test(`${text.slice(0, 60)} selects`, async (t) => t.strictSame(select(text), paths));
}

test('* selects all, whatever stands beside it', async (t) => t.equal(select('inner,*'), undefined));

for (const [text, reason] of [
  ['', 'the reply has no field ""'],
  ['inner.', 'inner has no field ""'],
  ['displayname', 'the reply has no field "displayname"; is "displayName" meant?'],
  ['many.x', 'many has no field "x"'],
  ['time.seconds', 'time has no fields'],
  ['meta.fields', 'meta has no fields'],
  ['labels.x', 'labels has no fields'],
  ['displayName.x', 'displayName has no fields'],
  ['x'.repeat(100), `the reply has no field "${'x'.repeat(60)}…"`],
  [Array(33).fill('inner').join('.'), 'a path of more than 32 fields'],
  [Array(101).fill('inner').join(','), 'more than 100 paths'],
] as const) {
  test(`${JSON.stringify(text.slice(0, 60))} is refused`, async (t) => {
    t.throws(() => select(text), { name: 'Refusal', kind: 'field', field: '$fields', reason });
  });
}

test('a reply that is one value has no fields', async (t) => {
  t.throws(() => selectFields('x', undefined), { name: 'Refusal', field: '$fields', reason: 'the reply has no fields' });
});
