import { test } from 'tap';
import { asGatewayError } from '../../gateway/exchange/as-error.js';
import { WireReader } from '../../proto/wire/reader.js';
import { Transcoder } from '../gateway/transcode/transcoder.js';

const transcoder = new Transcoder(`
  syntax = "proto3";
  package m;
  import "google/api/annotations.proto";
  import "google/protobuf/field_mask.proto";
  import "google/protobuf/struct.proto";
  import "google/protobuf/timestamp.proto";

  service S {
    rpc Update(UpdateRequest) returns (Thing) { option (google.api.http) = { patch: "/v1/{thing.name}" body: "thing" }; }
    rpc Get(GetRequest) returns (Thing) { option (google.api.http) = { get: "/v1/{name}" }; }
    rpc List(GetRequest) returns (ListReply) { option (google.api.http) = { get: "/v1" }; }
    rpc Items(GetRequest) returns (ListReply) { option (google.api.http) = { get: "/v1/items/all" response_body: "things" }; }
    rpc Replace(UpdateRequest) returns (Nothing) { option (google.api.http) = { post: "/v1" body: "*" }; }
  }

  message UpdateRequest { Thing thing = 1; google.protobuf.FieldMask mask = 2; Part part = 4; }
  message GetRequest { string name = 1; google.protobuf.FieldMask mask = 2; Part part = 4; }
  message ListReply { repeated Thing things = 1; string next_page = 3; }
  message Nothing {}
  message Part { google.protobuf.FieldMask mask = 2; }
  message Thing {
    string name = 1;
    string displayName = 2;
    string STATUS = 3;
    string en_GB = 4;
    Sub sub_thing = 5;
    string page_size = 6;
    map<string, Sub> subs_by_name = 7;
    repeated Sub all_subs = 8;
    google.protobuf.Struct any_thing = 9;
    google.protobuf.Timestamp end_time = 10;
    string uid = 11 [json_name = "id"];
    string id = 12 [json_name = "legacyId"];
  }
  message Sub { string subValue = 1; string other_value = 2; }
`);

/** The paths of field 2, a FieldMask, in field 4 or none; or what the client is told. */
function pathsOf(line: string, body = '', type = 'application/json'): string | readonly string[] {
  try {
    const wire = transcoder.wire(line, body, type);
    return [...fieldsOf(wire, 4), wire].flatMap((message) => fieldsOf(message, 2)).flatMap((mask) => fieldsOf(mask, 1).map(String));
  } catch (e) {
    return asGatewayError(e).message;
  }
}

function fieldsOf(wire: Uint8Array, number: number): Buffer[] {
  const found: Buffer[] = [];
  for (const reader = new WireReader(wire); !reader.done; ) {
    const tag = reader.tag();
    if (tag >>> 3 === number) found.push(Buffer.from(reader.view()));
    else reader.skip(tag);
  }
  return found;
}

const bodies: readonly (readonly [name: string, body: string, paths: readonly string[]])[] = [
  ['in lowerCamelCase', '{"displayName":"a"}', ['displayName']],
  ['in capital letters', '{"STATUS":"a"}', ['STATUS']],
  ['with both, by its JSON name', '{"enGB":"a"}', ['en_GB']],
  ['with both, by its proto name', '{"en_GB":"a"}', ['en_GB']],
  ['within another', '{"subThing":{"subValue":"a","otherValue":"b"}}', ['sub_thing.subValue', 'sub_thing.other_value']],
  ['whose JSON name is the name of another', '{"id":"a"}', ['uid']],
  ['whose name is the JSON name of another', '{"legacyId":"a"}', ['id']],
  ['of every shape', '{"pageSize":"1","subsByName":{"a":{}},"allSubs":[]}', ['page_size', 'subs_by_name', 'all_subs']],
];

for (const [name, body, paths] of bodies) {
  test(`a derived mask has the proto name of a field ${name}`, (t) => {
    t.strictSame(pathsOf('PATCH /v1/a', body), paths);
    t.end();
  });
}

test('a derived mask of a form has the proto names of its fields', (t) => {
  const form = 'STATUS=a&displayName=b&sub_thing.subValue=c&enGB=d&id=e';
  const expected = ['STATUS', 'displayName', 'sub_thing.subValue', 'en_GB', 'uid'];
  t.strictSame(pathsOf('PATCH /v1/a', form, 'application/x-www-form-urlencoded'), expected);
  t.end();
});

const masks: readonly (readonly [name: string, mask: string, paths: string | readonly string[]])[] = [
  ['a proto name in lowerCamelCase', 'displayName', ['displayName']],
  ['a proto name in capital letters', 'STATUS', ['STATUS']],
  ['a proto name with both', 'en_GB', ['en_GB']],
  ['the JSON name of one with both', 'enGB', ['en_GB']],
  ['proto names of any kind', 'sub_thing.subValue', ['sub_thing.subValue']],
  ['JSON names', 'subThing.otherValue,pageSize', ['sub_thing.other_value', 'page_size']],
  ['a name that JSON reads as that of another', 'id,legacyId,uid', ['uid', 'id', 'uid']],
  ['a key of a map, which stays', 'subsByName.a_B.subValue,subs_by_name.aB', ['subs_by_name.a_B.subValue', 'subs_by_name.aB']],
  ['fields of all elements of a list', 'allSubs.*.otherValue', ['all_subs.*.other_value']],
  ['keys of a Struct, which stay', 'anyThing.some_Key.aB', ['any_thing.some_Key.aB']],
  ['a field of a message with a text form', 'endTime.seconds', ['end_time.seconds']],
  ['everything', '*', ['*']],
  ['no field of the resource, which is converted', 'fooBar,other_field', ['foo_bar', 'other_field']],
  ['no field within one', 'subThing.noSuchField', ['sub_thing.no_such_field']],
  ['no field, in a spelling that is none', 'no_Such', 'mask: a path of the field mask must be in lowerCamelCase'],
];

for (const [name, mask, expected] of masks) {
  test(`a mask in the query names ${name}`, (t) => {
    t.strictSame(pathsOf(`PATCH /v1/a?mask=${mask}`, '{"displayName":"a"}'), expected, 'of the body');
    t.strictSame(pathsOf(`GET /v1/a?mask=${mask}`), expected, 'of the reply');
    t.strictSame(pathsOf(`GET /v1?mask=${mask}`), expected, 'of the items of the reply');
    t.strictSame(pathsOf(`GET /v1/items/all?mask=${mask}`), expected, 'of the items that are the reply');
    t.strictSame(
      pathsOf('POST /v1', `mask=${mask}`, 'application/x-www-form-urlencoded'),
      expected,
      'of a message of the request, in a form',
    );
    const nested = typeof expected === 'string' ? `part.${expected}` : expected;
    t.strictSame(pathsOf(`GET /v1/a?part.mask=${mask}`), nested, 'from within a message of the request');
    t.end();
  });
}

test('a mask in a JSON body is ProtoJSON, whatever the fields of the resource', (t) => {
  t.strictSame(pathsOf('POST /v1', '{"mask":"displayName,STATUS,id"}'), ['display_name', '_s_t_a_t_u_s', 'id']);
  t.end();
});

test('a mask in the query has at most 1000 paths', (t) => {
  t.strictSame(pathsOf(`GET /v1/a?mask=${'id,'.repeat(999)}STATUS`), [...Array<string>(999).fill('uid'), 'STATUS']);
  t.strictSame(pathsOf(`GET /v1/a?mask=${'id,'.repeat(1000)}STATUS`), 'mask: a field mask of more than 1000 paths');
  t.end();
});
