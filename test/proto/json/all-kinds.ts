import { schemaOf } from '../../support/schema.js';

/** A message `all.Kinds` with a field of every kind and shape. */
export const allKinds = schemaOf({
  'all.proto': `
      edition = "2023";
      package all;
      import "google/protobuf/any.proto";
      import "google/protobuf/duration.proto";
      import "google/protobuf/empty.proto";
      import "google/protobuf/field_mask.proto";
      import "google/protobuf/struct.proto";
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";
      enum Open { NONE = 0; ONE = 1; MINUS = -1; }
      enum Closed { option features.enum_type = CLOSED; FIRST = 3; }
      message Kinds {
        double double = 1; float float = 2; int32 int32 = 3; int64 int64 = 4; uint32 uint32 = 5; uint64 uint64 = 6;
        sint32 sint32 = 7; sint64 sint64 = 8; fixed32 fixed32 = 9; fixed64 fixed64 = 10; sfixed32 sfixed32 = 11; sfixed64 sfixed64 = 12;
        bool bool = 13; string string = 14; bytes bytes = 15; Open open = 16; Closed closed = 17; Kinds kinds = 18;
        Kinds group = 19 [features.message_encoding = DELIMITED];
        repeated int32 packed = 20; repeated int32 unpacked = 21 [features.repeated_field_encoding = EXPANDED];
        repeated string strings = 22; repeated Kinds many = 23; map<string, int32> to_int = 24; map<int64, Kinds> to_kinds = 25;
        map<bool, Open> to_open = 26;
        oneof choice { string left = 27; Kinds right = 28; google.protobuf.NullValue none = 29; }
        google.protobuf.Timestamp time = 30; google.protobuf.Duration duration = 31; google.protobuf.FieldMask mask = 32;
        google.protobuf.Struct struct = 33; google.protobuf.Value value = 34; google.protobuf.ListValue list = 35;
        google.protobuf.Any any = 36; google.protobuf.Empty empty = 37; google.protobuf.Int64Value wrapped = 38;
        google.protobuf.NullValue null = 39;
        repeated google.protobuf.Value values = 40; repeated Open opens = 41;
        extensions 100 to 200;
      }
      extend Kinds { string ext = 100; repeated int32 exts = 101; }`,
});
