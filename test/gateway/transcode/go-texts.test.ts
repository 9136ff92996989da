import { test } from 'tap';
import { withGoTexts } from '../../../gateway/transcode/go-texts.js';
import { createCodec } from '../../../proto/json/create.js';
import { schemaOf } from '../../support/schema.js';

const schema = schemaOf({
  'texts.proto': `syntax = "proto3"; package t;
    import "google/protobuf/duration.proto";
    import "google/protobuf/wrappers.proto";
    message M {
      bool flag = 1;
      google.protobuf.BoolValue maybe = 2;
      google.protobuf.Duration span = 3;
      string text = 4;
      map<string, bool> flags = 5;
      map<string, string> labels = 6;
      double size = 7;
      google.protobuf.FloatValue weight = 8;
    }`,
});
const type = schema.message('t.M');
const codec = createCodec(schema);
const sink = codec.createSink();

/** The JSON of a message that has this one field, by name. */
function read(field: string, text: string, of = withGoTexts(codec), key?: string): string {
  const chain = [type?.field(field)].flatMap((f) => f ?? []);
  if (type === undefined) throw new Error('no type');
  if (key === undefined) of.scalar(chain, { unknown: 'error' })(text, sink);
  else of.entry(chain, { unknown: 'error' })(key, text, sink);
  const wire = sink.take();
  codec.printer(type, [], { defaults: false, protoNames: false, int64: 'string' })(wire, sink, {
    pretty: false,
    enumNumbers: false,
    fields: undefined,
  });
  return Buffer.from(sink.take()).toString();
}

const rows: readonly (readonly [field: string, text: string, json: string])[] = [
  ...['1', 't', 'T', 'TRUE', 'True', 'true'].map((text) => ['flag', text, '{"flag":true}'] as const),
  ...['0', 'f', 'F', 'FALSE', 'False', 'false'].map((text) => ['flag', text, '{}'] as const),
  ['maybe', '1', '{"maybe":true}'],
  ['maybe', 'F', '{"maybe":false}'],
  ['span', '1h2m', '{"span":"3720s"}'],
  ['span', '1.5h', '{"span":"5400s"}'],
  ['span', '-1m0.5s', '{"span":"-60.500s"}'],
  ['span', '+100ms', '{"span":"0.100s"}'],
  ['span', '1us2ns', '{"span":"0.000001002s"}'],
  ['span', '3µs', '{"span":"0.000003s"}'],
  ['span', '.5s', '{"span":"0.500s"}'],
  ['span', '1.s', '{"span":"1s"}'],
  ['span', '0', '{"span":"0s"}'],
  ['span', '1.5s', '{"span":"1.500s"}'],
  ['size', 'inf', '{"size":"Infinity"}'],
  ['size', '-Inf', '{"size":"-Infinity"}'],
  ['size', '+infinity', '{"size":"Infinity"}'],
  ['size', 'nan', '{"size":"NaN"}'],
  ['size', '1.5', '{"size":1.5}'],
  ['weight', 'Inf', '{"weight":"Infinity"}'],
  ['text', '1h', '{"text":"1h"}'],
  ['text', 't', '{"text":"t"}'],
];

for (const [field, text, json] of rows) test(`${field}: ${text}`, async (t) => t.equal(read(field, text), json));

test('values of maps are such texts, too', async (t) => {
  t.equal(read('flags', 't', withGoTexts(codec), 'a'), '{"flags":{"a":true}}');
  t.equal(read('labels', 't', withGoTexts(codec), 'a'), '{"labels":{"a":"t"}}');
});

for (const [field, text, reason] of [
  ['flag', 'yes', 'flag: true or false is expected'],
  ['flag', '', 'flag: true or false is expected'],
  ['size', '-nan', 'size: a number is expected'],
  ['size', 'info', 'size: a number is expected'],
  ['span', '1', 'span: a duration like 1.5s is expected'],
  ['span', '1d', 'span: a duration like 1.5s is expected'],
  ['span', 's', 'span: a duration like 1.5s is expected'],
  ['span', `${'1h'.repeat(33)}`, 'span: a duration like 1.5s is expected'],
  ['span', '99999999999h', 'span: the duration is out of range'],
] as const) {
  test(`${field}: ${JSON.stringify(text)} is refused`, async (t) => {
    t.throws(() => read(field, text), { message: reason });
    sink.reset();
  });
}

test('without it they are refused', async (t) => {
  t.throws(() => read('flag', '1', codec), { message: 'flag: true or false is expected' });
  sink.reset();
  t.throws(() => read('span', '1h', codec), { message: 'span: a duration like 1.5s is expected' });
  sink.reset();
});
