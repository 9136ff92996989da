import type { Server, ServerWritableStream } from '@grpc/grpc-js';
import { pino } from 'pino';
import { type Test, test } from 'tap';
import { type Logger, type RunningGateway, startGateway } from '../../../gateway/index.js';
import { compileProtos } from '../../support/schema.js';
import { addEcho, codec, error, honest, type ReflectionServer, serveReflection } from '../sources/reflection/server.js';
import { relay } from '../upstream/contract/server.js';

/** Descriptors of greeter.Greeter with a unary method a name, `GET /v1/hello/{name}`, and a stream. */
const greeter = (...methods: readonly string[]) =>
  compileProtos({
    'greeter.proto': `syntax = "proto3"; package greeter; import "google/api/annotations.proto";
      message Name { string name = 1; }
      service Greeter {
        rpc Watch(Name) returns (stream Name) { option (google.api.http) = { get: "/v1/watch/{name}" }; }
        ${methods.map((m) => `rpc ${m}(Name) returns (Name) { option (google.api.http) = { get: "/v1/${m.toLowerCase()}/{name}" }; }`).join('\n')}
      }`,
  });

type Watching = ServerWritableStream<Buffer, Buffer>;

interface GreeterOptions {
  readonly port?: number;
  readonly watch?: (stream: Watching) => void;
}

/** A server that has these methods, answers each with its request, and says all that by reflection. */
function serveGreeter(t: Test, methods: readonly string[], { port = 0, watch }: GreeterOptions = {}): Promise<ReflectionServer> {
  const add = (server: Server) => {
    addEcho(server, 'greeter.Greeter', methods);
    const path = '/greeter.Greeter/Watch';
    server.addService({ Watch: { path, requestStream: false, responseStream: true, ...codec } }, { Watch: watch ?? (() => {}) });
  };
  return serveReflection(t, honest(greeter(...methods), ['greeter.Greeter']), { port, add });
}

interface Followed extends RunningGateway {
  /** Messages of the log from `warn` on. */
  readonly warnings: readonly string[];
}

async function gatewayFor(t: Test, target: string, intervalMs: number): Promise<Followed> {
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => warnings.push(JSON.parse(line).msg) }) as Logger;
  const running = await startGateway(
    { listen: '127.0.0.1:0', upstreams: { default: { target, reflection: { intervalMs } } }, streams: { headerDelayMs: 0 } },
    { log },
  );
  t.teardown(() => running.close({ graceMs: 0 }));
  return { ...running, warnings };
}

const statusOf = async (url: string) => {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
};

/** Sends requests until the route of the newer server answers; the states of all that the older one has, too. */
async function statusesUntilNewer(url: string): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  for (;;) {
    seen.add(await statusOf(`${url}/v1/hello/x`));
    if ((await statusOf(`${url}/v1/bye/x`)) === 200) return seen;
  }
}

test('a server that a newer one replaces on the same port is followed, without a failure but 503 in between', async (t) => {
  const streams: Watching[] = [];
  const older = await serveGreeter(t, ['Hello'], { watch: (stream) => void streams.push(stream) });
  const { url, warnings } = await gatewayFor(t, older.target, 0);
  t.equal(await statusOf(`${url}/v1/hello/x`), 200);
  t.equal(await statusOf(`${url}/v1/bye/x`), 404);
  const stream = await fetch(`${url}/v1/watch/x`);
  const [call] = streams;
  if (call === undefined) throw new Error('the stream has not begun');
  call.write(call.request);
  const requests = statusesUntilNewer(url);
  const stopped = older.stop();
  await serveGreeter(t, ['Hello', 'Bye'], { port: older.port });
  const seen = [...(await requests)].filter((status) => status !== 503);
  t.strictSame(seen, [200]);
  call.write(call.request);
  call.end();
  await stopped;
  t.equal(await stream.text(), '{"name":"x"}\n{"name":"x"}\n', 'the stream that began before ends as it would have');
  t.strictSame(
    warnings.filter((line) => /reflection|offers/.test(line)),
    [],
  );
});

test('a server that dies and comes back newer is followed', async (t) => {
  const older = await serveGreeter(t, ['Hello']);
  const { url } = await gatewayFor(t, older.target, 0);
  t.equal(await statusOf(`${url}/v1/hello/x`), 200);
  older.close();
  t.equal(await statusOf(`${url}/v1/hello/x`), 503);
  t.equal(await statusOf(`${url}/v1/bye/x`), 404);
  await serveGreeter(t, ['Hello', 'Bye'], { port: older.port });
  t.strictSame(
    [...(await statusesUntilNewer(url))].filter((status) => status !== 503),
    [200],
  );
});

test('a server that changes what it says while connections stand is followed by time', async (t) => {
  const server = await serveGreeter(t, ['Hello', 'Bye']);
  server.behave(honest(greeter('Hello'), ['greeter.Greeter']));
  const { url } = await gatewayFor(t, server.target, 20);
  t.equal(await statusOf(`${url}/v1/bye/x`), 404);
  server.behave(honest(greeter('Hello', 'Bye'), ['greeter.Greeter']));
  t.strictSame([...(await statusesUntilNewer(url))], [200]);
});

/** Address of a relay that gives each connection to the next server in turn, and breaks it when the server has said what it offers. */
async function roundRobin(t: Test, servers: readonly ReflectionServer[]): Promise<string> {
  let turn = 0;
  const network = await relay(t, () => servers[turn++ % servers.length]?.port ?? 0);
  for (const server of servers) server.afterAnswer(network.cut);
  return network.address;
}

test('of servers of two versions behind one address the newer one is served, and that they disagree is logged once', async (t) => {
  const older = await serveGreeter(t, ['Hello']);
  const newer = await serveGreeter(t, ['Hello', 'Bye']);
  const target = await roundRobin(t, [older, newer]);
  const { url, gateway, warnings } = await gatewayFor(t, target, 10);
  const isServed = async () => (await (await fetch(`${url}/openapi.json`)).text()).includes('/v1/bye/{name}');
  const disagreements = () => warnings.filter((line) => line.includes('different versions'));
  t.equal(await isServed(), false, 'the older one was asked first');
  while (!(await isServed()) || disagreements().length === 0) await statusOf(`${url}/v1/hello/x`);
  const [{ id }, asked] = [gateway.current, older.streams.length];
  while (older.streams.length < asked + 5) await statusOf(`${url}/v1/hello/x`);
  t.equal(await isServed(), true);
  t.equal(gateway.current.id, id, 'nothing is reloaded while they disagree');
  t.strictSame(disagreements(), [
    `upstream default (${target}): servers of different versions answer there; the newest is served, unless it is heard no more`,
  ]);
});

test('a server that does not answer any more is served on as before, and that is logged once', async (t) => {
  const server = await serveGreeter(t, ['Hello']);
  const { url, gateway, warnings } = await gatewayFor(t, server.target, 10);
  server.behave(() => error(13, 'broken'));
  const asked = server.streams.length;
  while (server.streams.length < asked + 5) t.equal(await statusOf(`${url}/v1/hello/x`), 200);
  t.strictSame(warnings, [
    `upstream default (${server.target}): does not answer by server reflection as it should: it does not list its services (INTERNAL: broken); what it offered before is served on`,
  ]);
  t.match(await gateway.reload('test'), { ok: true, warnings: [{ severity: 'warning', reason: /what it offered before is served on$/ }] });
  t.equal(await statusOf(`${url}/v1/hello/x`), 200);
});
