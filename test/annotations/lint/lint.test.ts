import { test } from 'tap';
import { compileBindings } from '../../../annotations/compile.js';
import { lint, rules } from '../../../annotations/lint/lint.js';
import { createRouteTable } from '../../../annotations/table.js';
import { printProblem } from '../../../proto/problem.js';
import { schemaOf } from '../../support/schema.js';

/** Paths of the gateway's own in these tests. */
const own = ['/healthz', '/docs/', '/docs/page.css', '/openapi.json', '/openapi.yaml'];

interface Row {
  /** A sentence about the rule. */
  readonly name: string;
  /** Fields of the request. */
  readonly fields?: string;
  /** Methods and their rules: `Get get "/v1/{id}"`, the first on line 11. `<` and `>` before the name are streams of the client and of the server. */
  readonly methods: readonly string[];
  /** Rule and the line printed, for each warning. */
  readonly warnings: readonly (readonly [rule: keyof typeof rules, line: string])[];
}

const plain = 'string id = 1; string shelf = 2; int32 number = 3; Kind kind = 4;';

const rows: readonly Row[] = [
  {
    name: 'a route is unreachable if a more specific one matches all that it does',
    methods: ['A get: "/v1/{id=**}/books"', 'B get: "/v1/{id}/{shelf=**}"'],
    warnings: [
      [
        'unreachable-route',
        '11:3: S.A: GET "/v1/{id=**}/books": never gets a request: GET "/v1/{id}/{shelf=**}" of S.B (12) is more specific and takes them all',
      ],
    ],
  },
  {
    name: 'a route is unreachable if it has a dot segment',
    methods: ['A get: "/v1/../{id}"', 'B get: "/v1/%2e/{id}"', 'C get: "/v1/.../{id}"'],
    warnings: [
      ['unreachable-route', '11:3: S.A: GET "/v1/../{id}": no client sends ".." as a segment of a path: it is resolved before'],
      ['unreachable-route', '12:3: S.B: GET "/v1/%2e/{id}": no client sends "%2e" as a segment of a path: it is resolved before'],
    ],
  },
  {
    name: 'a route is reachable if a request is left, by its length or its method',
    methods: ['A get: "/v1/{id=**}"', 'B get: "/v1/{id}/{shelf=**}"', 'C post: "/v2/{id=**}/books"', 'D get: "/v2/{id}/{shelf=**}"'],
    warnings: [],
  },
  {
    name: 'a route is shadowed by one that is more specific in one place and less in another',
    methods: ['A get: "/v1/{shelf}/books"', 'B get: "/v1/archive/{id}"'],
    warnings: [
      [
        'shadowed-route',
        '11:3: S.A: GET "/v1/{shelf}/books": "/v1/archive/books" goes to GET "/v1/archive/{id}" of S.B (12), which is more specific further left',
      ],
    ],
  },
  {
    name: 'a route is shadowed by one with ** behind a literal',
    methods: ['A get: "/v1/{shelf}/books"', 'B get: "/v1/files/{id=**}"', 'C get: "/v2/{shelf}/x/{id}"', 'D get: "/v2/y/{id=**}/z"'],
    warnings: [
      [
        'shadowed-route',
        '11:3: S.A: GET "/v1/{shelf}/books": "/v1/files/books" goes to GET "/v1/files/{id=**}" of S.B (12), which is more specific further left',
      ],
      [
        'shadowed-route',
        '13:3: S.C: GET "/v2/{shelf}/x/{id}": "/v2/y/x/z" goes to GET "/v2/y/{id=**}/z" of S.D (14), which is more specific further left',
      ],
    ],
  },
  {
    name: 'a route with a verb is shadowed by another one with it, and by none without',
    methods: ['A get: "/v1/{shelf}/books:move"', 'B get: "/v1/archive/{id}:move"', 'C get: "/v1/archive/{number}"'],
    warnings: [
      [
        'shadowed-route',
        '11:3: S.A: GET "/v1/{shelf}/books:move": "/v1/archive/books:move" goes to GET "/v1/archive/{id}:move" of S.B (12), which is more specific further left',
      ],
    ],
  },
  {
    name: 'routes that no request can share do not shadow each other',
    methods: [
      'A get: "/v1/{number}/books"',
      'B get: "/v1/archive/{id}"',
      'C get: "/v2/{shelf}/books"',
      'D post: "/v2/archive/{id}"',
      'E get: "/v3/{shelf}/books"',
      'F get: "/v3/archive/{id}/x"',
    ],
    warnings: [],
  },
  {
    name: 'a literal swallows the id that it is',
    methods: ['A get: "/v1/{id}"', 'B get: "/v1/search"', 'C get: "/v2/{shelf}/books/{id}"', 'D get: "/v2/new/books/{id}"'],
    warnings: [
      ['literal-swallows-id', '12:3: S.B: GET "/v1/search": takes the id "search" from GET "/v1/{id}" of S.A (11)'],
      ['literal-swallows-id', '14:3: S.D: GET "/v2/new/books/{id}": takes the id "new" from GET "/v2/{shelf}/books/{id}" of S.C (13)'],
    ],
  },
  {
    name: 'a literal swallows an id only if the variable could hold it',
    methods: [
      'A get: "/v1/{number}"',
      'B get: "/v1/search"',
      'C get: "/v1/7"',
      'D get: "/v2/{kind}"',
      'E get: "/v2/search"',
      'F get: "/v2/GOOD"',
    ],
    warnings: [
      ['literal-swallows-id', '13:3: S.C: GET "/v1/7": takes the id "7" from GET "/v1/{number}" of S.A (11)'],
      ['literal-swallows-id', '16:3: S.F: GET "/v2/GOOD": takes the id "GOOD" from GET "/v2/{kind}" of S.D (14)'],
    ],
  },
  {
    name: 'a literal swallows nothing of another HTTP method, of a wildcard without variable, of ** and of its own method',
    methods: [
      'A post: "/v1/{id}" body: "*"',
      'B get: "/v1/search"',
      'C get: "/v2/*"',
      'D get: "/v2/search"',
      'E get: "/v3/{id=**}"',
      'F get: "/v3/search"',
      'G get: "/v4/{id}" additional_bindings { get: "/v4/search" }',
    ],
    warnings: [],
  },
  {
    name: 'a verb swallows the ids that end in it, whatever the HTTP method',
    fields: 'string uri = 1; string id = 2; string shelf = 3;',
    methods: ['A get: "/v1/{uri=items/*}"', 'B post: "/v1/{uri=items/*}:cancel"', 'C get: "/v2/{id=**}"', 'D get: "/v2/{shelf}/{id}:lock"'],
    warnings: [
      [
        'verb-swallows-id',
        '12:3: S.B: POST "/v1/{uri=items/*}:cancel": takes the ids that end in ":cancel" from GET "/v1/{uri=items/*}" of S.A (11)',
      ],
      ['verb-swallows-id', '14:3: S.D: GET "/v2/{shelf}/{id}:lock": takes the ids that end in ":lock" from GET "/v2/{id=**}" of S.C (13)'],
    ],
  },
  {
    name: 'a verb swallows no ids that have no colon: plain ones, numbers, those of a format, and names of resources',
    fields:
      'int32 number = 1; string uri = 2 [(google.api.field_info).format = UUID4]; string book = 3 [(google.api.resource_reference).type = "a/B"]; Book full = 4; string id = 5;',
    methods: [
      'A get: "/v1/{number}"',
      'B post: "/v1/{number}:cancel"',
      'C get: "/v2/{uri}"',
      'D post: "/v2/{uri}:cancel"',
      'E get: "/v3/{book=**}"',
      'F post: "/v3/{book=**}:cancel"',
      'G get: "/v4/{full.name=**}"',
      'H post: "/v4/{full.name=**}:cancel"',
      'I get: "/v5/{id}"',
      'J post: "/v5/{id}:cancel"',
    ],
    warnings: [],
  },
  {
    name: "a route takes the gateway's own paths",
    methods: ['A get: "/{id}"', 'B get: "/docs/{id}"', 'C post: "/healthz"', 'D get: "/{shelf}/{id}/x"'],
    warnings: [
      ['own-path', '11:3: S.A: GET "/{id}": takes /healthz, /openapi.json, /openapi.yaml from the gateway itself'],
      ['own-path', '12:3: S.B: GET "/docs/{id}": takes /docs/page.css from the gateway itself'],
    ],
  },
  {
    name: "a route that takes many of the gateway's own paths names the first of them",
    methods: ['A get: "/{id=**}"'],
    warnings: [['own-path', '11:3: S.A: GET "/{id=**}": takes /healthz, /docs/, /docs/page.css and 2 more from the gateway itself']],
  },
  {
    name: 'a required field cannot be set if it is left to the query and does not fit there, or is excluded by a oneof',
    fields:
      'string id = 1; repeated Book books = 2 [(google.api.field_behavior) = REQUIRED]; oneof o { string x = 3; string y = 4 [(google.api.field_behavior) = REQUIRED]; }',
    methods: ['A post: "/v1/{id}"', 'B post: "/v2/{x}" body: "*"', 'C post: "/v3/{id}" body: "books"', 'D post: "/v4/{id}" body: "*"'],
    warnings: [
      [
        'required-field',
        '11:3: S.A: POST "/v1/{id}": the required field "books" is a repeated message and left to the query, where http.proto has no place for one; only a body can hold it',
      ],
      ['required-field', '12:3: S.B: POST "/v2/{x}": the required field "y" cannot be set beside "x" of the same oneof'],
    ],
  },
  {
    name: 'a required map cannot be set by the query, other fields can',
    fields:
      'string id = 1; map<string, string> labels = 2 [(google.api.field_behavior) = REQUIRED]; repeated string tags = 3 [(google.api.field_behavior) = REQUIRED]; Book book = 4 [(google.api.field_behavior) = REQUIRED];',
    methods: ['A get: "/v1/{id}"', 'B post: "/v1/{id}" body: "labels"'],
    warnings: [
      [
        'required-field',
        '11:3: S.A: GET "/v1/{id}": the required field "labels" is a map and left to the query, where http.proto has no place for one; only a body can hold it',
      ],
    ],
  },
  {
    name: 'DELETE should have no body',
    methods: ['A delete: "/v1/{id}" body: "*"', 'B delete: "/v2/{id}"', 'C post: "/v1/{id}" body: "*"'],
    warnings: [['delete-body', '11:3: S.A: DELETE "/v1/{id}": has a body, which DELETE should not have: clients and proxies may drop it']],
  },
  {
    name: 'a message should not be split between the path and a body of everything',
    fields: 'Book book = 1; string id = 2 [(google.api.field_behavior) = OUTPUT_ONLY];',
    methods: [
      'A post: "/v1/{book.name}" body: "*"',
      'B post: "/v2/{book.name}" body: "book"',
      'C post: "/v3/{id}" body: "*"',
      'D get: "/v4/{book.name}"',
    ],
    warnings: [
      [
        'split-message',
        '11:3: S.A: POST "/v1/{book.name}": the path sets "book.name", and the body "*" has "book", too: name the body "book"',
      ],
    ],
  },
  {
    name: 'PATCH should have a mask',
    methods: ['A patch: "/v1/{id}" body: "*"', 'B put: "/v1/{id}" body: "*"'],
    warnings: [
      [
        'patch-without-mask',
        '11:3: S.A: PATCH "/v1/{id}": M has no google.protobuf.FieldMask, so that nothing says which fields to update',
      ],
    ],
  },
  {
    name: 'PATCH with a mask is as it should be',
    fields: 'string id = 1; Book book = 2; google.protobuf.FieldMask update_mask = 3;',
    methods: ['A patch: "/v1/{id}" body: "book"'],
    warnings: [],
  },
  {
    name: 'streams are served like all others',
    methods: ['<A post: "/v1/a" body: "*"', '>B post: "/v1/b" body: "*"'],
    warnings: [],
  },
  {
    name: 'a WebSocket cannot tell streams apart by their HTTP methods',
    methods: [
      '>A get: "/v1/{id}"',
      '>B post: "/v1/{kind}" body: "*"',
      '>C get: "/v1/{id}:x"',
      '<>D post: "/v1/{id}:x" body: "*"',
      '>E get: "/v1/{id}/y"',
      'F post: "/v1/{id}/y" body: "*"',
    ],
    warnings: [
      [
        'websocket-tie',
        '11:3: S.A: GET "/v1/{id}": a WebSocket at this path has to say "?$method=GET", or "?$method=POST" for POST "/v1/{kind}" of S.B (12)',
      ],
    ],
  },
];

function protoOf({ fields = plain, methods }: Row, name: string): string {
  return `syntax = "proto3";
package ${name};
import "google/api/annotations.proto";
import "google/api/field_behavior.proto"; import "google/api/field_info.proto"; import "google/api/resource.proto";
import "google/protobuf/field_mask.proto";
message Book { option (google.api.resource) = { type: "a/B" pattern: "books/{book}" }; string name = 1; }
message Uses { google.protobuf.FieldMask mask = 1 [(google.api.field_behavior) = OPTIONAL, (google.api.field_info).format = UUID4]; }
enum Kind { BAD = 0; GOOD = 1; }
message M { ${fields} }
service S {
${methods.map(printMethod).join('\n')}
}
`;
}

function printMethod(text: string): string {
  const [, streams = '', name = '', rule = ''] = /^([<>]*)(\w+) (.*)$/.exec(text) ?? [];
  const stream = (mark: string) => (streams.includes(mark) ? 'stream ' : '');
  return `  rpc ${name}(${stream('<')}M) returns (${stream('>')}M) { option (google.api.http) = { ${rule} }; }`;
}

/** All rows are compiled at once, each in a package of its own. */
const packageOf = (i: number) => `row${i}`;
const schema = schemaOf(Object.fromEntries(rows.map((row, i) => [`${packageOf(i)}.proto`, protoOf(row, packageOf(i))])));

for (const [i, row] of rows.entries()) {
  test(row.name, (t) => {
    const expose = ({ service }: { readonly service: { readonly file: string } }) => service.file === `${packageOf(i)}.proto`;
    const compiled = compileBindings(schema, { invalidRules: 'error', conflicts: 'error', expose });
    if (!compiled.ok) throw new Error(compiled.problems.map(printProblem).join('\n'));
    const found = lint(schema, createRouteTable(compiled.value), own);
    const shortened = found.map((problem) => [
      problem.rule,
      printProblem(problem)
        .replaceAll(`${packageOf(i)}.proto:`, '')
        .replaceAll(`${packageOf(i)}.`, ''),
    ]);
    t.strictSame(shortened, row.warnings);
    t.end();
  });
}

test('every rule has a row that warns', (t) => {
  const warned = rows.flatMap(({ warnings }) => warnings.map(([rule]) => rule));
  t.strictSame([...new Set(warned)].sort(), Object.keys(rules).sort());
  t.end();
});

test('a warning of a rule beside the protos is where the rule is', (t) => {
  const rule = { selector: 'row0.S.A', httpMethod: 'DELETE', path: '/v1/{id}', body: '*', responseBody: '', additionalBindings: [] };
  const external = {
    rules: [{ ...rule, selectorAt: { file: 'rules.yaml', line: 3, column: 5 }, where: { file: 'rules.yaml', line: 3, column: 5 } }],
    mode: 'override',
  } as const;
  const expose = ({ name }: { readonly name: string }) => name === 'row0.S.A';
  const compiled = compileBindings(schema, { invalidRules: 'error', conflicts: 'error', expose, external });
  if (!compiled.ok) throw new Error(compiled.problems.map(printProblem).join('\n'));
  const [problem] = lint(schema, createRouteTable(compiled.value), own);
  t.match(problem, { rule: 'delete-body', file: 'rules.yaml', line: 3, column: 5 });
  t.end();
});
