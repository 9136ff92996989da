import { test } from 'tap';
import { asGatewayError } from '../../gateway/exchange/as-error.js';
import { multipart, writeParts } from '../gateway/transcode/multipart.js';
import { Transcoder } from '../gateway/transcode/transcoder.js';
import { wire } from '../proto/json/codec-case.js';
import { sampleOf } from '../swagger/sample.js';

const proto2 = new Transcoder(`syntax = "proto2";
package r;
import "google/api/annotations.proto";
import "google/protobuf/any.proto";
service S {
  rpc Post(M) returns (M) { option (google.api.http) = { post: "/v1" body: "*" additional_bindings { post: "/v1/ids/{id}" body: "*" } }; }
  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1" additional_bindings { get: "/v1/{id}" } }; }
  rpc Put(Holder) returns (M) { option (google.api.http) = { put: "/v1/{item.id}" body: "item" additional_bindings { put: "/v1" body: "item" } }; }
  rpc List(Holder) returns (M) { option (google.api.http) = { post: "/v1/items" body: "items" }; }
  rpc Need(Strict) returns (M) { option (google.api.http) = { post: "/v1/strict" body: "item" additional_bindings { get: "/v1/strict/all" } }; }
  rpc Many(Wide) returns (M) { option (google.api.http) = { post: "/v1/wide" body: "*" }; }
}
enum Kind { ONE = 1; }
message M {
  required string id = 1;
  optional int32 count = 2;
  optional M inner = 3;
  repeated M many = 4;
  map<string, M> by_name = 5;
  map<int32, M> by_number = 6;
  optional group Extra = 7 { required string sub_title = 1; optional M deep = 2; }
  repeated group Part = 8 { required int32 number = 1; }
  oneof choice { Box box = 9; string text = 10; }
  optional google.protobuf.Any any = 11;
  extensions 100;
}
message Box { required Kind kind = 1; optional string note = 2; }
extend M { optional Box wrapped = 100; }
message Holder { optional M item = 1; repeated M items = 2; optional string note = 3; }
message Strict { required M item = 1; required string note = 2; }
message Wide { ${Array.from({ length: 40 }, (_, i) => `required bool b${i + 1} = ${i + 1};`).join(' ')} }
`);

const form = 'application/x-www-form-urlencoded';
const protobuf = 'application/protobuf';

interface Row {
  readonly name: string;
  readonly line: string;
  readonly body?: string;
  readonly type?: string;
  /** The field that is missing; undefined if none is. */
  readonly field: string | undefined;
}

const rows: readonly Row[] = [
  { name: 'in a body', line: 'POST /v1', body: '{}', field: 'id' },
  { name: 'without a body', line: 'POST /v1', field: 'id' },
  { name: 'that is null', line: 'POST /v1', body: '{"id":null}', field: 'id' },
  { name: 'set to its default', line: 'POST /v1', body: '{"id":""}', field: undefined },
  { name: 'set by the path', line: 'POST /v1/ids/7', body: '{}', field: undefined },
  { name: 'set by the path alone', line: 'GET /v1/7', field: undefined },
  { name: 'in a message', line: 'POST /v1', body: '{"id":"a","inner":{"count":1}}', field: 'inner.id' },
  { name: 'in an empty message', line: 'POST /v1', body: '{"id":"a","inner":{}}', field: 'inner.id' },
  { name: 'in an element', line: 'POST /v1', body: '{"id":"a","many":[{"id":"b"},{"id":"c","many":[{}]}]}', field: 'many[1].many[0].id' },
  { name: 'in a value of a map', line: 'POST /v1', body: '{"id":"a","byName":{"x":{"id":"b"},"y.\\"z":{}}}', field: 'byName["y.\\"z"].id' },
  { name: 'in a value of a map of numbers', line: 'POST /v1', body: '{"id":"a","byNumber":{"-7":{}}}', field: 'byNumber["-7"].id' },
  { name: 'in a group', line: 'POST /v1', body: '{"id":"a","extra":{}}', field: 'extra.subTitle' },
  { name: 'in a message of a group', line: 'POST /v1', body: '{"id":"a","extra":{"subTitle":"b","deep":{}}}', field: 'extra.deep.id' },
  { name: 'in a group of several', line: 'POST /v1', body: '{"id":"a","part":[{"number":1},{}]}', field: 'part[1].number' },
  { name: 'in a member of a oneof', line: 'POST /v1', body: '{"id":"a","box":{}}', field: 'box.kind' },
  { name: 'in an extension', line: 'POST /v1', body: '{"id":"a","[r.wrapped]":{"note":"b"}}', field: '[r.wrapped].kind' },
  { name: 'of a type of Any', line: 'POST /v1', body: '{"id":"a","any":{"@type":"type.googleapis.com/r.Box"}}', field: undefined },
  {
    name: 'that are all there',
    line: 'POST /v1',
    body: '{"id":"a","inner":{"id":"b"},"many":[{"id":"c"}],"byName":{"x":{"id":"d"}},"extra":{"subTitle":""},"part":[{"number":0}],"box":{"kind":"ONE"}}',
    field: undefined,
  },
  {
    name: 'the fortieth',
    line: 'POST /v1/wide',
    body: JSON.stringify(Object.fromEntries(Array.from({ length: 39 }, (_, i) => [`b${i + 1}`, true]))),
    field: 'b40',
  },
  {
    name: 'the first of forty',
    line: 'POST /v1/wide',
    body: JSON.stringify(Object.fromEntries(Array.from({ length: 39 }, (_, i) => [`b${i + 2}`, true]))),
    field: 'b1',
  },
  { name: 'in the message of a body', line: 'PUT /v1', body: '{"count":1}', field: 'id' },
  { name: 'set by the path within the body', line: 'PUT /v1/7', body: '{"count":1}', field: undefined },
  { name: 'in an element of a body', line: 'POST /v1/items', body: '[{"id":"a"},{}]', field: '[1].id' },
  { name: 'in a message that is not there', line: 'PUT /v1', field: undefined },
  { name: 'the body', line: 'POST /v1/strict?note=a', field: 'item' },
  { name: 'the body that is null', line: 'POST /v1/strict?note=a', body: 'null', field: 'item' },
  { name: 'within the body', line: 'POST /v1/strict?note=a', body: '{}', field: 'id' },
  { name: 'beside the body', line: 'POST /v1/strict', body: '{"id":"a"}', field: 'note' },
  { name: 'beside the body, in the query', line: 'POST /v1/strict?note=a', body: '{"id":"a"}', field: undefined },
  { name: 'in the query', line: 'GET /v1?count=1', field: 'id' },
  { name: 'in an empty query', line: 'GET /v1', field: 'id' },
  { name: 'nested in the query', line: 'GET /v1?id=a&inner.count=1', field: 'inner.id' },
  {
    name: 'nested in the query, in pieces',
    line: 'GET /v1?inner.count=1&id=a&extra.deep.id=c&extra.sub_title=d&inner.id=b',
    field: undefined,
  },
  { name: 'in JSON text of the query', line: 'GET /v1?id=a&many={"id":"b"}&many={}', field: 'many[1].id' },
  { name: 'a message of the query', line: 'GET /v1/strict/all?note=a', field: 'item' },
  { name: 'in a message of the query', line: 'GET /v1/strict/all?note=a&item.count=1', field: 'item.id' },
  { name: 'in a form', line: 'POST /v1', body: 'count=1', type: form, field: 'id' },
  { name: 'nested in a form', line: 'POST /v1', body: 'id=a&inner.inner.id=b', type: form, field: 'inner.id' },
  { name: 'in a form that is a field', line: 'PUT /v1', body: 'count=1', type: form, field: 'id' },
  { name: 'of a form that has all', line: 'PUT /v1', body: 'id=', type: form, field: undefined },
  { name: 'in a protobuf body', line: 'POST /v1', body: '10 01', type: protobuf, field: 'id' },
  { name: 'nested in a protobuf body', line: 'POST /v1', body: "0a 01 'a' 1a 02 10 01", type: protobuf, field: 'inner.id' },
  {
    name: 'in a piece of a message of a protobuf body',
    line: 'POST /v1',
    body: '1a 02 10 01 0a 00 1a 02 0a 00',
    type: protobuf,
    field: undefined,
  },
  { name: 'in a group of a protobuf body', line: 'POST /v1', body: '0a 00 3b 12 02 0a 00 3c', type: protobuf, field: 'extra.sub_title' },
  {
    name: 'in a map of a protobuf body, without a value',
    line: 'POST /v1',
    body: "0a 00 2a 03 0a 01 'k'",
    type: protobuf,
    field: 'by_name["k"].id',
  },
  {
    name: 'in a map of a protobuf body, without a key',
    line: 'POST /v1',
    body: '0a 00 32 02 12 00',
    type: protobuf,
    field: 'by_number["0"].id',
  },
  { name: 'in an extension of a protobuf body', line: 'POST /v1', body: '0a 00 a2 06 00', type: protobuf, field: 'r.wrapped.kind' },
  { name: 'an enum value that the enum does not have', line: 'POST /v1', body: '0a 00 4a 02 08 05', type: protobuf, field: 'box.kind' },
  { name: 'an enum value that it has', line: 'POST /v1', body: '0a 00 4a 02 08 01', type: protobuf, field: undefined },
  { name: 'within a protobuf body', line: 'POST /v1/strict?note=a', body: '10 01', type: protobuf, field: 'id' },
];

for (const { name, line, body = '', type, field } of rows) {
  const outcome = field === undefined ? 'is asked no more of' : 'is refused';
  test(`a required field ${name} ${outcome}: ${line}`, (t) => {
    const content = type === protobuf ? wire(body) : body;
    const sent = proto2.send(line, content, type);
    if (field === undefined) t.notMatch(sent, /^400/);
    else t.equal(sent, `400 ${field}: is required`);
    t.end();
  });
}

test('a refusal for a required field names it in a google.rpc.BadRequest', (t) => {
  try {
    proto2.wire('POST /v1', '{"id":"a","many":[{}]}');
    t.fail('it was taken');
  } catch (e) {
    t.strictSame(
      asGatewayError(e).details.map((one) => JSON.parse(one)),
      [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'many[0].id', description: 'is required' }],
        },
      ],
    );
  }
  t.end();
});

test('a part of a form does not stand for what is required beside it', async (t) => {
  t.equal(await proto2.sendParts('POST /v1', writeParts([{ name: 'count', content: '7' }]), multipart), '400 id: is required');
  t.equal(await proto2.sendParts('POST /v1', writeParts([{ name: 'id', content: '7' }]), multipart), '{"id":"7"}');
});

test('an extension of a protobuf body that is malformed is refused', (t) => {
  t.equal(proto2.send('POST /v1', wire('0a 00 a2 06 01 08'), protobuf), '400 the message is malformed: truncated');
  t.end();
});

const editions = new Transcoder(`edition = "2023";
package e;
import "google/api/annotations.proto";
option features.message_encoding = DELIMITED;
service S { rpc Post(M) returns (M) { option (google.api.http) = { post: "/v1" body: "*" }; } }
message M { string id = 1 [features.field_presence = LEGACY_REQUIRED]; M inner = 2; string free = 3; }
`);

test('LEGACY_REQUIRED is required, and nothing else of editions', (t) => {
  t.equal(editions.send('POST /v1', '{"id":"a","inner":{"id":"","inner":{"free":"x"}}}'), '400 inner.inner.id: is required');
  t.equal(editions.send('POST /v1', '{"id":"a","inner":{"id":"b"}}'), '{"id":"a","inner":{"id":"b"}}');
  t.end();
});

const proto3 = new Transcoder(`syntax = "proto3";
package p;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
service S { rpc Post(M) returns (M) { option (google.api.http) = { post: "/v1" body: "*" }; } }
message M { string id = 1 [(google.api.field_behavior) = REQUIRED]; }
`);

test('a field that the API calls REQUIRED is for the server to ask for', (t) => {
  t.equal(proto3.send('POST /v1', '{}'), '{}');
  t.end();
});

const documented = `syntax = "proto2";
package d;
import "google/api/annotations.proto";
service S {
  rpc Post(M) returns (M) { option (google.api.http) = { post: "/v1" body: "*" }; }
  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1" additional_bindings { get: "/v1/{inner.id}" } }; }
  rpc Need(Strict) returns (M) { option (google.api.http) = { get: "/v2" additional_bindings { put: "/v2" body: "item" } }; }
  rpc Whole(Outer) returns (M) { option (google.api.http) = { get: "/v3" }; }
}
message M { required string id = 1; optional int32 count = 2; optional Inner inner = 3; optional group Extra = 7 { required string sub_title = 1; } }
message Inner { required string id = 1; required string text = 2; }
message Strict { required M item = 1; required string note = 2; }
message Outer { required Free free = 1; }
message Free { optional string a = 1; }
`;

test('the document says which properties and parameters are required', (t) => {
  const { paths, components } = sampleOf({ 'd.proto': documented }).json;
  const schemas = Object.entries(components?.schemas ?? {}).filter(([name]) => name.startsWith('d.'));
  t.strictSame(Object.fromEntries(schemas.map(([name, schema]) => [name, schema.required])), {
    'd.M': ['id'],
    'd.M.Extra': ['subTitle'],
    'd.Inner': ['id', 'text'],
    'd.Free': undefined,
  });
  const requiredOf = (path: string, method: string) =>
    Object.values(paths?.[path]?.[method]?.parameters ?? {})
      .filter((one) => Boolean(one.required))
      .map((one) => String(one.name));
  t.strictSame(requiredOf('/v1', 'get'), ['id']);
  t.strictSame(requiredOf('/v1/{inner.id}', 'get'), ['inner.id', 'id', 'inner.text']);
  t.strictSame(requiredOf('/v2', 'get'), ['item.id', 'note']);
  t.strictSame(requiredOf('/v2', 'put'), ['note']);
  t.strictSame(requiredOf('/v3', 'get'), ['free']);
  t.end();
});
