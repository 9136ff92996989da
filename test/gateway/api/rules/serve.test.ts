import { join } from 'node:path';
import { type Test, test } from 'tap';
import { startGateway } from '../../../../gateway/index.js';
import { openGreeter } from '../../../examples/greeter-server.js';
import { send } from '../../../support/http.js';
import { outcomeOf } from '../../cli/outcome.js';
import { serviceConfig, startService } from '../../service.js';

const proto = `syntax = "proto3"; package shop.v1; import "google/api/annotations.proto";
service Shop {
  rpc GetItem(GetItemRequest) returns (Item);
  rpc MakeItem(MakeItemRequest) returns (Item) { option (google.api.http) = { post: "/proto/items" body: "*" }; }
  rpc DropItem(GetItemRequest) returns (Item);
}
message GetItemRequest { string name = 1; string view = 2; }
message MakeItemRequest { Item item = 1; string shelf = 2; }
message Item { string name = 1; string title = 2; }`;

const rules = `type: google.api.Service
config_version: 3
http:
  rules:
  - selector: shop.v1.Shop.GetItem
    get: /v1/{name=items/*}
    additional_bindings:
    - custom: {kind: report, path: "/v1/{name=items/*}:look"}
      response_body: title
  - selector: shop.v1.Shop.MakeItem
    put: /v1/shelves/{shelf}/items
    body: item
`;

async function startShop(t: Test, mode: 'override' | 'add') {
  const folder = t.testdir({ 'shop.proto': proto, 'rules.yaml': rules });
  const file = join(folder, 'shop.proto');
  const sources = { protos: [file], rules: [join(folder, 'rules.yaml')] };
  const unary = {
    GetItem: ({ request }: { request: object }) => ({ name: 'items/1', title: JSON.stringify(request) }),
    MakeItem: ({ request }: { request: object }) => ({ name: 'items/2', title: JSON.stringify(request) }),
  };
  return startService(t, { proto: file, name: 'shop.v1.Shop' }, { unary }, { sources, rules: mode }, {});
}

test('methods without annotations are served by rules from a file', async (t) => {
  const { url } = await startShop(t, 'override');
  const rows = [
    ['GET', '/v1/items/1?view=all', undefined, 200, '{"name":"items/1","title":"{\\"name\\":\\"items/1\\",\\"view\\":\\"all\\"}"}'],
    ['REPORT', '/v1/items/1:look', undefined, 200, '"{\\"name\\":\\"items/1\\"}"'],
    [
      'PUT',
      '/v1/shelves/a/items',
      '{"title":"x"}',
      200,
      '{"name":"items/2","title":"{\\"item\\":{\\"title\\":\\"x\\"},\\"shelf\\":\\"a\\"}"}',
    ],
    ['POST', '/proto/items', '{}', 404, /"code":5/],
    ['POST', '/shop.v1.Shop/DropItem', '{}', 404, /"code":5/],
  ] as const;
  for (const [method, path, body, status, text] of rows) {
    const answer = await send(url, method, path, body, { 'content-type': 'application/json' });
    t.match(answer, { status, text }, `${method} ${path}`);
  }
});

test('rules that are added leave what the proto says', async (t) => {
  const { url } = await startShop(t, 'add');
  for (const [method, path, body] of [
    ['POST', '/proto/items', '{"item":{"title":"x"},"shelf":"a"}'],
    ['PUT', '/v1/shelves/a/items', '{"title":"x"}'],
  ] as const) {
    const { status, text } = await send(url, method, path, body, { 'content-type': 'application/json' });
    t.strictSame([status, text], [200, '{"name":"items/2","title":"{\\"item\\":{\\"title\\":\\"x\\"},\\"shelf\\":\\"a\\"}"}'], path);
  }
});

test('routes, check and openapi know the rules', async (t) => {
  const folder = t.testdir({
    'shop.proto': proto,
    'rules.yaml': rules,
    'wrong.yaml': rules.replace('get: /v1/{name=items/*}', 'get: /v1/{nam}'),
  });
  const flags = `--proto ${folder}/shop.proto --rules ${folder}/rules.yaml`;
  const out = `METHOD  PATH                       RPC                    BODY  QUERY
PUT     /v1/shelves/{shelf}/items  shop.v1.Shop.MakeItem  item  -
GET     /v1/{name=items/*}         shop.v1.Shop.GetItem   -     view
REPORT  /v1/{name=items/*}:look    shop.v1.Shop.GetItem   -     view
`;
  t.strictSame(await outcomeOf(`routes ${flags}`), { code: 0, out, err: '' });
  t.match(await outcomeOf(`check ${flags}`), { code: 0, out: /^ok: 1 service, 3 routes/m });
  t.strictSame(Object.keys(JSON.parse((await outcomeOf(`openapi ${flags}`)).out).paths), ['/v1/items/{item}', '/v1/shelves/{shelf}/items']);
  const refused = await outcomeOf(`check --proto ${folder}/shop.proto --rules ${folder}/wrong.yaml`);
  const [file, line] = refused.out.split('\n');
  t.strictSame(
    [refused.code, file, line?.trim()],
    [
      1,
      `${folder}/wrong.yaml`,
      '6:5  error  invalid-variable  shop.v1.Shop.GetItem: GET "/v1/{nam}": column 6: shop.v1.GetItemRequest has no field "nam"',
    ],
  );
});

test('the Python greeter, whose proto nobody has annotated', async (t) => {
  const port = await openGreeter(t);
  if (port === undefined) return;
  const folder = t.testdir({
    'hello.proto': `syntax = "proto3"; package helloworld;
service Greeter { rpc SayHello(HelloRequest) returns (HelloReply); }
message HelloRequest { string name = 1; }
message HelloReply { string message = 1; }`,
    'rules.yaml': 'http: {rules: [{selector: helloworld.*, get: "/greetings/{name}", response_body: message}]}',
  });
  const sources = { protos: [join(folder, 'hello.proto')], rules: [join(folder, 'rules.yaml')] };
  const { url, close } = await startGateway(serviceConfig('', `127.0.0.1:${port}`, { sources }));
  t.teardown(() => close({ graceMs: 0 }));
  t.match(await send(url, 'GET', '/greetings/J%C3%BCrgen'), { status: 200, text: '"Hello, Jürgen!"' });
});
