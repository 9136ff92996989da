/** A schema with one of everything that a document can show. */
export const library = {
  'library/v1/library.proto': `
    syntax = "proto3";
    package library.v1;
    import "google/api/annotations.proto";
    import "google/api/field_behavior.proto";
    import "google/api/field_info.proto";
    import "google/api/httpbody.proto";
    import "google/protobuf/any.proto";
    import "google/protobuf/duration.proto";
    import "google/protobuf/empty.proto";
    import "google/protobuf/field_mask.proto";
    import "google/protobuf/struct.proto";
    import "google/protobuf/timestamp.proto";
    import "google/protobuf/wrappers.proto";

    // Keeps shelves and books.
    //
    // Everything is public.
    service Library {
      // Gets a book.
      //
      // Answers NOT_FOUND for a [book][library.v1.Book] that
      // is not there. (-- Cached. --)
      rpc GetBook(GetBookRequest) returns (Book) {
        option (google.api.http) = {
          get: "/v1/{name=shelves/*/books/*}"
          additional_bindings { get: "/v1/books/{name}" }
        };
      }
      rpc ListBooks(ListBooksRequest) returns (ListBooksResponse) {
        option (google.api.http) = { get: "/v1/{parent=shelves/*}/books" };
      }
      rpc CreateBook(CreateBookRequest) returns (Book) {
        option (google.api.http) = { post: "/v1/{parent=shelves/*}/books" body: "book" };
      }
      rpc UpdateBook(UpdateBookRequest) returns (Book) {
        option (google.api.http) = { patch: "/v1/{book.name=shelves/*/books/*}" body: "book" };
      }
      rpc DeleteBook(GetBookRequest) returns (google.protobuf.Empty) {
        option deprecated = true;
        option (google.api.http) = { delete: "/v1/{name=shelves/*/books/*}" };
      }
      // Publishes a book
      rpc PublishBook(PublishBookRequest) returns (Book) {
        option (google.api.http) = { post: "/v1/{name=shelves/*/books/*}:publish" body: "*" };
      }
      rpc WatchBooks(ListBooksRequest) returns (stream Book) {
        option (google.api.http) = { get: "/v1/{parent=shelves/*}/books:watch" };
      }
      rpc ReadFile(FileRequest) returns (google.api.HttpBody) {
        option (google.api.http) = { get: "/v1/{path=files/**}" };
      }
      rpc WriteFile(FileRequest) returns (Receipt) {
        option (google.api.http) = { put: "/v1/{path=files/**}" body: "content" response_body: "size" };
      }
      rpc Upload(stream FileRequest) returns (Receipt) {
        option (google.api.http) = { post: "/v1/upload" body: "*" };
      }
      rpc Query(QueryRequest) returns (Receipt) {
        option (google.api.http) = { custom { kind: "*" path: "/v1/query/{count}" } };
      }
      rpc Internal(QueryRequest) returns (Receipt);
    }

    message GetBookRequest {
      // The book, as "shelves/{shelf}/books/{book}".
      string name = 1 [(google.api.field_behavior) = REQUIRED];
    }
    message ListBooksRequest {
      string parent = 1 [(google.api.field_behavior) = REQUIRED];
      // At most 1000.
      int32 page_size = 2;
      string page_token = 3;
    }
    message ListBooksResponse {
      repeated Book books = 1;
      string next_page_token = 2;
    }
    message CreateBookRequest {
      string parent = 1;
      // The new book.
      Book book = 2 [(google.api.field_behavior) = REQUIRED];
      string book_id = 3 [(google.api.field_behavior) = REQUIRED];
    }
    message UpdateBookRequest {
      Book book = 1;
      google.protobuf.FieldMask update_mask = 2;
    }
    message PublishBookRequest {
      string name = 1;
      google.protobuf.Duration delay = 2;
    }
    message FileRequest {
      string path = 1;
      google.api.HttpBody content = 2;
    }
    message Receipt {
      int64 size = 1;
    }

    // A book on a shelf.
    message Book {
      string name = 1 [(google.api.field_behavior) = OUTPUT_ONLY];
      string title = 2 [(google.api.field_behavior) = REQUIRED];
      // What it is about.
      Genre genre = 3;
      repeated Author authors = 4;
      map<string, string> labels = 5;
      google.protobuf.Timestamp create_time = 6 [(google.api.field_behavior) = OUTPUT_ONLY];
      string upload_secret = 7 [(google.api.field_behavior) = INPUT_ONLY, (google.api.field_behavior) = IMMUTABLE];
      optional int32 pages = 8;
      // Where to read it.
      oneof source {
        // A web address.
        string url = 9;
        bytes scan = 10;
      }
      string isbn = 11 [deprecated = true];
      Book sequel = 12;
      repeated Book related = 13;
      map<int32, Author> editors = 14;
      google.protobuf.Any extra = 15;
      google.protobuf.Struct facts = 16;
      google.protobuf.Value anything = 17;
      google.protobuf.ListValue list = 18;
      google.protobuf.Int64Value sold = 19;
      google.protobuf.NullValue nothing = 20;
      string id = 21 [(google.api.field_info).format = UUID4];
      uint32 weight = 22;
      uint64 atoms = 23;
      double price = 24;
      repeated Genre genres = 25;
    }
    message Author {
      string full_name = 1;
    }
    enum Genre {
      GENRE_UNSPECIFIED = 0;
      // Not true.
      FICTION = 1;
      HISTORY = 2 [deprecated = true];
    }
    message QueryRequest {
      int64 count = 1;
      Filter filter = 2;
      repeated Filter filters = 3;
      map<string, int64> limits = 4;
      map<string, Filter> named = 5;
      repeated Genre genres = 6;
      google.protobuf.Timestamp since = 7;
      google.protobuf.BoolValue loud = 8;
      bytes token = 9;
      google.protobuf.Struct facts = 10;
    }
    message Filter {
      // Text to look for.
      string text = 1;
      Filter not = 2;
      Range range = 3;
      oneof order {
        string asc = 4;
        string desc = 5;
      }
    }
    message Range { int64 low = 1; int64 high = 2; }
  `,
};
