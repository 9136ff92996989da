import { loadPackageDefinition, Server, ServerCredentials, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import t from 'tap';
import { startGateway } from '../../gateway/index.js';

const proto = `syntax = "proto3"; package a;
import "google/api/annotations.proto";
service S {
  rpc Find(Q) returns (Q) { option (google.api.http) = { get: "/v1/find" additional_bindings { get: "/v1/{lo.x}/{lo.y}" } }; }
  rpc Update(Q) returns (Q) { option (google.api.http) = { patch: "/v1/{lo.name=points/*}" body: "lo" additional_bindings { post: "/v1/{lo.name=points/*}" body: "*" } }; }
}
message Q { P lo = 1; P hi = 2; }
message P { int32 x = 1; int32 y = 2; string name = 3; }`;

t.test('a server on proto-loader, which does not merge messages in pieces, gets all of a message', async (t) => {
  const folder = t.testdir({ 'a.proto': proto });
  const loaded = loadPackageDefinition(loadSync('a.proto', { includeDirs: [folder, 'proto'], defaults: true }));
  const { S } = loaded.a as unknown as Record<string, ServiceClientConstructor>;
  const server = new Server();
  const echo = ({ request }: { request: unknown }, reply: (error: null, value: unknown) => void) => reply(null, request);
  server.addService(S?.service ?? {}, { find: echo, update: echo });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  t.teardown(() => server.forceShutdown());
  const gateway = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [folder] },
    upstreams: { default: { target: `127.0.0.1:${port}` } },
    log: { level: 'silent' },
  });
  t.teardown(() => gateway.close({ graceMs: 0 }));
  const ask = async (path: string, init?: RequestInit) => (await fetch(gateway.url + path, init)).json();
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  t.match(await ask('/v1/find?lo.x=1&hi.x=3&lo.y=2&hi.name=n'), { lo: { x: 1, y: 2 }, hi: { x: 3, name: 'n' } }, 'from the query');
  t.match(await ask('/v1/find?lo%2Ex=1&lo%2Ey=2'), { lo: { x: 1, y: 2 } }, 'from a query with encoded keys');
  t.match(await ask('/v1/1/2'), { lo: { x: 1, y: 2 } }, 'from the path');
  t.match(await ask('/v1/1/2?lo.name=n'), { lo: { x: 1, y: 2, name: 'n' } }, 'from path and query');
  const body = { method: 'PATCH', headers: json, body: '{"x": 1, "y": 2}' };
  t.match(await ask('/v1/points/7', body), { lo: { x: 1, y: 2, name: 'points/7' } }, 'from path and body');
  t.match(await ask('/v1/points/7?hi.x=3&hi.y=4', body), { lo: { x: 1, name: 'points/7' }, hi: { x: 3, y: 4 } }, 'from all three');
  const whole = { method: 'POST', headers: json, body: '{"lo": {"x": 1}, "hi": {"y": 2}}' };
  t.match(await ask('/v1/points/7', whole), { lo: { x: 1, name: 'points/7' }, hi: { y: 2 } }, 'from path and whole body');
  const fields = { method: 'POST', headers: form, body: 'lo.x=1&hi.x=3&lo.y=2&hi.y=4' };
  t.match(await ask('/v1/points/7', fields), { lo: { x: 1, y: 2, name: 'points/7' }, hi: { x: 3, y: 4 } }, 'from a form');
  const garbage = { method: 'POST', headers: { 'content-type': 'application/protobuf' }, body: new Uint8Array([0x0a, 0x7f, 0x01]) };
  t.equal((await fetch(`${gateway.url}/v1/points/7`, garbage)).status, 400, 'what is no message is refused');
});
