import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { type ConfigInput, startGateway } from '../../gateway/index.js';
import { outcomeOf } from '../gateway/cli/outcome.js';
import { startBackend } from '../support/backend.js';
import { send } from '../support/http.js';

const proto = `syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "google/api/visibility.proto";

service Shop {
  rpc Find(Query) returns (Item) { option (google.api.http) = { get: "/v1/items/{id}" }; }
  rpc Audit(Query) returns (Item) {
    option (google.api.http) = { get: "/v1/items/{id}:audit" };
    option (google.api.method_visibility).restriction = "INTERNAL, PREVIEW";
  }
  rpc Add(Item) returns (Item) { option (google.api.http) = { post: "/v1/items" body: "*" }; }
}
service Admin {
  option (google.api.api_visibility).restriction = "OPERATORS";
  rpc Reset(Query) returns (Item) { option (google.api.http) = { post: "/v1/reset" body: "*" }; }
}
message Query {
  string id = 1;
  string text = 2;
  string trace = 3 [(google.api.field_visibility).restriction = "INTERNAL"];
}
message Item {
  string id = 1;
  double cost = 2 [(google.api.field_visibility) = { restriction: "INTERNAL" }];
  Ledger ledger = 3;
  map<string, Ledger> ledgers = 4;
  Grade grade = 5;
  Kind kind = 6;
  oneof origin { string maker = 7; string smuggler = 8 [(google.api.field_visibility).restriction = "INTERNAL"]; }
  string open = 9 [(google.api.field_visibility).restriction = ""];
}
message Ledger {
  option (google.api.message_visibility).restriction = "INTERNAL";
  string entry = 1;
}
enum Grade {
  GRADE_UNSPECIFIED = 0;
  GRADE_SECRET = 1 [(google.api.value_visibility).restriction = "INTERNAL"];
  GRADE_GOOD = 2;
}
enum Kind {
  option (google.api.enum_visibility).restriction = "INTERNAL";
  KIND_UNSPECIFIED = 0;
}
`;

/** A gateway in front of a server that answers what it is asked. */
async function start(t: Test, input: Omit<ConfigInput, 'sources' | 'upstreams' | 'listen'>) {
  const folder = t.testdir({ 'shop.proto': proto });
  const file = join(folder, 'shop.proto');
  const item = { id: 'x', cost: 1, kind: 'KIND_UNSPECIFIED', grade: 'GRADE_SECRET' };
  const unary = Object.fromEntries(['Shop.Find', 'Shop.Audit', 'Shop.Add', 'Admin.Reset'].map((name) => [`shop.v1.${name}`, () => item]));
  const backend = await startBackend(file, { unary });
  t.teardown(() => backend.close());
  const running = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [file] },
    upstreams: { default: { target: backend.target } },
    json: { defaults: false },
    ...input,
  });
  t.teardown(() => running.close({ graceMs: 0 }));
  return running;
}

interface Described {
  readonly info: { readonly title: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, { readonly get?: { readonly parameters: readonly { readonly name: string }[] } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object; readonly enum?: readonly string[] }>> };
}

async function describe(t: Test, input: Parameters<typeof start>[1]): Promise<{ readonly text: string; readonly document: Described }> {
  const { url } = await start(t, input);
  const { text } = await send(url, 'GET', '/openapi.json');
  return { text, document: JSON.parse(text) };
}

const propertiesOf = ({ components }: Described) => Object.keys(components.schemas['shop.v1.Item']?.properties ?? {});

test('the document leaves out what is restricted', async (t) => {
  const { text, document } = await describe(t, {});
  t.strictSame(Object.keys(document.paths), ['/v1/items/{id}', '/v1/items']);
  t.strictSame(
    document.tags.map(({ name }) => name),
    ['Shop'],
  );
  t.strictSame(
    document.paths['/v1/items/{id}']?.get?.parameters.map(({ name }) => name),
    ['id', 'text'],
  );
  t.strictSame(propertiesOf(document), ['id', 'grade', 'maker', 'open']);
  t.strictSame(document.components.schemas['shop.v1.Grade']?.enum, ['GRADE_UNSPECIFIED', 'GRADE_GOOD']);
  for (const secret of ['Admin', 'udit', 'cost', 'edger', 'smuggler', 'SECRET', 'Kind', 'KIND', 'trace'])
    t.notOk(text.includes(secret), secret);
});

test('a label that docs.visibility names opens what it restricts, and no more', async (t) => {
  const { document } = await describe(t, { docs: { visibility: ['PREVIEW', 'OPERATORS'] } });
  t.strictSame(Object.keys(document.paths).sort(), ['/v1/items', '/v1/items/{id}', '/v1/items/{id}:audit', '/v1/reset']);
  t.strictSame(propertiesOf(document), ['id', 'grade', 'maker', 'open']);
  const internal = await describe(t, { docs: { visibility: ['INTERNAL'] } });
  t.strictSame(Object.keys(internal.document.paths).sort(), ['/v1/items', '/v1/items/{id}', '/v1/items/{id}:audit']);
  t.strictSame(propertiesOf(internal.document), ['id', 'cost', 'ledger', 'ledgers', 'grade', 'kind', 'maker', 'smuggler', 'open']);
  t.strictSame(internal.document.components.schemas['shop.v1.Grade']?.enum, ['GRADE_UNSPECIFIED', 'GRADE_SECRET', 'GRADE_GOOD']);
});

test('what is restricted is served as before', async (t) => {
  const { url } = await start(t, {});
  const secret = '{"id":"x","cost":1,"grade":"GRADE_SECRET"}';
  for (const [method, path, body] of [
    ['GET', '/v1/items/x:audit'],
    ['GET', '/v1/items/x?trace=1'],
    ['POST', '/v1/items', '{"cost":2,"ledger":{"entry":"a"},"grade":"GRADE_SECRET"}'],
    ['POST', '/v1/reset', '{}'],
  ] as const) {
    const { status, text } = await send(url, method, path, body);
    t.strictSame([status, text], [200, secret], path);
  }
});

test('a policy serves of restricted methods only those of its labels', async (t) => {
  const statuses = async (policies: NonNullable<ConfigInput['policies']>) => {
    const { url } = await start(t, { policies });
    const paths = [
      ['GET', '/v1/items/x'],
      ['GET', '/v1/things'],
      ['GET', '/v1/items/x:audit'],
      ['POST', '/v1/reset'],
    ] as const;
    return Promise.all(paths.map(async ([method, path]) => (await send(url, method, path)).status));
  };
  t.strictSame(await statuses([{ select: '*', visibility: [] }]), [200, 404, 200, 404], 'the verb is data then');
  t.strictSame(await statuses([{ select: '*', visibility: ['OPERATORS'] }]), [200, 404, 200, 200]);
  t.strictSame(
    await statuses([
      { select: '*', visibility: [] },
      { select: 'shop.v1.Admin.*', visibility: ['OPERATORS'] },
    ]),
    [200, 404, 200, 200],
    'the most specific one says it',
  );
});

const routesOf = async (t: Test, options: string) => {
  const file = join(t.testdir({ 'shop.proto': proto }), 'shop.proto');
  const { out } = await outcomeOf(`routes --format json --proto ${file} ${options}`);
  return JSON.parse(out).map(({ rpc }: { readonly rpc: string }) => rpc);
};

test('--hide-restricted serves no restricted method', async (t) => {
  t.strictSame(await routesOf(t, '--hide-restricted'), ['shop.v1.Shop.Add', 'shop.v1.Shop.Find']);
  t.strictSame(await routesOf(t, ''), ['shop.v1.Shop.Add', 'shop.v1.Shop.Find', 'shop.v1.Shop.Audit', 'shop.v1.Admin.Reset']);
});

test('check says how much is restricted, and what comes of it', async (t) => {
  const folder = t.testdir({
    'shop.proto': proto,
    'plain.proto': proto.replaceAll(/ \[?\(google\.api\.field[^;\]]*\]?/g, ''),
    'c.yaml': '',
  });
  const check = async (options: string) => {
    const { code, out } = await outcomeOf(`check --strict --format json ${options}`);
    return [code, JSON.parse(out).notes];
  };
  const all = '2 methods, 6 fields, 1 enum value';
  const note = (document: string, served: string) => [
    `restricted (google.api.*_visibility: INTERNAL, OPERATORS, PREVIEW): ${all}; ${document}; ${served}`,
  ];
  const file = join(folder, 'shop.proto');
  t.strictSame(await check(`--proto ${file}`), [0, note(`the OpenAPI document leaves out ${all}`, 'all are served')]);
  t.strictSame(await check(`--proto ${file} --hide-restricted`), [
    0,
    note(`the OpenAPI document leaves out ${all}`, '2 methods not served'),
  ]);
  const config = join(folder, 'c.yaml');
  writeFileSync(config, 'sources: {protos: [shop.proto]}\ndocs: {visibility: [INTERNAL]}\n');
  t.strictSame(await check(`-c ${config}`), [0, note('the OpenAPI document leaves out 1 method', 'all are served')]);
  writeFileSync(config, 'sources: {protos: [shop.proto]}\ndocs: {visibility: [INTERNAL, OPERATORS]}\n');
  t.strictSame(await check(`-c ${config}`), [0, note('all are in the OpenAPI document', 'all are served')]);
  const open = t.testdir({ 'a.proto': 'syntax = "proto3"; package a; message M {} service S { rpc Do(M) returns (M); }' });
  t.strictSame((await check(`--proto ${open} --unbound`))[1], []);
});
