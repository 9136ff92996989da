import { test } from 'tap';
import { type BindingOptions, compileBindings } from '../../annotations/compile.js';
import { printProblem } from '../../proto/problem.js';
import { schemaOf } from '../support/schema.js';

const messages = `
  message Book {
    string name = 1; string title = 2; repeated string authors = 3; map<string, string> labels = 4; Book sequel = 5;
    google.protobuf.Timestamp born = 6; google.protobuf.Struct extra = 7; Kind kind = 8; google.protobuf.Int64Value size = 9;
    oneof place { string shelf = 10; string room = 11; Book inside = 12; } bytes cover = 13; repeated Book copies = 14;
    google.protobuf.FieldMask mask = 15; google.protobuf.Duration age = 16; bool is_new = 17;
  }
  enum Kind { UNKNOWN = 0; NOVEL = 1; }
  message Request { Book book = 1; string id = 2; }`;

/** A schema of one service whose methods have the options given, in order: M0, M1... */
function schemaWith(...options: readonly string[]) {
  const methods = options.map((option, i) => `rpc M${i}(Request) returns (Book) { ${option} }`);
  return schemaOf({
    'lib.proto': `syntax = "proto3";
package lib;
import "google/api/annotations.proto"; import "google/protobuf/timestamp.proto"; import "google/protobuf/struct.proto";
import "google/protobuf/wrappers.proto"; import "google/protobuf/field_mask.proto"; import "google/protobuf/duration.proto";
service Books {
${methods.join('\n')}
}${messages}`,
  });
}

const http = (rule: string) => `option (google.api.http) = { ${rule} };`;
const strict: BindingOptions = { invalidRules: 'error', conflicts: 'error' };

/** What becomes of each rule alone: its bindings in a few words, or the reason why there are none. */
function outcomes(rules: readonly string[]): readonly string[] {
  const schema = schemaWith(...rules.map(http));
  return schema.methods.map((method) => outcome(compileBindings(schema, { ...strict, expose: (m) => m === method })));
}

function outcome(result: ReturnType<typeof compileBindings>): string {
  if (!result.ok) return result.problems.map((problem) => problem.reason).join(' | ');
  return result.value
    .map(({ httpMethod, template, body, captures, response }) => {
      const name = (chain: readonly { readonly protoName: string }[]) => chain.map((field) => field.protoName).join('.');
      const variables = captures.map(({ chain, start, end, multi }) => `${name(chain)}[${start},${end})${multi ? '+' : ''}`);
      const parts = [httpMethod, template.text, ...variables];
      if (body !== 'none') parts.push(`body=${body === '*' ? '*' : name(body)}`);
      if (response.length > 0) parts.push(`response=${name(response)}`);
      return parts.join(' ');
    })
    .join(' | ');
}

const legal: readonly (readonly [sentence: string, rule: string, binding: string])[] = [
  ['get', 'get: "/v1/books"', 'GET /v1/books'],
  ['put', 'put: "/v1/books" body: "*"', 'PUT /v1/books body=*'],
  ['post', 'post: "/v1/books" body: "book"', 'POST /v1/books body=book'],
  ['delete', 'delete: "/v1/{id}"', 'DELETE /v1/{id} id[1,2)'],
  ['patch', 'patch: "/v1/{book.name=books/*}" body: "book"', 'PATCH /v1/{book.name=books/*} book.name[1,3)+ body=book'],
  ['custom kind', 'custom { kind: "HEAD" path: "/v1" }', 'HEAD /v1'],
  ['custom kind in lower case', 'custom { kind: "m-search" path: "/v1" }', 'M-SEARCH /v1'],
  ['custom kind `*`', 'custom { kind: "*" path: "/v1" }', '* /v1'],
  ['response_body of any kind', 'get: "/v1" response_body: "authors"', 'GET /v1 response=authors'],
  ['a variable of one literal segment is single', 'get: "/v1/{id=me}"', 'GET /v1/{id=me} id[1,2)'],
  ['`**` alone is multi', 'get: "/v1/{id=**}"', 'GET /v1/{id=**} id[1,2)+'],
  ['verb', 'post: "/v1/{id}:lock" body: "*"', 'POST /v1/{id}:lock id[1,2) body=*'],
  ['a Timestamp has a text form', 'get: "/{book.born}"', 'GET /{book.born} book.born[0,1)'],
  ['a Duration has a text form', 'get: "/{book.age}"', 'GET /{book.age} book.age[0,1)'],
  ['a FieldMask has a text form', 'get: "/{book.mask}"', 'GET /{book.mask} book.mask[0,1)'],
  ['a wrapper has a text form', 'get: "/{book.size}"', 'GET /{book.size} book.size[0,1)'],
  [
    'enums, bytes and bools too',
    'get: "/{book.kind}/{book.cover}/{book.is_new}"',
    'GET /{book.kind}/{book.cover}/{book.is_new} book.kind[0,1) book.cover[1,2) book.is_new[2,3)',
  ],
  ['deep fields', 'get: "/{book.sequel.sequel.title}"', 'GET /{book.sequel.sequel.title} book.sequel.sequel.title[0,1)'],
  [
    'different members of different messages',
    'get: "/{book.shelf}/{book.sequel.room}"',
    'GET /{book.shelf}/{book.sequel.room} book.shelf[0,1) book.sequel.room[1,2)',
  ],
  [
    'additional_bindings',
    'get: "/v1/{id}" additional_bindings { get: "/v2/{id}" response_body: "title" } additional_bindings { put: "/v2" body: "*" }',
    'GET /v1/{id} id[1,2) | GET /v2/{id} id[1,2) response=title | PUT /v2 body=*',
  ],
];

test('legal rules', async (t) => {
  const found = outcomes(legal.map(([, rule]) => rule));
  for (const [i, [sentence, , binding]] of legal.entries()) t.equal(found[i], binding, sentence);
});

const illegal: readonly (readonly [rule: string, reason: string])[] = [
  ['body: "*"', 'a rule without pattern: no HTTP method and path is given'],
  ['custom { kind: "CONNECT" path: "/v1" }', 'CONNECT "/v1": CONNECT is not an HTTP method that can be bound'],
  ['custom { kind: "FETCH" path: "/v1" }', 'FETCH "/v1": FETCH is not an HTTP method that can be bound'],
  ['get: "/v1" body: "*"', 'GET "/v1": a GET request has no body'],
  ['get: "v1"', 'GET "v1": column 1: a template begins with "/"'],
  ['get: "/v1/{nam}"', 'GET "/v1/{nam}": column 6: lib.Request has no field "nam"'],
  ['get: "/v1/{book.isNew}"', 'GET "/v1/{book.isNew}": column 6: lib.Book has no field "isNew"; did you mean "is_new"?'],
  ['get: "/{id.x}"', 'GET "/{id.x}": column 3: field "id" of lib.Request is not a singular message'],
  ['get: "/{book.copies.name}"', 'GET "/{book.copies.name}": column 3: field "copies" of lib.Book is not a singular message'],
  ['get: "/{book.labels.key}"', 'GET "/{book.labels.key}": column 3: field "labels" of lib.Book is not a singular message'],
  [
    'get: "/{book.authors}"',
    'GET "/{book.authors}": column 3: "book.authors" is repeated; a path can only set a singular field that has a text form',
  ],
  [
    'get: "/{book.labels}"',
    'GET "/{book.labels}": column 3: "book.labels" is a map; a path can only set a singular field that has a text form',
  ],
  ['get: "/{book}"', 'GET "/{book}": column 3: "book" is a message, lib.Book; a path can only set a singular field that has a text form'],
  [
    'get: "/{book.extra}"',
    'GET "/{book.extra}": column 3: "book.extra" is a message, google.protobuf.Struct; a path can only set a singular field that has a text form',
  ],
  ['get: "/{id}/{id}"', 'GET "/{id}/{id}": column 8: "id" collides with "id": a field can only be set once'],
  [
    'get: "/{book.born}/{book.born.seconds}"',
    'GET "/{book.born}/{book.born.seconds}": column 15: "book.born.seconds" collides with "book.born": a field can only be set once',
  ],
  [
    'get: "/{book.shelf}/{book.inside.name}"',
    'GET "/{book.shelf}/{book.inside.name}": column 16: "book.inside.name" collides with "book.shelf": both are members of oneof "place"',
  ],
  ['post: "/{id}" body: "id"', 'POST "/{id}": body "id" collides with the variable "id": a field can only be set once'],
  ['post: "/v1" body: "book.title"', 'POST "/v1": body "book.title" is not a field at the top level of lib.Request'],
  ['post: "/v1" body: "nothing"', 'POST "/v1": body: lib.Request has no field "nothing"'],
  ['get: "/v1" response_body: "sequel.name"', 'GET "/v1": response_body "sequel.name" is not a field at the top level of lib.Book'],
  ['get: "/v1" response_body: "nothing"', 'GET "/v1": response_body: lib.Book has no field "nothing"'],
  [
    'get: "/v1" additional_bindings { get: "/v2" additional_bindings { get: "/v3" } }',
    'GET "/v2": additional_bindings can only be one level deep',
  ],
];

test('illegal rules are refused with a reason', async (t) => {
  const found = outcomes(illegal.map(([rule]) => rule));
  for (const [i, [rule, reason]] of illegal.entries()) t.equal(found[i], reason, rule);
});

test('every illegal rule is reported, with its method and place', async (t) => {
  const schema = schemaWith(http('get: "/{x}"'), http('get: "/ok"'), http('get: "/ok2" additional_bindings { get: "/{" }'));
  const result = compileBindings(schema, strict);
  t.notOk(result.ok);
  if (result.ok) return;
  t.strictSame(result.problems.map(printProblem), [
    'lib.proto:6:1: lib.Books.M0: GET "/{x}": column 3: lib.Request has no field "x"',
    'lib.proto:8:1: lib.Books.M2: GET "/{": column 3: a field name is missing',
  ]);
});

test('illegal rules can be left out one by one', async (t) => {
  const schema = schemaWith(http('get: "/{x}"'), http('get: "/ok" additional_bindings { get: "/{" } additional_bindings { get: "/ok2" }'));
  const result = compileBindings(schema, { ...strict, invalidRules: 'skip' });
  t.ok(result.ok);
  if (!result.ok) return;
  t.strictSame(
    result.value.map(({ id, index, template }) => [id, index, template.text]),
    [
      [0, 0, '/ok'],
      [1, 2, '/ok2'],
    ],
  );
  t.strictSame(
    result.warnings.map(({ severity, reason }) => [severity, reason]),
    [
      ['warning', 'GET "/{x}": column 3: lib.Request has no field "x"; this rule is left out'],
      ['warning', 'GET "/{": column 3: a field name is missing; this rule is left out'],
    ],
  );
});

test('the same method and shape twice is a conflict', async (t) => {
  const schema = schemaWith(
    http('get: "/v1/{id=a%2fb/*}"'),
    http('get: "/v1/a%2Fb/{id}" additional_bindings { get: "/v1/{id=a%2fb/*}:x" }'),
    http('put: "/v1/a%2Fb/{id}"'),
  );
  const refused = compileBindings(schema, strict);
  t.strictSame(!refused.ok && refused.problems.map(printProblem), [
    'lib.proto:7:1: lib.Books.M1: GET "/v1/a%2Fb/{id}": takes the same requests as GET "/v1/{id=a%2fb/*}" of lib.Books.M0 (lib.proto:6)',
  ]);
  const first = compileBindings(schema, { ...strict, conflicts: 'first' });
  t.strictSame(first.ok && first.value.map(({ method, index }) => [method.protoName, index]), [
    ['M0', 0],
    ['M1', 1],
    ['M2', 0],
  ]);
  t.match(first.ok && first.warnings[0]?.reason, /^GET .* \(lib\.proto:6\); this rule is left out$/);
  const last = compileBindings(schema, { ...strict, conflicts: 'last' });
  t.strictSame(last.ok && last.value.map(({ method, index, id }) => [method.protoName, index, id]), [
    ['M1', 0, 0],
    ['M1', 1, 1],
    ['M2', 0, 2],
  ]);
  t.match(last.ok && last.warnings.map(printProblem), [
    /^lib\.proto:6:1: lib\.Books\.M0: GET .* of lib\.Books\.M1 \(lib\.proto:7\); this rule is left out$/,
  ]);
});

test('methods without a rule are bound only on demand', async (t) => {
  const schema = schemaWith('', http('get: "/v1"'));
  const paths = (options: BindingOptions) => {
    const result = compileBindings(schema, options);
    return result.ok && result.value.map((b) => `${b.origin} ${b.httpMethod} ${b.template.text} ${b.body}`);
  };
  t.strictSame(paths(strict), ['proto GET /v1 none']);
  t.strictSame(paths({ ...strict, unbound: () => true }), ['unbound POST /lib.Books/M0 *', 'proto GET /v1 none']);
  t.strictSame(paths({ ...strict, unbound: () => true, expose: (m) => m.protoName !== 'M1' }), ['unbound POST /lib.Books/M0 *']);
});

test('rules of methods that are not exposed are not looked at', async (t) => {
  const result = compileBindings(schemaWith(http('get: "nonsense"')), { ...strict, expose: () => false });
  t.strictSame(result, { ok: true, value: [], warnings: [] });
});

test('bindings are frozen', async (t) => {
  const result = compileBindings(schemaWith(http('get: "/v1/{id}"')), strict);
  const [binding] = result.ok ? result.value : [];
  t.ok(binding !== undefined && [binding, binding.template, binding.template.segments, binding.captures].every(Object.isFrozen));
});
