import { test } from 'tap';
import { lint } from '../../annotations/lint/lint.js';
import { selectFields } from '../../gateway/transcode/select-fields.js';
import { createCodec } from '../../proto/json/create.js';
import { printProblem } from '../../proto/problem.js';
import { multipart, writeParts } from '../gateway/transcode/multipart.js';
import { Transcoder } from '../gateway/transcode/transcoder.js';
import { sampleOf } from '../swagger/sample.js';

const text = `syntax = "proto3";
package k;
import "google/api/annotations.proto";
import "google/protobuf/field_mask.proto";
service S {
  rpc Post(M) returns (M) { option (google.api.http) = { post: "/v1" body: "*" }; }
  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1" }; }
  rpc ByUid(M) returns (M) { option (google.api.http) = { get: "/v1/uid/{uid}" additional_bindings { post: "/v1/uid/{uid}" body: "*" } }; }
  rpc ById(M) returns (M) { option (google.api.http) = { get: "/v1/id/{id}" additional_bindings { post: "/v1/id/{id}" body: "*" } }; }
  rpc In(M) returns (M) { option (google.api.http) = { post: "/v1/in/{in.id}" body: "in" }; }
  rpc Key(Bodies) returns (Bodies) { option (google.api.http) = { post: "/v1/key" body: "b" response_body: "b" }; }
}
message M {
  string uid = 1 [json_name = "id"];
  string id = 2 [json_name = "legacyId"];
  M in = 3;
  google.protobuf.FieldMask mask = 4;
}
message Bodies { M a = 1 [json_name = "b"]; M b = 2 [json_name = "c"]; }
`;

const transcoder = new Transcoder(text);
const form = 'application/x-www-form-urlencoded';

for (const [key, expected] of [
  ['id', '{"uid":"7"}'],
  ['uid', '{"uid":"7"}'],
  ['legacyId', '{"legacyId":"7"}'],
] as const) {
  test(`"${key}" is the same field wherever it is a key: that of the JSON name before that of the proto name`, async (t) => {
    const nested = `{"in":${expected}}`;
    t.equal(transcoder.send('POST /v1', `{"${key}":"7"}`), expected, 'in JSON');
    t.equal(transcoder.send('POST /v1', `{"in":{"${key}":"7"}}`), nested, 'in JSON, nested');
    t.equal(transcoder.send(`GET /v1?${key}=7`), expected, 'in the query');
    t.equal(transcoder.send(`GET /v1?in.${key}=7`), nested, 'in the query, nested');
    t.equal(transcoder.send(`GET /v1?in={"${key}":"7"}`), nested, 'in a parameter of JSON text');
    t.equal(transcoder.send('POST /v1', `${key}=7`, form), expected, 'in a form');
    t.equal(await transcoder.sendParts('POST /v1', writeParts([{ name: key, content: '7' }]), multipart), expected, 'as a part');
    const selected = selectFields(`in.${key}`, transcoder.schema.message('k.M'));
    t.equal(selected?.[0]?.[1]?.number, expected.includes('uid') ? 1 : 2, 'in $fields');
    t.equal(transcoder.send(`GET /v1?mask=${key}`), `{"mask":"${expected.includes('uid') ? 'uid' : 'id'}"}`, 'in a mask');
  });
}

test('a variable of a path and the body of a rule are proto names', (t) => {
  t.equal(transcoder.send('GET /v1/uid/7'), '{"uid":"7"}');
  t.equal(transcoder.send('GET /v1/id/7'), '{"legacyId":"7"}');
  t.equal(transcoder.send('POST /v1/in/7', '{"id":"8"}'), '{"in":{"uid":"8","legacyId":"7"}}');
  t.equal(transcoder.send('POST /v1/key', '{"id":"8"}'), '{"c":{"uid":"8"}}');
  t.end();
});

test('the path guards the field of its variable, by the keys that mean it', (t) => {
  t.equal(transcoder.send('GET /v1/uid/7?id=8'), '400 id: contradicts the path, which sets uid');
  t.equal(transcoder.send('GET /v1/uid/7?legacyId=8'), '{"uid":"7","legacyId":"8"}');
  t.equal(transcoder.send('GET /v1/id/7?id=8'), '{"uid":"8","legacyId":"7"}');
  t.equal(transcoder.send('GET /v1/id/7?legacyId=8'), '400 legacyId: contradicts the path, which sets id');
  t.equal(transcoder.send('POST /v1/id/7', '{"id":"8"}'), '{"uid":"8","legacyId":"7"}');
  t.equal(transcoder.send('POST /v1/id/7', '{"legacyId":"8"}'), '400 legacyId: the path says otherwise');
  t.equal(transcoder.send('POST /v1/in/7', 'legacyId=8', form), '400 legacyId: contradicts the path, which sets in.id');
  t.end();
});

test('what is printed in proto names is read as what it was', (t) => {
  const { schema } = transcoder;
  const type = schema.message('k.M');
  if (type === undefined) throw new Error('no type');
  const codec = createCodec(schema);
  const sink = codec.createSink();
  for (const protoNames of [true, false]) {
    const print = codec.printer(type, [], { defaults: false, protoNames, int64: 'string' });
    print(transcoder.wire('GET /v1?uid=1&legacyId=2'), sink, { pretty: false, enumNumbers: false, fields: undefined });
    const printed = Buffer.from(sink.take()).toString();
    t.equal(printed, protoNames ? '{"uid":"1","legacyId":"2"}' : '{"id":"1","legacyId":"2"}');
    t.same(transcoder.wire('POST /v1', printed), transcoder.wire('GET /v1?uid=1&legacyId=2'));
  }
  t.end();
});

test('the document names parameters and properties by keys that mean them', (t) => {
  for (const protoNames of [true, false]) {
    const { paths, components } = sampleOf({ 'k.proto': text }, { print: { protoNames, int64: 'string' } }).json;
    const names = protoNames ? ['uid', 'legacyId'] : ['id', 'legacyId'];
    const parameters = Object.values(paths?.['/v1']?.get?.parameters ?? {}).map((one) => String(one.name));
    t.strictSame(parameters.slice(0, 2), names);
    t.strictSame(Object.keys(components?.schemas?.['k.M']?.properties ?? {}).slice(0, 2), names);
  }
  t.end();
});

test('check warns once of a key that is the JSON name of one field and the proto name of another', (t) => {
  const { schema, table } = transcoder;
  const warnings = lint(schema, table, []).filter(({ rule }) => rule === 'ambiguous-key');
  t.strictSame(warnings.map(printProblem), [
    'transcoder.proto:15:3: k.M.id: "id" as a key of JSON, a query or a form is "uid", whose JSON name it is; only "legacyId" is this field',
    'transcoder.proto:19:45: k.Bodies.b: "b" as a key of JSON, a query or a form is "a", whose JSON name it is; only "c" is this field',
  ]);
  t.end();
});
