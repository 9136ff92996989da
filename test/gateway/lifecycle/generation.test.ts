import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { type Config, createGateway, parseConfig, type Result, StartError, startGateway } from '../../../gateway/index.js';
import type { StreamHandler } from '../../support/backend.js';
import { startBackend } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { deskConfig, deskProto, startDesk } from '../desk.js';
import { serveWeb } from '../sources/web.js';

const names = { unary: { GetNote: (call: { request: object }) => ({ name: (call.request as { name: string }).name }) } };

function ask(base: string, path: string, agent: Agent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    get(base + path, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    }).on('error', reject);
  });
}

test('generations are swapped under load without one failed request', async (t) => {
  const desk = await startDesk(t, names);
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  t.teardown(() => agent.destroy());
  let swapping = true;
  let requests = 0;
  const failures: unknown[] = [];
  const client = async (id: number) => {
    while (swapping) {
      const reply = await ask(desk.url, `/v1/notes/${id}`, agent);
      requests += 1;
      if (reply.status !== 200 || JSON.parse(reply.text).name !== `notes/${id}`) failures.push(reply);
    }
  };
  const clients = Array.from({ length: 8 }, (_, id) => client(id));
  for (let i = 1; i <= 10; i += 1) {
    const swapped = await desk.running.gateway.reload('test');
    t.match(swapped, { ok: true, value: i });
    const served = requests;
    while (requests < served + 20) await new Promise(setImmediate);
  }
  swapping = false;
  await Promise.all(clients);
  t.strictSame(failures, []);
  t.equal(desk.running.gateway.current.id, 10);
});

test('a stream that began before a swap ends normally, and its generation retires with it', async (t) => {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held: StreamHandler = async (_call, out) => {
    out.write({ name: 'notes/1' });
    await released;
    out.write({ name: 'notes/2' });
  };
  const desk = await startDesk(t, { stream: { StreamNotes: held } });
  const first = desk.running.gateway.current;
  const [response] = (await once(get(`${desk.url}/v1/notes:stream`), 'response')) as [IncomingMessage];
  await desk.running.gateway.reload('test');
  t.not(desk.running.gateway.current, first);
  t.equal(first.inFlight, 1);
  release();
  let text = '';
  for await (const chunk of response) text += chunk;
  t.equal(text.split('\n').length, 3);
  await first.retire(1000);
  t.equal(first.inFlight, 0);
});

test('a stream keeps its upstream over further reloads, also when one of these no longer has it', async (t) => {
  const gate = { open: () => {} };
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  const held: StreamHandler = async (_call, out) => {
    out.write({ name: 'notes/1' });
    await opened;
    out.write({ name: 'notes/2' });
  };
  const backend = await startBackend(deskProto, { stream: { 'desk.v1.Desk.StreamNotes': held } });
  t.teardown(() => backend.close());
  let idleTimeoutMs = 600_000;
  const running = await startGateway(async () =>
    parseConfig(deskConfig(backend.target, { upstreams: { default: { target: backend.target, idleTimeoutMs } } })),
  );
  t.teardown(() => running.close({ graceMs: 0 }));
  const [response] = (await once(get(`${running.url}/v1/notes:stream`), 'response')) as [IncomingMessage];
  await running.gateway.reload('test');
  idleTimeoutMs = 500_000;
  const second = running.gateway.current;
  await running.gateway.reload('test');
  await second.retire(1000);
  await new Promise(setImmediate);
  gate.open();
  let text = '';
  for await (const chunk of response) text += chunk;
  t.strictSame(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).name),
    ['notes/1', 'notes/2'],
  );
});

test('closing does not wait for a reload, and refuses the next', async (t) => {
  const desk = await startDesk(t, names);
  const asked = { once: () => {} };
  const wasAsked = new Promise<void>((resolve) => {
    asked.once = resolve;
  });
  const url = await serveWeb(t, () => asked.once());
  let descriptorSets: string[] = [];
  const running = await startGateway(async () =>
    parseConfig(deskConfig(desk.backend.target, { sources: { protos: [deskProto], descriptorSets } })),
  );
  descriptorSets = [`${url}/never`];
  void running.gateway.reload('test');
  await wasAsked;
  await running.close({ graceMs: 100 });
  t.match(await running.gateway.reload('test'), { ok: false, problems: [{ subject: 'gateway', reason: 'is closing' }] });
});

/** A gateway whose configuration the test changes between reloads. */
async function startChanging(t: Test, config: () => Result<Config>, handlers = names) {
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': handlers.unary.GetNote } });
  t.teardown(() => backend.close());
  const running = await startGateway(async () => config());
  t.teardown(() => running.close({ graceMs: 0 }));
  return running;
}

test('a configuration that is wrong is refused with its reasons, and the generation before serves on', async (t) => {
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': names.unary.GetNote } });
  t.teardown(() => backend.close());
  const good = parseConfig(deskConfig(backend.target));
  const bad = [
    parseConfig(deskConfig(backend.target, { sources: { protos: ['/nowhere.proto'] } })),
    parseConfig(deskConfig(backend.target, { policies: [{ select: '*', upstream: 'other' }] })),
    parseConfig({ listen: 'nowhere' }),
  ];
  let config = good;
  const running = await startChanging(t, () => config);
  for (const wrong of bad) {
    config = wrong;
    const refused = await running.gateway.reload('test');
    t.equal(refused.ok, false);
    t.ok(!refused.ok && refused.problems.length > 0);
    t.equal(running.gateway.current.id, 0);
    t.equal((await send(running.url, 'GET', '/v1/notes/1')).status, 200);
  }
  config = good;
  t.match(await running.gateway.reload('test'), { ok: true, value: 1 });
});

test('sources that have lost all their routes are refused, unless the configuration of what is served has changed with them', async (t) => {
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': names.unary.GetNote } });
  t.teardown(() => backend.close());
  const file = join(t.testdir({ 'desk.proto': readFileSync(deskProto) }), 'desk.proto');
  let config = parseConfig(deskConfig(backend.target, { sources: { protos: [file] } }));
  const running = await startChanging(t, () => config);
  const routes = running.gateway.current.table.bindings.length;
  writeFileSync(file, 'syntax = "proto3";');
  t.match(await running.gateway.reload('test'), {
    ok: false,
    problems: [{ subject: 'sources', reason: `had ${routes} routes and have none now: restart if that is meant` }],
  });
  t.equal((await send(running.url, 'GET', '/v1/notes/1')).status, 200);
  config = parseConfig(deskConfig(backend.target, { sources: { protos: [file] }, docs: { enabled: false } }));
  t.match(await running.gateway.reload('test'), { ok: false }, 'a change of something else does not count');
  config = parseConfig(deskConfig(backend.target, { sources: { protos: [file] }, policies: [{ select: '*', errors: 'google' }] }));
  t.match(await running.gateway.reload('test'), { ok: true });
  t.equal((await send(running.url, 'GET', '/v1/notes/1')).status, 404);
});

test('a reload follows the configuration: methods, upstreams', async (t) => {
  const other = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': () => ({ name: 'other' }) } });
  t.teardown(() => other.close());
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': () => ({ name: 'first' }) } });
  t.teardown(() => backend.close());
  let config = parseConfig(deskConfig(backend.target, { json: { defaults: false } }));
  const running = await startChanging(t, () => config);
  const answer = async () => (await send(running.url, 'GET', '/v1/notes/1')).text;
  t.equal(await answer(), '{"name":"first"}');
  config = parseConfig(deskConfig(other.target, { json: { defaults: false } }));
  await running.gateway.reload('test');
  t.equal(await answer(), '{"name":"other"}');
  config = parseConfig(deskConfig(other.target, { policies: [{ select: '*', expose: false }] }));
  await running.gateway.reload('test');
  t.equal((await send(running.url, 'GET', '/v1/notes/1')).status, 404);
});

test('what has state outlives a generation: unchanged upstreams and the stores', async (t) => {
  const desk = await startDesk(t, names);
  const { gateway } = desk.running;
  const before = gateway.runtime.upstream('default');
  gateway.runtime.stores.set('mine', 1);
  await gateway.reload('test');
  t.equal(gateway.runtime.upstream('default'), before);
  t.equal(gateway.runtime.stores.get('mine'), 1);
});

test('an upstream that is to be called by another lane is another', async (t) => {
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': names.unary.GetNote } });
  t.teardown(() => backend.close());
  const by = (lane: 'h2' | 'grpc-js') =>
    parseConfig(deskConfig(backend.target, { upstreams: { default: { target: backend.target, lane } } }));
  let config = by('h2');
  const { gateway } = await startChanging(t, () => config);
  const before = gateway.runtime.upstream('default');
  config = by('grpc-js');
  await gateway.reload('test');
  t.not(gateway.runtime.upstream('default'), before);
});

test('Setup adds hooks and plugins to every generation, and each binding is a route they see', async (t) => {
  const routes: string[] = [];
  const desk = await startDesk(
    t,
    names,
    {},
    {
      setup: (app) => {
        app.addHook('onRoute', (route) => {
          if (route.config?.template !== undefined) routes.push(`${route.method} ${route.config.template} ${route.config.rpc}`);
        });
        app.addHook('onRequest', async (request, reply) => {
          reply.header('x-rpc', request.routeOptions.config.rpc ?? 'none');
        });
        app.addHook('preHandler', async (request, reply) => {
          if (request.headers.authorization === undefined && request.routeOptions.config.rpc !== undefined)
            return reply.code(401).send({ sorry: true });
          return undefined;
        });
      },
    },
  );
  t.ok(routes.includes('GET /v1/{name=notes/*} desk.v1.Desk.GetNote'), routes.join());
  for (let i = 0; i < 2; i += 1) {
    const refused = await send(desk.url, 'GET', '/v1/notes/1');
    t.equal(refused.status, 401);
    t.equal(refused.headers['x-rpc'], 'desk.v1.Desk.GetNote');
    t.equal((await send(desk.url, 'GET', '/v1/notes/1', undefined, { authorization: 'x' })).status, 200);
    await desk.running.gateway.reload('test');
  }
});

test('a Setup that throws refuses the generation', async (t) => {
  const setup = () => {
    throw new Error('no database');
  };
  await t.rejects(
    createGateway(deskConfig('127.0.0.1:1'), { setup }),
    new StartError([{ severity: 'error', subject: 'setup', reason: 'no database' }]),
  );
});

test('a gateway with a wrong configuration rejects with every reason', async (t) => {
  await t.rejects(startGateway({ listen: 'nowhere' } as object), { name: 'StartError', problems: [{ subject: 'listen' }] });
});

test('a gateway whose port is taken rejects', async (t) => {
  const desk = await startDesk(t, names);
  await t.rejects(startGateway(deskConfig('127.0.0.1:1', { listen: new URL(desk.url).host })), { code: 'EADDRINUSE' });
});
