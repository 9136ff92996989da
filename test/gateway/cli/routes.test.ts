import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { fileIsGenerated } from '../../house/generated.js';
import { outcomeOf } from './outcome.js';

const proto = `syntax = "proto3";
package a;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/protobuf/timestamp.proto";
message Filter { int32 year = 1; }
message None {}
message M { string id = 1; Filter filter = 2; map<string, string> labels = 3; repeated Filter all = 4; google.protobuf.Timestamp as_of = 5; string etag = 6 [(google.api.field_behavior) = OUTPUT_ONLY]; oneof o { string x = 7; string y = 8; } None none = 9; }
service S {
  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{id}" additional_bindings { put: "/v1/{filter.year}/{x}" body: "labels" response_body: "filter" } }; }
  rpc Watch(M) returns (stream M) { option (google.api.http) = { get: "/v1/{id}:watch" }; }
  rpc Talk(stream M) returns (stream M) { option (google.api.http) = { post: "/v1/talk" body: "*" }; }
  rpc Bare(None) returns (None);
}
`;

function protoFile(t: Test): string {
  return join(t.testdir({ 'a.proto': proto }), 'a.proto');
}

test('routes are listed by template and method, with body and query', async (t) => {
  const listed = await outcomeOf(`routes --proto ${protoFile(t)}`);
  t.strictSame(
    [listed.code, listed.out],
    [
      0,
      `\
METHOD  PATH                   RPC                        BODY    QUERY
POST    /v1/talk               a.S.Talk (bidi stream)     *       -
PUT     /v1/{filter.year}/{x}  a.S.Get                    labels  id, filter.*, all, asOf, and 1 more
GET     /v1/{id}               a.S.Get                    -       filter.*, labels[*], all, asOf, and 3 more
GET     /v1/{id}:watch         a.S.Watch (server stream)  -       filter.*, labels[*], all, asOf, and 3 more
`,
    ],
  );
});

test('programs get everything that there is to say of a route', async (t) => {
  const listed = await outcomeOf(`routes --format json a.S.Get PUT --proto ${protoFile(t)}`);
  t.strictSame(JSON.parse(listed.out), [
    {
      ...{ method: 'PUT', path: '/v1/{filter.year}/{x}', rpc: 'a.S.Get', stream: null, body: 'labels', responseBody: 'filter' },
      query: ['id', 'filter.*', 'all', 'asOf', 'none'],
      ...{ origin: 'proto', file: 'a.proto', line: 10 },
    },
  ]);
});

test('query parameters are called as replies call fields', async (t) => {
  const config = join(t.testdir({ 'a.proto': proto, 'p.yaml': 'json: {protoNames: true}\nsources: {protos: [a.proto]}\n' }), 'p.yaml');
  const [route] = JSON.parse((await outcomeOf(`routes --format json GET S.Get -c ${config}`)).out);
  t.strictSame(route.query, ['filter.*', 'labels[*]', 'all', 'as_of', 'x', 'y', 'none']);
});

test('a route must match every filter: a method, or part of a path or of a name', async (t) => {
  const file = protoFile(t);
  const rows = [
    ['get', ['GET /v1/{id}', 'GET /v1/{id}:watch']],
    ['GET', ['GET /v1/{id}', 'GET /v1/{id}:watch']],
    [':watch', ['GET /v1/{id}:watch']],
    ['a.S.Get', ['PUT /v1/{filter.year}/{x}', 'GET /v1/{id}']],
    ['a.S. PUT', ['PUT /v1/{filter.year}/{x}']],
    ['GET PUT', []],
    ['a.s.get', []],
  ] as const;
  for (const [filters, found] of rows) {
    const { code, out, err } = await outcomeOf(`routes ${filters} --format json --proto ${file}`);
    const listed = JSON.parse(out).map(({ method, path }: Record<string, string>) => `${method} ${path}`);
    t.strictSame([code, listed], [found.length > 0 ? 0 : 1, found], filters);
    t.equal(err.includes(`protogate: no route matches ${filters}\n`), found.length === 0, filters);
  }
});

test('methods without rules are listed if they are served, and that there are none is no error', async (t) => {
  const file = protoFile(t);
  const [bare] = JSON.parse((await outcomeOf(`routes Bare --format json --unbound --proto ${file}`)).out);
  t.match(bare, { method: 'POST', path: '/a.S/Bare', body: '*', query: [], origin: 'unbound' });
  const none = join(t.testdir({ 'n.proto': 'syntax = "proto3"; message M {}' }), 'n.proto');
  t.strictSame(await outcomeOf(`routes --proto ${none}`), { code: 0, out: '', err: '' });
  t.strictSame(await outcomeOf(`routes --format json --proto ${none}`), { code: 0, out: '[]\n', err: '' });
});

test('the manual shows what the program prints', async (t) => {
  const file = 'docs/command-line.md';
  const page = readFileSync(file, 'utf8');
  const pattern = /^\$ protogate (routes .*)\n[^`]*/m;
  const { out } = await outcomeOf(pattern.exec(page)?.[1] ?? '');
  fileIsGenerated(
    t,
    file,
    page.replace(pattern, (_, command: string) => `$ protogate ${command}\n${out}`),
  );
});
