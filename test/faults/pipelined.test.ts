import { test } from 'tap';
import { startChild } from '../gateway/cli/child.js';
import { deskProto, startDesk } from '../gateway/desk.js';
import { turns } from '../gateway/upstream/contract/recorder.js';
import { startBackend } from '../support/backend.js';
import { Gate } from '../support/gate.js';
import { send } from '../support/http.js';
import { Raw, until } from '../support/raw.js';
import { noProc, residentBytes } from '../support/resident.js';
import { ways } from '../support/ways.js';

const GET = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';

for (const [way, config] of Object.entries(ways)) {
  test(`of requests that come on one connection a few are in progress, the others wait and are answered in order, ${way}`, async (t) => {
    const gate = new Gate();
    const { url } = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const raw = await Raw.open(url, GET.repeat(500));
    await until(() => gate.calls.length === 16);
    await turns();
    t.equal(gate.calls.length, 16);
    gate.open();
    await raw.until(() => raw.text.split('"name":"notes/1"').length > 500);
    t.equal(raw.text.split('HTTP/1.1 200 OK').length, 501);
    t.equal(gate.calls.length, 500);
    raw.socket.destroy();
  });

  test(`requests behind a thousand that wait are not served, and the connection closes behind those, ${way}`, async (t) => {
    const gate = new Gate();
    const { url } = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const raw = await Raw.open(url, GET.repeat(60_000));
    await until(() => gate.calls.length === 16);
    gate.open();
    await raw.until(() => false);
    const answers = raw.text.split('HTTP/1.1 200 OK').length - 1;
    t.equal(gate.calls.length, answers);
    t.ok(answers >= 1000 && answers < 5000, `${answers} answers`);
    t.match(raw.text.slice(raw.text.lastIndexOf('HTTP/1.1')), /connection: close/i);
  });

  test(`no answer is asked for while much of those before it is not taken, ${way}`, async (t) => {
    let calls = 0;
    const title = 'x'.repeat(2_000_000);
    const getNote = () => {
      calls += 1;
      return { title };
    };
    const { url } = await startDesk(t, { unary: { GetNote: getNote } }, { ...config, limits: { exchangesPerConnection: 2 } });
    const raw = await Raw.open(url, GET.repeat(50));
    raw.socket.pause();
    await until(() => calls >= 2);
    await turns();
    const unread = calls;
    t.ok(unread <= 6, `${unread} calls for a client that reads nothing`);
    raw.socket.resume();
    await raw.until(() => raw.text.split('"title"').length > 50);
    t.equal(calls, 50);
    raw.socket.destroy();
  });
}

test('a client that sends a thousand requests for large replies and reads none holds little memory', { skip: noProc }, async (t) => {
  const title = 'x'.repeat(1_000_000);
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': () => ({ title }) }, stream: {} });
  t.teardown(() => backend.close());
  const child = startChild(t, ['dist/gateway/cli/main.js', '--proto', deskProto, '--upstream', backend.target, '--port', '0']);
  const [, url = ''] = await child.line(/"url":"([^"]+)".*"msg":"serving"/);
  await send(url, 'GET', '/v1/notes/1');
  const before = residentBytes(child.process.pid);
  const raw = await Raw.open(url, GET.repeat(1000));
  raw.socket.pause();
  let most = 0;
  for (let i = 0; i < 20; i++) {
    await send(url, 'GET', '/v1/notes/1');
    most = Math.max(most, residentBytes(child.process.pid) - before);
  }
  raw.socket.destroy();
  t.ok(most < 200_000_000, `${most} bytes more`);
});

test('more requests than may be in progress are 503 at once and say when to come again, health checks are answered', async (t) => {
  const gate = new Gate();
  const { url, running } = await startDesk(t, { unary: { GetNote: gate.unary } }, { limits: { inFlight: 3 } });
  const first = Array.from({ length: 3 }, () => send(url, 'GET', '/v1/notes/1'));
  await until(() => gate.calls.length === 3);
  const refused = await send(url, 'GET', '/v1/notes/1');
  t.equal(refused.status, 503);
  t.equal(refused.headers['retry-after'], '1');
  t.strictSame(JSON.parse(refused.text), { code: 14, message: 'Too many requests are in progress.', details: [] });
  t.equal((await send(url, 'GET', '/healthz')).status, 200);
  t.equal((await send(url, 'GET', '/readyz')).status, 200);
  gate.open();
  for (const answer of await Promise.all(first)) t.equal(answer.status, 200);
  await until(() => running.gateway.current.inFlight === 0);
  t.equal((await send(url, 'GET', '/v1/notes/1')).status, 200);
});
