import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { type RunningGateway, startGateway } from '../../../gateway/index.js';
import { type Answer, send } from '../../support/http.js';
import { protoOf } from '../api/many-routes.js';

interface Administered {
  readonly running: RunningGateway;
  readonly proto: string;
  ask(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

async function start(t: Test): Promise<Administered> {
  const proto = join(t.testdir({ 'many.proto': protoOf(1) }), 'many.proto');
  const running = await startGateway({
    listen: '127.0.0.1:0',
    admin: { listen: '127.0.0.1:0' },
    sources: { protos: [proto], watch: false },
    upstreams: { default: { target: '127.0.0.1:1' } },
    log: { level: 'silent' },
  });
  t.teardown(() => running.close({ graceMs: 0 }));
  const { adminUrl = '' } = running;
  return { running, proto, ask: (method, path, headers) => send(adminUrl, method, path, undefined, headers) };
}

/** The value of a metric. */
function metricIn(metrics: string, name: string): number {
  const line = metrics.split('\n').find((text) => text.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

test('a reload is done when it is answered, and seen in the readiness document and the metrics', async (t) => {
  const { proto, ask, running } = await start(t);
  const before = JSON.parse((await ask('GET', '/-/ready')).text);
  t.match(before, { status: 'SERVING', generation: { id: 0, services: 1, routes: 5 }, upstreams: { default: { target: '127.0.0.1:1' } } });
  t.notOk('lastReload' in before);
  writeFileSync(proto, protoOf(2));
  const reloaded = await ask('POST', '/-/reload');
  t.equal(reloaded.status, 200);
  t.strictSame(JSON.parse(reloaded.text), { generation: 1, routes: 10, warnings: [] });
  t.equal(running.gateway.current.id, 1);
  const after = JSON.parse((await ask('GET', '/-/ready')).text);
  t.match(after, { generation: { id: 1, routes: 10 }, lastReload: { why: 'POST /-/reload', ok: true, problems: [] } });
  t.ok(after.lastReload.tookMs > 0 && after.lastReload.longestBlockMs >= 0);
  t.not(after.generation.schema, before.generation.schema);
  const { text: metrics } = await ask('GET', '/metrics');
  t.equal(metricIn(metrics, 'protogate_reloads_total{result="ok"}'), 1);
  t.equal(metricIn(metrics, 'protogate_reloads_total{result="refused"}'), 0);
  t.equal(metricIn(metrics, 'protogate_last_reload_successful'), 1);
  t.ok(metricIn(metrics, 'protogate_last_reload_duration_seconds') > 0);
  t.ok(metricIn(metrics, 'protogate_last_reload_longest_block_seconds') >= 0);
  t.equal(metricIn(metrics, 'protogate_generations'), 1);
  t.equal(metricIn(metrics, 'protogate_requests_in_progress'), 0);
  t.match(metrics, /^process_cpu_seconds_total /m);
});

test('a source that is refused is told everywhere, and what was there serves on', async (t) => {
  const { proto, ask, running } = await start(t);
  writeFileSync(proto, 'syntax = "proto3"; message A { B b = 1; }');
  const reloaded = await ask('POST', '/-/reload');
  t.equal(reloaded.status, 422);
  const { problems } = JSON.parse(reloaded.text);
  t.match(problems, [/^many\.proto:1:.*B/]);
  t.match(JSON.parse((await ask('GET', '/-/ready')).text), {
    status: 'SERVING',
    generation: { id: 0, routes: 5 },
    lastReload: { ok: false, problems },
  });
  const { text: metrics } = await ask('GET', '/metrics');
  t.equal(metricIn(metrics, 'protogate_reloads_total{result="refused"}'), 1);
  t.equal(metricIn(metrics, 'protogate_last_reload_successful'), 0);
  t.equal((await send(running.url, 'GET', '/v1/projects/1/things0/1')).status, 503);
  writeFileSync(proto, protoOf(1));
  t.equal((await ask('POST', '/-/reload')).status, 200);
});

test('reloads that wait are one', async (t) => {
  const { ask, running } = await start(t);
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('POST', '/-/reload')));
  t.ok(answers.every(({ status }) => status === 200));
  t.ok(running.gateway.current.id < 20, `${running.gateway.current.id} reloads`);
});

test('an upstream that cannot be reached makes it 503', async (t) => {
  const { ask, running } = await start(t);
  // Until the next attempt is due, which on a slow machine may be before it is asked.
  const afterFailure = async (path: string, seen: (answer: Answer) => boolean) => {
    for (;;) {
      await send(running.url, 'GET', '/v1/projects/1/things0/1');
      const answer = await ask('GET', path);
      if (seen(answer)) return answer;
    }
  };
  const ready = await afterFailure('/-/ready', ({ status }) => status === 503);
  t.match(JSON.parse(ready.text), { status: 'NOT_SERVING', upstreams: { default: { ready: false } } });
  const why = 'nothing listens there: start the server, or correct the address';
  const explained = await afterFailure('/-/ready', ({ text }) => text.includes('"why"'));
  t.match(JSON.parse(explained.text), { upstreams: { default: { target: '127.0.0.1:1', ready: false, why } } });
  const down = 'protogate_upstream_ready{upstream="default"}';
  t.ok(await afterFailure('/metrics', ({ text }) => metricIn(text, down) === 0));
});

test('there is nothing else, nothing for web pages, and nothing of it where clients are', async (t) => {
  const { ask, running } = await start(t);
  t.match(await ask('GET', '/-/reload'), { status: 405, headers: { allow: 'POST' } });
  t.match(await ask('DELETE', '/metrics'), { status: 405, headers: { allow: 'GET, HEAD' } });
  t.equal((await ask('GET', '/')).status, 404);
  t.equal((await ask('POST', '/-/reload', { origin: 'https://evil.example' })).status, 403);
  t.equal(running.gateway.current.id, 0);
  for (const path of ['/-/ready', '/-/reload', '/metrics']) t.equal((await send(running.url, 'GET', path)).status, 404);
});

test('a connection that says nothing does not hold up the end', async (t) => {
  const { running } = await start(t);
  const silent = connect(Number(new URL(running.adminUrl ?? '').port), '127.0.0.1');
  silent.on('error', () => {});
  await once(silent, 'connect');
  await running.close({ graceMs: 100 });
  t.pass('closed');
});

test('an address that is taken says which', async (t) => {
  const { running } = await start(t);
  const address = new URL(running.adminUrl ?? '').host;
  await t.rejects(startGateway({ ...running.gateway.config, admin: { listen: address } }), {
    name: 'ListenError',
    address,
    code: 'EADDRINUSE',
  });
});
