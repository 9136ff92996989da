import { type Test, test } from 'tap';
import { type ConfigInput, parseConfig, startGateway } from '../../gateway/index.js';
import { protoOf } from '../gateway/api/many-routes.js';
import { send, sendRaw } from '../support/http.js';

async function start(t: Test, hosts: readonly string[] = []) {
  const folder = t.testdir({ 'many.proto': protoOf(1) });
  const admin = { listen: '127.0.0.1:0', hosts };
  const config: ConfigInput = {
    listen: '127.0.0.1:0',
    admin,
    sources: { protos: [folder], watch: false },
    upstreams: { default: { target: '127.0.0.1:1' } },
    log: { level: 'silent' },
  };
  let now = config;
  const running = await startGateway(async () => parseConfig(now));
  t.teardown(() => running.close({ graceMs: 0 }));
  const { adminUrl = '' } = running;
  return {
    adminUrl,
    running,
    rename: async (others: readonly string[]) => {
      now = { ...config, admin: { ...admin, hosts: others } };
      await running.gateway.reload('other hosts');
    },
    ask: (host: string, method = 'GET', path = '/-/ready') => send(adminUrl, method, path, undefined, { host }),
  };
}

test('a name that a page of its own may have been given is refused, whatever is asked', async (t) => {
  const { ask, running } = await start(t);
  for (const host of [
    'evil.example',
    'evil.example:9000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '1.2.3',
    'a:b:c',
    '[localhost]',
  ]) {
    for (const [method, path] of [
      ['GET', '/-/ready'],
      ['GET', '/metrics'],
      ['POST', '/-/reload'],
      ['GET', '/nothing'],
    ] as const) {
      const answer = await ask(host, method, path);
      t.equal(answer.status, 421, `${method} ${path} of ${host}`);
      t.strictSame(JSON.parse(answer.text), { error: 'asked for by a name that is not known: put it on admin.hosts' });
    }
  }
  t.equal(running.gateway.current.id, 0);
});

test('addresses, localhost and the names of the configuration are answered', async (t) => {
  const { ask } = await start(t, ['Metrics.internal', 'gateway']);
  for (const host of [
    '127.0.0.1',
    '10.1.2.3:9000',
    '[::1]:9000',
    '[fe80::1]',
    'localhost',
    'LOCALHOST:9000',
    'metrics.internal:1',
    'GATEWAY',
  ])
    t.equal((await ask(host)).status, 200, host);
  for (const host of ['metrics.internal.evil.example', 'x.gateway', 'gateway.']) t.equal((await ask(host)).status, 421, host);
});

test('a probe without Host is no page', async (t) => {
  const { adminUrl } = await start(t);
  t.match(await sendRaw(adminUrl, 'GET /-/ready HTTP/1.0\r\n\r\n'), /^HTTP\/1\.[01] 200 /);
});

test('the names follow a reload', async (t) => {
  const { ask, rename } = await start(t, ['before']);
  await rename(['after']);
  t.equal((await ask('before')).status, 421);
  t.equal((await ask('after')).status, 200);
});
