import { test } from 'tap';
import { link } from '../../proto/link.js';
import type { MessageType } from '../../proto/schema.js';
import { compileProtos, schemaOf } from '../support/schema.js';

const library = `syntax = "proto3";
package lib;
import "google/protobuf/timestamp.proto";
// A shelf of books.
//  - indented
message Shelf {
  // Its name.
  string shelf_name = 1; // not this
  int64 size = 2; // How many.
  optional bool open = 3;
  repeated int32 ids = 4;
  map<string, Shelf> rooms = 5;
  oneof place { string wall = 6; Kind kind = 7; }
  google.protobuf.Timestamp built = 8 [json_name = "BUILT", deprecated = true];
  /** A doc comment
   *  of two lines. */
  repeated string __odd__name_2x = 9;
}
enum Kind { KIND_UNSPECIFIED = 0; WOOD = 1; /* As wood. */
}
service Shelves {
  // Gets one.
  rpc Get(Shelf) returns (Shelf) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Watch(stream Shelf) returns (stream Shelf) { option deprecated = true; }
  rpc Put(stream Shelf) returns (Shelf) { option idempotency_level = IDEMPOTENT; }
}
`;

test('fields of a proto3 file', async (t) => {
  const shelf = schemaOf({ 'lib.proto': library }).message('lib.Shelf');
  const fields = shelf?.fields.map((f) => [f.protoName, f.jsonName, f.number, f.kind, f.presence, f.repeated, f.packed, f.oneof?.name]);
  t.strictSame(fields, [
    ['shelf_name', 'shelfName', 1, 'string', false, false, false, undefined],
    ['size', 'size', 2, 'int64', false, false, false, undefined],
    ['open', 'open', 3, 'bool', true, false, false, undefined],
    ['ids', 'ids', 4, 'int32', false, true, true, undefined],
    ['rooms', 'rooms', 5, 'map', false, false, false, undefined],
    ['wall', 'wall', 6, 'string', true, false, false, 'place'],
    ['kind', 'kind', 7, 'enum', true, false, false, 'place'],
    ['built', 'BUILT', 8, 'message', true, false, false, undefined],
    ['__odd__name_2x', 'OddName2x', 9, 'string', false, true, false, undefined],
  ]);
  const oneofs = shelf?.oneofs.map((oneof) => [oneof.name, oneof.fields.map((f) => f.protoName)]);
  t.strictSame(oneofs, [['place', ['wall', 'kind']]], 'the synthetic oneof of `optional` does not appear');
  t.equal(shelf?.field('built'), shelf?.field('BUILT'));
  t.equal(shelf?.fieldByNumber(8)?.deprecated, true);
  t.equal(shelf?.fieldByNumber(8)?.name, 'lib.Shelf.built');
  t.equal(shelf?.fieldByNumber(99), undefined);
});

test('methods', async (t) => {
  const { methods, services } = schemaOf({ 'lib.proto': library });
  t.strictSame(
    methods.map((m) => [m.name, m.path, m.input.name, m.clientStream, m.serverStream, m.idempotent, m.deprecated]),
    [
      ['lib.Shelves.Get', '/lib.Shelves/Get', 'lib.Shelf', false, false, true, false],
      ['lib.Shelves.Watch', '/lib.Shelves/Watch', 'lib.Shelf', true, true, false, true],
      ['lib.Shelves.Put', '/lib.Shelves/Put', 'lib.Shelf', true, false, true, false],
    ],
  );
  t.strictSame(services[0]?.methods, methods);
  t.equal(methods[0]?.service, services[0]);
});

test('leading comments, else trailing ones, without the space of the comment mark', async (t) => {
  const schema = schemaOf({ 'lib.proto': library });
  const shelf = schema.message('lib.Shelf');
  t.equal(shelf?.comment, 'A shelf of books.\n - indented');
  t.equal(shelf?.field('shelf_name')?.comment, 'Its name.');
  t.equal(shelf?.field('size')?.comment, 'How many.');
  t.equal(shelf?.field('open')?.comment, '');
  t.equal(shelf?.fieldByNumber(9)?.comment, 'A doc comment\n of two lines.');
  t.equal(schema.enum('lib.Kind')?.value('WOOD')?.comment, 'As wood.');
  t.equal(schema.methods[0]?.comment, 'Gets one.');
});

test('where elements are declared', async (t) => {
  const schema = schemaOf({ 'lib.proto': library });
  const rows = {
    'lib.Shelf': 6,
    'lib.Shelf.size': 9,
    'lib.Shelf.place': 13,
    'lib.Shelf.wall': 13,
    'lib.Kind': 19,
    'lib.WOOD': 19,
    'lib.Shelves': 21,
    'lib.Shelves.Watch': 24,
  };
  for (const [name, line] of Object.entries(rows)) t.equal(schema.where(name)?.line, line, name);
  t.strictSame(schema.where('lib.Shelf.size'), { file: 'lib.proto', line: 9, column: 3 });
  t.equal(schema.where('lib.Nothing'), undefined);
});

test('maps', async (t) => {
  const m = schemaOf({
    'm.proto': `syntax = "proto3"; message M { map<int64, M> of = 1; map<string, E> to = 2; map<bool, bytes> b = 3; } enum E { Z = 0; }`,
  }).message('M');
  const maps = m?.fields.map((f) => f.kind === 'map' && [f.type.name, f.type.mapEntry, f.key.kind, f.value.kind]);
  t.strictSame(maps, [
    ['M.OfEntry', true, 'int64', 'message'],
    ['M.ToEntry', true, 'string', 'enum'],
    ['M.BEntry', true, 'bool', 'bytes'],
  ]);
});

const proto2 = `syntax = "proto2";
package old;
message M {
  required string a = 1;
  optional int32 b = 2 [default = 7];
  repeated int32 c = 3;
  repeated int32 d = 4 [packed = true];
  optional group Result = 5 { optional string url = 1; }
  optional E e = 6;
  extensions 100 to 200;
  extend M { optional M inner = 101; }
}
enum E { option allow_alias = true; ONE = 1; UN = 1; TWO = 2; }
extend M { optional string note = 100; repeated E es = 102; }
`;

test('a proto2 file', async (t) => {
  const schema = schemaOf({ 'old.proto': proto2 });
  const m = schema.message('old.M');
  t.strictSame(
    m?.fields.map((f) => [
      f.protoName,
      f.presence,
      f.required,
      f.packed,
      f.kind === 'message' && f.delimited,
      f.kind === 'string' && f.utf8,
    ]),
    [
      ['a', true, true, false, false, false],
      ['b', true, false, false, false, false],
      ['c', false, false, false, false, false],
      ['d', false, false, true, false, false],
      ['result', true, false, false, true, false],
      ['e', true, false, false, false, false],
    ],
  );
  const e = schema.enum('old.E');
  t.equal(e?.closed, true);
  t.strictSame(
    e?.values.map((v) => [v.name, v.protoName, v.number]),
    [
      ['old.ONE', 'ONE', 1],
      ['old.UN', 'UN', 1],
      ['old.TWO', 'TWO', 2],
    ],
  );
  t.equal(e?.valueByNumber(1)?.protoName, 'ONE', 'the first of two aliases is the canonical one');
  t.equal(e?.value('UN')?.number, 1);
});

test('extensions are found by the message they extend', async (t) => {
  const schema = schemaOf({ 'old.proto': proto2 });
  const m = schema.message('old.M');
  t.strictSame(
    m &&
      schema
        .extensions(m)
        .map((f) => [f.name, f.protoName, f.jsonName, f.number, f.kind, f.presence, f.repeated, f.extension, f.parent.name]),
    [
      ['old.M.inner', 'old.M.inner', '[old.M.inner]', 101, 'message', true, false, true, 'old.M'],
      ['old.note', 'old.note', '[old.note]', 100, 'string', true, false, true, 'old.M'],
      ['old.es', 'old.es', '[old.es]', 102, 'enum', false, true, true, 'old.M'],
    ],
  );
  const [entry] = schemaOf({ 'a.proto': 'syntax = "proto3"; message A {}' }).services;
  t.equal(entry, undefined);
});

const edition = (year: number) => `edition = "${year}";
package ed;
message M {
  string explicit = 1;
  string implicit = 2 [features.field_presence = IMPLICIT];
  string needed = 3 [features.field_presence = LEGACY_REQUIRED];
  repeated int32 packed = 4;
  repeated int32 expanded = 5 [features.repeated_field_encoding = EXPANDED];
  string raw = 6 [features.utf8_validation = NONE];
  M group = 7 [features.message_encoding = DELIMITED];
  map<string, M> map = 8;
  Closed closed = 9;
  Open open = 10;
  oneof one { string member = 11; }
  M sub = 12;
}
enum Closed { option features.enum_type = CLOSED; ONE = 1; }
enum Open { ZERO = 0; }
`;

const wantedOfEdition = [
  ['explicit', 'string', true, false, false, true],
  ['implicit', 'string', false, false, false, true],
  ['needed', 'string', true, true, false, true],
  ['packed', 'int32', false, false, true, undefined],
  ['expanded', 'int32', false, false, false, undefined],
  ['raw', 'string', true, false, false, false],
  ['group', 'message', true, false, false, true],
  ['map', 'map', false, false, false, undefined],
  ['closed', 'enum', true, false, false, undefined],
  ['open', 'enum', true, false, false, undefined],
  ['member', 'string', true, false, false, true],
  ['sub', 'message', true, false, false, false],
];

function featuresOf(m: MessageType | undefined) {
  return m?.fields.map((f) => {
    const last = f.kind === 'string' ? f.utf8 : f.kind === 'message' ? f.delimited : undefined;
    return [f.protoName, f.kind, f.presence, f.required, f.packed, last];
  });
}

for (const year of [2023, 2024]) {
  test(`features of edition ${year}`, async (t) => {
    const schema = schemaOf({ 'ed.proto': edition(year) });
    t.strictSame(featuresOf(schema.message('ed.M')), wantedOfEdition);
    t.equal(schema.enum('ed.Closed')?.closed, true);
    t.equal(schema.enum('ed.Open')?.closed, false);
  });
}

test('features of a file are inherited, and overridden inside', async (t) => {
  const schema = schemaOf({
    'f.proto': `edition = "2023";
      option features.field_presence = IMPLICIT;
      option features.message_encoding = DELIMITED;
      option features.repeated_field_encoding = EXPANDED;
      option features.enum_type = CLOSED;
      option features.utf8_validation = NONE;
      message M { int32 a = 1; int32 b = 2 [features.field_presence = EXPLICIT]; M m = 3; map<int32, M> map = 4; repeated int32 r = 5;
        M l = 6 [features.message_encoding = LENGTH_PREFIXED]; enum Inner { X = 0; } string s = 7; map<string, string> strings = 8; }
      enum Open { option features.enum_type = OPEN; Z = 0; }`,
  });
  const m = schema.message('M');
  t.strictSame(featuresOf(m), [
    ['a', 'int32', false, false, false, undefined],
    ['b', 'int32', true, false, false, undefined],
    ['m', 'message', true, false, false, true],
    ['map', 'map', false, false, false, undefined],
    ['r', 'int32', false, false, false, undefined],
    ['l', 'message', true, false, false, false],
    ['s', 'string', false, false, false, false],
    ['strings', 'map', false, false, false, undefined],
  ]);
  const map = m?.field('map');
  t.equal(map?.kind === 'map' && map.value.kind === 'message' && map.value.delimited, false, 'map values are never delimited');
  const strings = m?.field('strings');
  t.strictSame(strings?.kind === 'map' && strings.value.kind === 'string' && [strings.key.utf8, strings.value.utf8], [false, false]);
  t.equal(schema.enum('M.Inner')?.closed, true);
  t.equal(schema.enum('Open')?.closed, false);
});

test('options stay wire bytes, custom ones included', async (t) => {
  const schema = schemaOf({
    'o.proto': `syntax = "proto3"; import "google/protobuf/descriptor.proto";
      extend google.protobuf.MessageOptions { string note = 50000; }
      message M { option (note) = "hi"; } message N {}`,
  });
  t.strictSame([...(schema.message('M')?.options ?? [])], [0x82, 0xb5, 0x18, 2, 0x68, 0x69]);
  t.strictSame(schema.message('N')?.options, new Uint8Array(0));
});

test('the hash and the order of methods do not depend on the order of files, but the hash on their content', async (t) => {
  const service = (name: string) =>
    `syntax = "proto3"; package ${name}; message M {} service S { rpc R(M) returns (M); rpc Q(M) returns (M); }`;
  const files = compileProtos({ 'b.proto': service('b'), 'a.proto': service('a') });
  const one = link([{ origin: 'x', version: '1', files }]);
  const other = link(files.toReversed().map((bytes, i) => ({ origin: `y${i}`, version: '2', files: [bytes] })));
  t.ok(one.ok && other.ok);
  if (!one.ok || !other.ok) return;
  t.match(one.value.hash, /^[0-9a-f]{64}$/);
  t.equal(one.value.hash, other.value.hash);
  const names = ['a.S.R', 'a.S.Q', 'b.S.R', 'b.S.Q'];
  t.strictSame(
    [one, other].map((result) => result.value.methods.map((m) => m.name)),
    [names, names],
  );
  const less = link([{ origin: 'x', version: '1', files: files.slice(0, 1) }]);
  t.not(less.ok && less.value.hash, one.value.hash);
});

test('no sources make an empty schema', async (t) => {
  const result = link([]);
  t.ok(result.ok);
  if (!result.ok) return;
  t.strictSame([result.value.services, result.value.methods, result.value.message('a.B')], [[], [], undefined]);
});
