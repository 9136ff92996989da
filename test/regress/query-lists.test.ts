import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import { Transcoder } from '../gateway/transcode/transcoder.js';
import { send } from '../support/http.js';

const transcoder = new Transcoder(`
  syntax = "proto3";
  package t;
  import "google/api/annotations.proto";
  import "google/protobuf/timestamp.proto";
  import "google/protobuf/wrappers.proto";
  import "google/protobuf/struct.proto";
  import "google/protobuf/field_mask.proto";
  service S {
    rpc Get(Lists) returns (Lists) { option (google.api.http) = { get: "/v1/lists" additional_bindings { post: "/v1/lists" body: "*" } }; }
  }
  enum Colour { NONE = 0; RED = 1; BLUE = 2; }
  message Inner { repeated string tags = 1; }
  message Lists {
    repeated int32 ids = 1;
    repeated string names = 2;
    repeated Colour colours = 3;
    repeated google.protobuf.Timestamp times = 4;
    repeated google.protobuf.StringValue notes = 5;
    repeated google.protobuf.Value values = 6;
    repeated Inner inners = 7;
    repeated google.protobuf.FieldMask masks = 8;
    repeated bytes raw = 9;
    Inner inner = 10;
    string name = 11;
    map<string, string> labels = 12;
  }`);

type Lists = 'repeat' | 'commas' | 'brackets' | 'any';
const rows: readonly (readonly [queryLists: Lists, query: string, received: string])[] = [
  ['repeat', 'names=a,b', '{"names":["a,b"]}'],
  ['repeat', 'ids=1,2', '400 ids: a number is expected'],
  ['repeat', 'ids[]=1', '400 ids[]: is not a map'],
  ['brackets', 'ids[]=1&ids%5B%5D=2&ids=3&inner.tags[]=a', '{"ids":[1,2,3],"inner":{"tags":["a"]}}'],
  ['brackets', 'ids=1,2', '400 ids: a number is expected'],
  ['brackets', 'name[]=a', '400 name[]: is not a map'],
  ['brackets', 'ids[0]=1', '400 ids[0]: is not a map'],
  ['brackets', 'labels[]=a', '{"labels":{"":"a"}}'],
  ['commas', 'ids[]=1', '400 ids[]: is not a map'],
  ['commas', 'ids=1,2&ids=3', '{"ids":[1,2,3]}'],
  ['commas', 'ids=1%2C2', '{"ids":[1,2]}'],
  ['commas', 'ids=1,', '400 ids: an integer is expected'],
  ['commas', 'names=a,b&names=c&inner.tags=d,e', '{"names":["a","b","c"],"inner":{"tags":["d","e"]}}'],
  ['commas', 'names=a%2Cb,c', '{"names":["a,b","c"]}'],
  ['commas', 'notes=a%2Cb,c', '{"notes":["a,b","c"]}'],
  ['commas', 'colours=RED,2', '{"colours":["RED","BLUE"]}'],
  ['commas', 'raw=YQ,Yg', '{"raw":["YQ==","Yg=="]}'],
  ['commas', 'times=2024-01-31T00:00:00Z,2024-02-01T00:00:00Z', '{"times":["2024-01-31T00:00:00Z","2024-02-01T00:00:00Z"]}'],
  ['commas', 'name=a,b', '{"name":"a,b"}'],
  ['commas', 'labels[k]=a,b', '{"labels":{"k":"a,b"}}'],
  ['commas', 'values=[1,2]', '{"values":[[1,2]]}'],
  ['commas', 'inners={"tags":["a","b"]}', '{"inners":[{"tags":["a","b"]}]}'],
  ['commas', 'masks=ids,names', '{"masks":["ids,names"]}'],
  ['any', 'ids[]=1,2&names=a,b', '{"ids":[1,2],"names":["a","b"]}'],
];

for (const [queryLists, query, received] of rows) {
  test(`queryLists: ${queryLists}: ${query}`, (t) => {
    t.equal(transcoder.send(`GET /v1/lists?${query}`, '', undefined, { queryLists }), received);
    const form = transcoder.send('POST /v1/lists', query, 'application/x-www-form-urlencoded', { queryLists });
    t.equal(form, received, 'in a form');
    t.end();
  });
}

test('elements between commas count as parameters do', (t) => {
  const query = (count: number) => `GET /v1/lists?names=${Array(count).fill('a').join(',')}`;
  t.equal(JSON.parse(transcoder.send(query(1000), '', undefined, { queryLists: 'commas' })).names.length, 1000);
  t.equal(transcoder.send(query(1001), '', undefined, { queryLists: 'commas' }), '400 more than 1000 query parameters');
  t.end();
});

test('a policy sets it for its methods', async (t) => {
  const asked: unknown[] = [];
  const GetNote = ({ request }: { readonly request: unknown }) => {
    asked.push(request);
    return {};
  };
  const { url } = await startDesk(t, { unary: { GetNote } }, { policies: [{ select: '*', queryLists: 'any' }] });
  t.equal((await send(url, 'GET', '/v1/notes/1?filter.years[]=1,2')).status, 200);
  t.strictSame(asked, [{ name: 'notes/1', filter: { years: [1, 2] } }]);
});
