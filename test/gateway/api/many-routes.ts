/** The text of a proto file with that many services, each with five methods that have rules, and messages of usual sizes. */
export function protoOf(services: number, version = 1): string {
  return [
    `syntax = "proto3";
     package many.v${version};
     import "google/api/annotations.proto";
     import "google/protobuf/empty.proto";
     import "google/protobuf/timestamp.proto";
     import "google/protobuf/field_mask.proto";`,
    ...Array.from({ length: services }, (_, i) => serviceOf(`Thing${i}`, `things${i}`, version)),
  ].join('\n');
}

function serviceOf(type: string, collection: string, version: number): string {
  const rule = (text: string) => `{ option (google.api.http) = { ${text} }; }`;
  return `
    // Keeps ${collection}.
    service ${type}Service {
      // Answers one.
      rpc Get${type}(Get${type}Request) returns (${type}) ${rule(`get: "/v${version}/{name=projects/*/${collection}/*}"`)}
      // Answers all of a project.
      rpc List${type}(List${type}Request) returns (List${type}Response) ${rule(`get: "/v${version}/{parent=projects/*}/${collection}"`)}
      rpc Create${type}(Create${type}Request) returns (${type}) ${rule(`post: "/v${version}/{parent=projects/*}/${collection}" body: "thing"`)}
      rpc Update${type}(Update${type}Request) returns (${type}) ${rule(`patch: "/v${version}/{thing.name=projects/*/${collection}/*}" body: "thing"`)}
      rpc Delete${type}(Get${type}Request) returns (google.protobuf.Empty) ${rule(`delete: "/v${version}/{name=projects/*/${collection}/*}"`)}
    }
    // One of them.
    message ${type} {
      // Its name.
      string name = 1; string title = 2; int64 size = 3; repeated string tags = 4; map<string, string> labels = 5;
      google.protobuf.Timestamp created = 6; Kind kind = 7; double weight = 8; bool open = 9; Part part = 10; repeated Part parts = 11;
      enum Kind { KIND_UNSPECIFIED = 0; BIG = 1; SMALL = 2; }
      message Part { string id = 1; int32 count = 2; bytes data = 3; oneof place { string shelf = 4; int32 box = 5; } }
    }
    message Get${type}Request { string name = 1; bool full = 2; }
    message List${type}Request { string parent = 1; int32 page_size = 2; string page_token = 3; string filter = 4; }
    message List${type}Response { repeated ${type} things = 1; string next_page_token = 2; int32 total = 3; }
    message Create${type}Request { string parent = 1; ${type} thing = 2; }
    message Update${type}Request { ${type} thing = 1; google.protobuf.FieldMask update_mask = 2; }`;
}
