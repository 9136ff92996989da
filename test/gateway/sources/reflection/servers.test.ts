import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { type Test, test } from 'tap';
import { loadOfficial } from '../../../../gateway/sources/official.js';
import { reflect } from '../../../../gateway/sources/reflection/reflect.js';
import { createUpstream } from '../../../../gateway/upstream/create.js';
import { link } from '../../../../proto/link.js';
import type { Schema, SourceFiles } from '../../../../proto/schema.js';
import { WireWriter } from '../../../../proto/wire/writer.js';
import { buildGo, hasGrpcio, startProgram } from '../../../support/programs.js';
import { compileProtos } from '../../../support/schema.js';
import { outcomeOf } from '../../cli/outcome.js';

const HERE = 'test/gateway/sources/reflection';

const protos = {
  'shop/v1/shop.proto': `syntax = "proto3"; package shop.v1;
    import "google/api/annotations.proto"; import "google/protobuf/timestamp.proto"; import "money/money.proto";
    service Shop {
      rpc GetItem(GetItemRequest) returns (Item) { option (google.api.http) = { get: "/v1/{name=items/*}" }; }
      rpc WatchItem(GetItemRequest) returns (stream Item) { option (google.api.http) = { get: "/v1/{name=items/*}:watch" }; }
    }
    service Unregistered { rpc GetItem(GetItemRequest) returns (Item) { option (google.api.http) = { get: "/v2/{name=items/*}" }; } }
    message GetItemRequest { string name = 1; }
    message Item {
      string name = 1; google.protobuf.Timestamp made = 2; money.Money price = 3; Kind kind = 4; map<string, Part> parts = 5;
      optional int32 stock = 6; oneof place { string shelf = 7; bytes box = 8; }
      message Part { int64 count = 1; }
    }
    enum Kind { KIND_UNSPECIFIED = 0; BIG = 1; }`,
  'money/money.proto': 'syntax = "proto3"; package money; message Money { int64 units = 1; }',
};
const compiled = compileProtos(protos);

/** Routes without rules, as of servers that leave custom options out, and by the rules. */
const unbound = ['POST /shop.v1.Shop/GetItem shop.v1.Shop.GetItem', 'POST /shop.v1.Shop/WatchItem shop.v1.Shop.WatchItem'];
const ruled = ['GET /v1/{name=items/*} shop.v1.Shop.GetItem', 'GET /v1/{name=items/*}:watch shop.v1.Shop.WatchItem'];

/** What the program would serve of a server with these flags. */
async function routesOf(target: string, flags = ''): Promise<readonly string[]> {
  const { out, err } = await outcomeOf(`routes --format json --reflection --upstream ${target}${flags}`);
  const routes: readonly { readonly method: string; readonly path: string; readonly rpc: string }[] = err === '' ? JSON.parse(out) : [];
  return err === '' ? routes.map(({ method, path, rpc }) => `${method} ${path} ${rpc}`) : [err];
}

/** A FileDescriptorSet of the protos. */
function setFile(t: Test): string {
  const out = new WireWriter();
  for (const file of compiled) out.bytesField(1, file);
  const path = join(t.testdir(), 'set.binpb');
  writeFileSync(path, out.finish());
  return path;
}

/** What the server says, linked. */
async function schemaFrom(t: Test, target: string, more: readonly SourceFiles[] = []): Promise<Schema> {
  const upstream = createUpstream({ name: 'shop', target: { address: target, tls: false } });
  t.teardown(() => upstream.close(0));
  const answer = await reflect(upstream, { name: 'shop', target, timeoutMs: 10_000, metadata: {}, services: [] });
  const official = await loadOfficial();
  if (!answer.ok || !official.ok) throw new Error(JSON.stringify(answer));
  const schema = link([...answer.value.sources, official.value, ...more]);
  if (!schema.ok) throw new Error(JSON.stringify(schema.problems));
  return schema.value;
}

/** Everything of the schema that the JSON of an item depends on. */
function itemOf(schema: Schema): unknown {
  return schema
    .message('shop.v1.Item')
    ?.fields.map((field) => [field.jsonName, field.number, field.kind, field.presence, field.oneof?.name]);
}

const [own, other] = [{ origin: 'protoc', version: '', files: compiled }, 'shop.v1.Unregistered'];

async function tellsEverything(t: Test, target: string): Promise<void> {
  const schema = await schemaFrom(t, target);
  t.strictSame(
    schema.services.map(({ name, offeredBy }) => [name, offeredBy]),
    [['shop.v1.Shop', ['shop']]],
  );
  const expected = link([own]);
  t.strictSame(itemOf(schema), expected.ok && itemOf(expected.value));
  t.equal(
    (await schemaFrom(t, target, [own])).services.some(({ name }) => name === other),
    true,
    'what it says does not contradict protoc',
  );
  t.strictSame(await routesOf(target), ruled);
}

test('a server of grpc-go tells everything', async (t) => {
  const program = buildGo(t, `${HERE}/go`);
  if (program !== undefined) await tellsEverything(t, (await startProgram(t, program, [setFile(t), 'shop.v1.Shop'])).address);
});

test('a server of Python grpcio, which knows v1alpha alone, tells everything', async (t) => {
  if (hasGrpcio(t)) await tellsEverything(t, (await startProgram(t, 'python3', [`${HERE}/server.py`, setFile(t), 'shop.v1.Shop'])).address);
});

async function startGrpcJs(t: Test): Promise<string> {
  const folder = t.testdir({
    shop: { v1: { 'shop.proto': protos['shop/v1/shop.proto'] } },
    money: { 'money.proto': protos['money/money.proto'] },
  });
  const loaded = protoLoader.loadSync('shop/v1/shop.proto', { includeDirs: [folder, 'proto'] });
  const server = new Server();
  new ReflectionService(loaded, { services: ['shop.v1.Shop'] }).addToServer(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  t.teardown(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

test('a server of grpc-js with proto-loader makes files of its own without imports and options: its services are served without rules, or by those of a file', async (t) => {
  const target = await startGrpcJs(t);
  const schema = await schemaFrom(t, target);
  t.strictSame(
    schema.services.map(({ name, offeredBy, file }) => [name, offeredBy, file]),
    [['shop.v1.Shop', ['shop'], 'shop_v1.proto']],
  );
  t.equal(
    schema.message('google.protobuf.Timestamp')?.file,
    'google/protobuf/timestamp.proto',
    'the official files take the place of its own',
  );
  t.match(itemOf(schema), [
    ['name', 1, 'string', false, undefined],
    ['made', 2, 'message', true, undefined],
    ['price', 3, 'message', true, undefined],
    ['kind', 4, 'enum', false, undefined],
    ['parts', 5, 'map', false, undefined],
    ['stock', 6, 'int32', true, '_stock'],
    ['shelf', 7, 'string', true, 'place'],
    ['box', 8, 'bytes', true, 'place'],
  ]);
  const silent = await outcomeOf(`check --reflection --upstream ${target}`);
  t.match(silent, {
    code: 0,
    out: /shop\.v1\.Shop: came without HTTP rules from upstream default, and is not served: .*--rules.*--unbound/,
  });
  t.strictSame(await routesOf(target, ' --unbound'), unbound);
  const rules = join(
    t.testdir({
      'rules.yaml': `http:
  rules:
  - {selector: shop.v1.Shop.GetItem, get: "/v1/{name=items/*}"}
  - {selector: shop.v1.Shop.WatchItem, get: "/v1/{name=items/*}:watch"}`,
    }),
    'rules.yaml',
  );
  t.strictSame(await routesOf(target, ` --rules ${rules}`), ruled);
});
