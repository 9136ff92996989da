import { join } from 'node:path';
import { test } from 'tap';
import { compileBindings } from '../../annotations/compile.js';
import { printProblem } from '../../proto/problem.js';
import { outcomeOf } from '../gateway/cli/outcome.js';
import { Transcoder } from '../gateway/transcode/transcoder.js';
import { schemaOf } from '../support/schema.js';

const head = 'syntax = "proto3"; package a; import "google/api/annotations.proto";';

function compiled(fields: string, rule: string) {
  const rpc = `  rpc Get(M) returns (M) { option (google.api.http) = { ${rule} }; }`;
  const schema = schemaOf({
    'a.proto': `${head}\nmessage N { repeated int32 ids = 1; string x = 2; }\nmessage M { ${fields} }\nservice S {\n${rpc}\n}`,
  });
  return compileBindings(schema, { invalidRules: 'error', conflicts: 'error' });
}

/** Bindings, and what is warned of. */
function outcome(fields: string, rule: string): readonly string[] {
  const result = compiled(fields, rule);
  if (!result.ok) return result.problems.map((problem) => `refused ${printProblem(problem)}`);
  return [
    ...result.value.map(
      ({ httpMethod, template, body, index }) =>
        `${index} ${httpMethod} ${template.text} ${typeof body === 'string' ? body : body[0]?.protoName}`,
    ),
    ...result.warnings.map((problem) => `${problem.severity} ${problem.rule} ${printProblem(problem)}`),
  ];
}

test('a rule with only additional_bindings has these', async (t) => {
  const additional = 'additional_bindings { get: "/v1/{id}" } additional_bindings { post: "/v1" body: "*" }';
  const alone = 'warning no-pattern a.proto:5:3: a.S.Get: the rule has no HTTP method and path of its own, only additional_bindings';
  t.strictSame(outcome('string id = 1;', additional), ['0 GET /v1/{id} none', '1 POST /v1 *', alone]);
  t.strictSame(outcome('string id = 1;', `body: "*" response_body: "id" ${additional}`), [
    '0 GET /v1/{id} none',
    '1 POST /v1 *',
    `${alone}; its body and response_body is that of none of them`,
  ]);
  t.strictSame(outcome('string id = 1;', 'body: "*"'), [
    'refused a.proto:5:3: a.S.Get: a rule without pattern: no HTTP method and path is given',
  ]);
  t.strictSame(outcome('string id = 1;', 'additional_bindings { additional_bindings { get: "/v1" } }'), [
    'refused a.proto:5:3: a.S.Get: a rule without pattern: no HTTP method and path is given',
  ]);
});

test('a rule beside the protos may have only additional_bindings, too', async (t) => {
  const proto = `${head}\nmessage M { string id = 1; }\nservice S { rpc Get(M) returns (M); }`;
  const rules =
    'http:\n  rules:\n    - selector: a.S.Get\n      additional_bindings:\n        - get: /v1/{id}\n        - delete: /v1/{id}\n';
  const folder = t.testdir({ 'a.proto': proto, 'rules.yaml': rules });
  const { code, out, err } = await outcomeOf(
    `routes --format json --proto ${join(folder, 'a.proto')} --rules ${join(folder, 'rules.yaml')}`,
  );
  t.equal(code, 0);
  t.strictSame(
    JSON.parse(out).map(({ method, path, line }: Record<string, unknown>) => [method, path, line]),
    [
      ['DELETE', '/v1/{id}', 6],
      ['GET', '/v1/{id}', 5],
    ],
  );
  t.match(err, /rules\.yaml:3:\d+: a\.S\.Get: the rule has no HTTP method and path of its own, only additional_bindings\n$/);
});

test('a body that is a sibling of a path variable in a oneof is none: requests get the path, or 400', async (t) => {
  const fields = 'oneof by { string id = 1; N n = 2; string name = 3; } string q = 4;';
  t.strictSame(outcome(fields, 'post: "/v1/{id}" body: "n"'), [
    '0 POST /v1/{id} none',
    'warning unusable-body a.proto:5:3: a.S.Get: POST "/v1/{id}": body "n" cannot be set beside the variable "id": both are members of oneof "by"; it is served without a body',
  ]);
  t.strictSame(outcome(fields, 'post: "/v1/{n.x}" body: "name"').length, 2, 'also beside a variable inside of a member');
  t.strictSame(outcome(fields, 'post: "/v1/{n.x}" body: "n"'), ['0 POST /v1/{n.x} n'], 'the message of the variable itself is none');
  t.match(outcome(fields, 'post: "/v1/{id}" body: "id"'), [/^refused .* a field can only be set once$/]);

  const transcoder = new Transcoder(`${head}
    message N { string x = 1; } message M { ${fields} }
    service S { rpc Get(M) returns (M) { option (google.api.http) = { post: "/v1/{id}" body: "n" }; } }`);
  for (const pathConflict of ['error', 'override'] as const) {
    const send = (line: string, body: string) => transcoder.send(`POST ${line}`, body, 'application/json', { pathConflict });
    t.equal(send('/v1/a', ''), '{"id":"a"}');
    t.equal(send('/v1/a?q=1', '{}'), '{"id":"a","q":"1"}');
    t.equal(send('/v1/a', '{"x":"b"}'), '400 this method takes no request body');
  }
  t.equal(transcoder.send('POST /v1/a?name=b'), '400 name: contradicts the path, which sets id');
  t.equal(transcoder.send('POST /v1/a?n.x=b'), '400 n.x: contradicts the path, which sets id');
});

const lists = `${head}
  enum E { NO = 0; YES = 1; }
  message N { repeated string names = 1; repeated sint32 ids = 2; }
  message M { repeated int32 ids = 1; repeated string names = 2; repeated E kinds = 3; repeated bool oks = 4; N n = 5; repeated int64 loose = 6 [packed = false];
    string etag = 7; repeated N ns = 8; map<string, string> labels = 9; }
  service S {
    rpc Ids(M) returns (M) { option (google.api.http) = { post: "/ids/{ids}" body: "*" }; }
    rpc Names(M) returns (M) { option (google.api.http) = { post: "/names/{names}/{kinds}" body: "*" }; }
    rpc Rest(M) returns (M) { option (google.api.http) = { get: "/rest/{names=**}" }; }
    rpc Loose(M) returns (M) { option (google.api.http) = { get: "/loose/{loose}/{oks}" }; }
    rpc Inner(M) returns (M) { option (google.api.http) = { post: "/inner/{n.names}/{n.ids}" body: "n" }; }
  }`;

test('under pathLists: commas a variable may be a repeated field', async (t) => {
  const transcoder = new Transcoder(lists, { pathLists: 'commas' });
  const rows: readonly (readonly [line: string, body: string, sent: string])[] = [
    ['POST /ids/1,2,300', '', '{"ids":[1,2,300]}'],
    ['POST /ids/7', '{"etag":"x"}', '{"ids":[7],"etag":"x"}'],
    ['POST /ids/1,x', '', '400 ids: an integer is expected'],
    ['POST /ids/1,,2', '', '400 ids: an integer is expected'],
    ['POST /ids/2147483648', '', '400 ids: the number is out of range'],
    ['POST /names/a,b%20c,,%C3%A9/YES,0', '', '{"names":["a","b c","","é"],"kinds":["YES","NO"]}'],
    ['POST /names/a%2Cb/MAYBE', '', '400 kinds: unknown enum value'],
    ['POST /names/a%2Cb/1', '', '{"names":["a","b"],"kinds":["YES"]}'],
    ['GET /rest/a/b,c', '', '{"names":["a/b","c"]}'],
    ['GET /rest', '', '{}'],
    ['GET /loose/1,9223372036854775807/true,false', '', '{"oks":[true,false],"loose":["1","9223372036854775807"]}'],
    ['POST /inner/a,b/-1,2', '{}', '{"n":{"names":["a","b"],"ids":[-1,2]}}'],
    ['POST /inner/a,b/-1,2', '', '{"n":{"names":["a","b"],"ids":[-1,2]}}'],
  ];
  for (const [line, body, sent] of rows) t.equal(transcoder.send(line, body), sent, line);
});

test('the path has the last word of a list, too', async (t) => {
  const transcoder = new Transcoder(lists, { pathLists: 'commas' });
  const send = (pathConflict: 'error' | 'override', line: string, body: string) => transcoder.send(line, body, undefined, { pathConflict });
  const rows: readonly (readonly [line: string, body: string, strict: string, override: string])[] = [
    ['POST /ids/1,2', '{"ids":[1,2]}', '{"ids":[1,2]}', '{"ids":[1,2]}'],
    ['POST /ids/1,2', '{"ids":[]}', '{"ids":[1,2]}', '{"ids":[1,2]}'],
    ['POST /ids/1,2', '{"ids":[1,2,3]}', '400 ids: the path says otherwise', '{"ids":[1,2]}'],
    ['POST /ids/1,2', '{"ids":[3]}', '400 ids: the path says otherwise', '{"ids":[1,2]}'],
    ['POST /inner/a,b/3', '{"names":["a","b"],"ids":[3]}', '{"n":{"names":["a","b"],"ids":[3]}}', '{"n":{"names":["a","b"],"ids":[3]}}'],
    ['POST /inner/a,b/3', '{"names":["a"]}', '400 names: the path says otherwise', '{"n":{"names":["a","b"],"ids":[3]}}'],
    ['GET /rest/a,b?names=c', '', '400 names: contradicts the path, which sets names', '{"names":["a","b"]}'],
    ['GET /rest/a?names=a', '', '{"names":["a"]}', '{"names":["a"]}'],
  ];
  for (const [line, body, strict, override] of rows) {
    t.equal(send('error', line, body), strict, `${line} ${body}`);
    t.equal(send('override', line, body), override, `${line} ${body}, override`);
  }
});

test('other rules than those of lists stay illegal, and all of them without that option', async (t) => {
  const schema = schemaOf({
    'a.proto': lists.replace('post: "/ids/{ids}"', 'post: "/ids/{ns}"').replace('get: "/rest/{names=**}"', 'get: "/rest/{labels}"'),
  });
  const refused = (pathLists: 'error' | 'commas') => {
    const result = compileBindings(schema, { invalidRules: 'error', conflicts: 'error', pathLists });
    return result.ok ? [] : result.problems.map(({ subject, reason }) => `${subject}: ${reason}`);
  };
  t.strictSame(refused('commas'), [
    'a.S.Ids: POST "/ids/{ns}": column 7: "ns" is repeated; a path can only set a singular field that has a text form',
    'a.S.Rest: GET "/rest/{labels}": column 8: "labels" is a map; a path can only set a singular field that has a text form',
  ]);
  t.equal(refused('error').length, 5);
});

test('compat: grpc-gateway reads lists, and the document has them as arrays', async (t) => {
  const file = join(t.testdir({ 'a.proto': lists }), 'a.proto');
  t.equal((await outcomeOf(`openapi --proto ${file}`)).code, 2);
  const { code, out } = await outcomeOf(`openapi --compat grpc-gateway --proto ${file}`);
  t.equal(code, 0);
  const { paths } = JSON.parse(out);
  t.strictSame(paths['/ids/{ids}'].post.parameters, [
    { name: 'ids', in: 'path', required: true, schema: { type: 'array', items: { type: 'integer', format: 'int32' } } },
  ]);
  t.strictSame(paths['/rest/{names}'].get.parameters[0].schema, { type: 'string' });
});
