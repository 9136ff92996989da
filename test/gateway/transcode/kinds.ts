import { Transcoder } from './transcoder.js';

/** A message with a field of every kind, which a path, a query and a body can set. */
export const kinds = new Transcoder(`
  syntax = "proto3";
  package k;
  import "google/api/annotations.proto";
  import "google/api/httpbody.proto";
  import "google/protobuf/any.proto";
  import "google/protobuf/duration.proto";
  import "google/protobuf/empty.proto";
  import "google/protobuf/field_mask.proto";
  import "google/protobuf/struct.proto";
  import "google/protobuf/timestamp.proto";
  import "google/protobuf/wrappers.proto";
  service S {
    rpc Get(M) returns (M) { option (google.api.http) = { get: "/q" additional_bindings { get: "/q/{text}" } additional_bindings { get: "/in/{inner.text}" }
      additional_bindings { get: "/time/{time}" } additional_bindings { get: "/shelf/{shelf}" } additional_bindings { get: "/count/{count}" }
      additional_bindings { get: "/pages/{pages}" } }; }
    rpc Post(M) returns (M) { option (google.api.http) = { post: "/b" body: "*" additional_bindings { post: "/b/{inner.text}" body: "*" }
      additional_bindings { post: "/count/{count}" body: "*" } additional_bindings { post: "/blob/{blob}" body: "*" }
      additional_bindings { post: "/file/{file.content_type=*/*}" body: "*" } }; }
    rpc Inner(M) returns (M) { option (google.api.http) = { post: "/inner" body: "inner" additional_bindings { patch: "/inner/{inner.text}" body: "inner" } }; }
    rpc Other(M) returns (M) { option (google.api.http) = { post: "/inners" body: "inners" additional_bindings { post: "/text" body: "text" }
      additional_bindings { post: "/labels" body: "labels" } additional_bindings { post: "/struct" body: "struct" } additional_bindings { post: "/desk" body: "desk" } }; }
    rpc Upload(M) returns (M) { option (google.api.http) = { post: "/upload" body: "file" additional_bindings { put: "/upload/{text}" body: "file" } }; }
    rpc Raw(google.api.HttpBody) returns (M) { option (google.api.http) = { post: "/raw" body: "*" additional_bindings { post: "/raw/{content_type=*/*}" body: "*" } }; }
  }
  enum Color { NONE = 0; RED = 1; GREEN = 2; }
  message Inner { string text = 1; int32 number = 2; repeated string tags = 3; Inner inner = 4; bytes blob = 5; map<string, string> notes = 6; oneof one { string left = 7; string right = 8; } }
  message M {
    string text = 1; int32 count = 2; int64 big = 3; uint64 huge = 4; double real = 5; float single = 6; bool flag = 7; bytes blob = 8; Color color = 9;
    Inner inner = 10; repeated int32 numbers = 11; repeated string words = 12; repeated Color colors = 13; repeated Inner inners = 14; repeated bytes blobs = 15;
    map<string, string> labels = 16; map<int32, Inner> byNumber = 17; map<bool, Color> byFlag = 18; map<string, bytes> blobsByName = 19;
    google.protobuf.Timestamp time = 20; google.protobuf.Duration span = 21; google.protobuf.FieldMask mask = 22; google.protobuf.Struct struct = 23;
    google.protobuf.Value value = 24; google.protobuf.ListValue list = 25; google.protobuf.Int32Value pages = 26; google.protobuf.StringValue note = 27;
    google.protobuf.BytesValue data = 28; google.protobuf.BoolValue yes = 29; google.protobuf.Any any = 30; google.protobuf.Empty empty = 31;
    oneof place { string shelf = 32; Inner desk = 33; google.protobuf.Int64Value row = 34; }
    optional string maybe = 35; optional int32 perhaps = 36; google.api.HttpBody file = 37; repeated google.api.HttpBody files = 38;
    repeated google.protobuf.Timestamp times = 39; sint32 zig = 40; fixed64 fixed = 41; google.protobuf.NullValue nothing = 42;
    string page_token = 43; google.protobuf.DoubleValue ratio = 44;
    uint32 unsigned = 45; sint64 zag = 46; fixed32 four = 47; sfixed32 signedFour = 48; sfixed64 signedEight = 49;
    google.protobuf.Int64Value bigPages = 50; google.protobuf.UInt32Value unsignedPages = 51; google.protobuf.UInt64Value hugePages = 52;
    google.protobuf.FloatValue share = 53; repeated google.protobuf.StringValue notes = 54; repeated google.protobuf.Duration spans = 55;
    map<int64, string> byBig = 56; map<string, google.protobuf.Timestamp> timeByName = 57; map<string, google.protobuf.Int32Value> pagesByName = 58;
    repeated bool flags = 59; repeated double reals = 60; map<string, google.protobuf.Value> values = 61; repeated google.protobuf.Value items = 62;
    optional Color tint = 63; optional bytes thumb = 64;
  }`);
