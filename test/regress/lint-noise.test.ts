import { test } from 'tap';
import { compileBindings } from '../../annotations/compile.js';
import { lint } from '../../annotations/lint/lint.js';
import { createRouteTable } from '../../annotations/table.js';
import { printProblem } from '../../proto/problem.js';
import { createDocument } from '../../swagger/document.js';
import type { OpenApiDocument } from '../../swagger/openapi.js';
import { schemaOf } from '../support/schema.js';

/** Bindings of methods `Get get: "/v1/{id}"`, all of which take a message with these fields. */
function bindingsOf(fields: string, methods: readonly string[]) {
  const rpcs = methods.map((text) => {
    const [name = '', rule = ''] = text.split(/ (.*)/s);
    return `  rpc ${name}(M) returns (M) { option (google.api.http) = { ${rule} }; }`;
  });
  const proto = `syntax = "proto3"; package a;
import "google/api/annotations.proto"; import "google/api/field_behavior.proto"; import "google/api/field_info.proto";
import "google/api/resource.proto"; import "google/protobuf/field_mask.proto"; import "google/protobuf/wrappers.proto";
message B { string name = 1; string title = 2; }
message M { ${fields} }
service S {
${rpcs.join('\n')}
}`;
  const schema = schemaOf({ 'a.proto': proto });
  const compiled = compileBindings(schema, { invalidRules: 'error', conflicts: 'error' });
  if (!compiled.ok) throw new Error(compiled.problems.map(printProblem).join('\n'));
  return { schema, bindings: compiled.value };
}

function findings(fields: string, methods: readonly string[]): readonly string[] {
  const { schema, bindings } = bindingsOf(fields, methods);
  return lint(schema, createRouteTable(bindings), []).map(({ rule, subject, reason }) => `${rule} ${subject} ${reason}`);
}

test('a verb beside an id is as it should be: ids have no colons unless something says that they may', async (t) => {
  const pair = (id: string) => [`Get get: "/v1/items/${id}"`, `Cancel post: "/v1/items/${id}:cancel" body: "*"`];
  t.strictSame(findings('string id = 1;', pair('{id}')), []);
  t.strictSame(findings('string name = 1;', pair('{name=operations/**}')), [], 'names of resources, AIP-122');
  t.strictSame(findings('string parent = 1;', pair('{parent=**}')), [], 'and of their parents');
  t.strictSame(findings('string job_name = 1;', pair('{job_name=jobs/**}')), []);
  t.strictSame(findings('google.protobuf.StringValue id = 1;', pair('{id}')), []);
  t.strictSame(findings('string curie = 1;', pair('{curie}')), [], 'a word within another one says nothing');
});

test('ids may have colons where they are URIs, or paths of any length', async (t) => {
  const found = (field: string, variable: string) =>
    findings(`string ${field} = 1;`, [`Get get: "/v1/${variable}"`, `Cancel post: "/v1/${variable}:cancel" body: "*"`]).length;
  t.equal(found('uri', '{uri}'), 1);
  t.equal(found('subject_urn', '{subject_urn}'), 1);
  t.equal(found('path', '{path=files/**}'), 1);
  t.equal(found('path', '{path=files/*}'), 0);
});

test('a collection with many verbs is warned of once', async (t) => {
  const verbs = ['copy', 'lock', 'move', 'open', 'shut'].map((verb, i) => `V${i} post: "/v1/{path=**}:${verb}" body: "*"`);
  t.strictSame(findings('string path = 1;', ['Get get: "/v1/{path=**}"', ...verbs, 'V5 get: "/v1/{path=**}:copy"']), [
    'verb-swallows-id a.S.V0 POST "/v1/{path=**}:copy": takes the ids that end in ":copy" from GET "/v1/{path=**}" of a.S.Get (a.proto:7), ' +
      'as ":lock", ":move" and 2 more verbs do with theirs',
  ]);
  t.strictSame(findings('string path = 1;', ['Get get: "/v1/{path=**}"', ...verbs.slice(0, 2)]), [
    'verb-swallows-id a.S.V0 POST "/v1/{path=**}:copy": takes the ids that end in ":copy" from GET "/v1/{path=**}" of a.S.Get (a.proto:7), ' +
      'as ":lock" does with its own',
  ]);
});

test('a message is split where the body has nothing else; otherwise no other body would hold the rest', async (t) => {
  const methods = ['Put put: "/v1/{book.name}" body: "*"'];
  const advice =
    'split-message a.S.Put PUT "/v1/{book.name}": the path sets "book.name", and the body "*" has "book", too: name the body "book"';
  t.strictSame(findings('B book = 1;', methods), [advice]);
  t.strictSame(findings('B book = 1; string etag = 2 [(google.api.field_behavior) = OUTPUT_ONLY];', methods), [advice]);
  t.strictSame(findings('B book = 1; string reason = 2;', methods), []);
  t.strictSame(findings('B book = 1; google.protobuf.FieldMask update_mask = 2;', methods), []);
  t.strictSame(findings('B book = 1; string shelf = 2;', ['Put put: "/v1/{shelf}/{book.name}" body: "*"']), [
    advice.replace('/{book', '/{shelf}/{book'),
  ]);
});

test('a required mask that the gateway derives is not required of clients', async (t) => {
  const fields = 'B book = 1; google.protobuf.FieldMask update_mask = 2 [(google.api.field_behavior) = REQUIRED];';
  const { schema, bindings } = bindingsOf(fields, ['A patch: "/v1/{book.name}" body: "book"', 'B put: "/v1/{book.name}" body: "book"']);
  const required = (method: 'patch' | 'put', patchMask: boolean) => {
    const print = { protoNames: false, int64: 'string' } as const;
    const { bytes } = createDocument({ schema, bindings, info: { title: 'a', version: '1' }, print, patchMask });
    const { paths }: OpenApiDocument = JSON.parse(new TextDecoder().decode(bytes));
    const mask = paths?.['/v1/{book.name}']?.[method]?.parameters?.find(({ name }) => name === 'updateMask');
    return mask === undefined ? 'no mask' : (mask.required ?? false);
  };
  t.equal(required('patch', true), false);
  t.equal(required('patch', false), true);
  t.equal(required('put', true), true);
  t.strictSame(lint(schema, createRouteTable(bindings), []), []);
});
