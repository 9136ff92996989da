import { test } from 'tap';
import { schemaOf } from '../support/schema.js';

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
}
enum Kind { KIND_UNSPECIFIED = 0; WOOD = 1; }
service Shelves {
  // Gets one.
  rpc Get(Shelf) returns (Shelf) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Watch(stream Shelf) returns (stream Shelf);
}
`;

test('proto3 file', async (t) => {
  const schema = schemaOf({ 'lib.proto': library });
  const shelf = schema.message('lib.Shelf');
  t.equal(shelf?.comment, 'A shelf of books.\n - indented');
  t.strictSame(
    shelf?.fields.map((f) => [f.protoName, f.jsonName, f.number, f.kind, f.presence, f.repeated, f.packed, f.oneof?.name, f.comment]),
    [
      ['shelf_name', 'shelfName', 1, 'string', false, false, false, undefined, 'Its name.'],
      ['size', 'size', 2, 'int64', false, false, false, undefined, 'How many.'],
      ['open', 'open', 3, 'bool', true, false, false, undefined, ''],
      ['ids', 'ids', 4, 'int32', false, true, true, undefined, ''],
      ['rooms', 'rooms', 5, 'map', false, false, false, undefined, ''],
      ['wall', 'wall', 6, 'string', true, false, false, 'place', ''],
      ['kind', 'kind', 7, 'enum', true, false, false, 'place', ''],
      ['built', 'BUILT', 8, 'message', true, false, false, undefined, ''],
    ],
  );
  t.strictSame(
    shelf?.oneofs.map((o) => [o.name, o.fields.map((f) => f.protoName)]),
    [['place', ['wall', 'kind']]],
  );
  t.strictSame(schema.where('lib.Shelf.size'), { file: 'lib.proto', line: 9, column: 3 });
  t.strictSame(
    schema.methods.map((m) => [m.name, m.path, m.clientStream, m.serverStream, m.idempotent, m.comment]),
    [
      ['lib.Shelves.Get', '/lib.Shelves/Get', false, false, true, 'Gets one.'],
      ['lib.Shelves.Watch', '/lib.Shelves/Watch', true, true, false, ''],
    ],
  );
  t.equal(shelf?.field('built'), shelf?.field('BUILT'));
  t.equal(shelf?.fieldByNumber(8)?.deprecated, true);
});
