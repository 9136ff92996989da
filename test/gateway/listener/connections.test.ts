import { once } from 'node:events';
import { test } from 'tap';
import type { ConfigInput, Setup } from '../../../gateway/index.js';
import type { StreamHandler } from '../../support/backend.js';
import { Gate } from '../../support/gate.js';
import { send } from '../../support/http.js';
import { Raw, until } from '../../support/raw.js';
import { startDesk } from '../desk.js';
import { LogEntries } from '../log-entries.js';
import { turns } from '../upstream/contract/recorder.js';

const GET = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';

for (const way of ['direct', 'through Fastify'] as const) {
  const config: ConfigInput = way === 'direct' ? {} : { trustProxy: ['10.0.0.1'] };

  test(`requests one after the other on a connection are answered in order, ${way}`, async (t) => {
    const gate = new Gate();
    const desk = await startDesk(t, { unary: { GetNote: ({ request }) => ({ name: request.name }), CreateNote: gate.unary } }, config);
    const slow = 'POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';
    const raw = await Raw.open(desk.url, slow + GET + GET.replace('/1', '/2'));
    await until(() => gate.calls.length === 1);
    t.equal(raw.text, '');
    gate.open();
    await raw.until(() => raw.text.includes('notes/2'));
    t.same(raw.text.match(/notes\/\d/g), ['notes/1', 'notes/1', 'notes/2']);
    raw.socket.destroy();
    await until(() => desk.running.gateway.current.inFlight === 0);
  });

  test(`a client that leaves ends all requests of its connection, ${way}`, async (t) => {
    const gate = new Gate();
    const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    t.teardown(() => process.off('warning', note));
    const raw = await Raw.open(desk.url, GET.repeat(30));
    await until(() => gate.calls.length === 16);
    await turns();
    t.equal(desk.running.gateway.current.inFlight, 16);
    raw.socket.destroy();
    await Promise.all(gate.calls.map((call) => call.cancelled));
    await until(() => desk.running.gateway.current.inFlight === 0);
    t.equal(gate.calls.length, 16, 'the others are called no more');
    t.same(warnings, []);
  });

  test(`an upload that is cut ends its request and calls nobody, ${way}`, async (t) => {
    const gate = new Gate();
    const desk = await startDesk(t, { unary: { CreateNote: gate.unary } }, config);
    for (const head of ['content-length: 100', 'transfer-encoding: chunked']) {
      const raw = await Raw.open(
        desk.url,
        `POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${head}\r\n\r\n9\r\n{"text":`,
      );
      await until(() => desk.running.gateway.current.inFlight === 1);
      raw.socket.destroy();
      await until(() => desk.running.gateway.current.inFlight === 0);
    }
    t.equal(gate.calls.length, 0);
  });
}

test('for a client that leaves before its request gets to its route, nobody is called', async (t) => {
  const gate = new Gate();
  let waiting = 0;
  const setup: Setup = (app) => {
    app.addHook('preHandler', async (_request, { raw }) => {
      waiting += 1;
      await once(raw, 'close');
    });
  };
  const desk = await startDesk(
    t,
    { unary: { GetNote: gate.unary }, stream: { StreamNotes: async (call) => void gate.calls.push(call) } },
    {},
    { setup },
  );
  for (const request of [GET, GET.replace('notes/1', 'notes:stream')]) {
    const before = waiting;
    const raw = await Raw.open(desk.url, request);
    await until(() => waiting > before);
    raw.socket.destroy();
    await until(() => desk.running.gateway.current.inFlight === 0);
  }
  await turns();
  t.equal(gate.calls.length, 0);
});

test('of a client that has left nothing is logged', async (t) => {
  const gate = new Gate();
  const entries = new LogEntries();
  const desk = await startDesk(
    t,
    { unary: { GetNote: gate.unary } },
    { trustProxy: ['10.0.0.1'], log: { level: 'info' } },
    { log: entries.log },
  );
  const raw = await Raw.open(desk.url, GET);
  await until(() => gate.calls.length === 1);
  const before = entries.all.length;
  raw.socket.destroy();
  await until(() => desk.running.gateway.current.inFlight === 0);
  await gate.calls[0]?.cancelled;
  await turns();
  t.same(entries.all.slice(before), []);
});

test('what is no HTTP behind the answer to a stream closes the connection, and does not get into the answer', async (t) => {
  const stream: StreamHandler = async (call, out) => {
    out.write({ name: 'notes/1' });
    await call.cancelled;
  };
  const desk = await startDesk(t, { stream: { StreamNotes: stream } });
  const raw = await Raw.open(desk.url, 'GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\n\r\n');
  await raw.until(() => raw.text.includes('notes/1'));
  raw.socket.write('\x00\x01 garbage\r\n\r\n');
  await raw.until(() => false);
  t.equal(raw.text.split('HTTP/1.1').length, 2, raw.text);
  await until(() => desk.running.gateway.current.inFlight === 0);
  t.equal((await send(desk.url, 'GET', '/healthz')).status, 200);
});

test('a client that does not read its answer loses its connection, one whose upstream is slow does not', async (t) => {
  const gate = new Gate();
  const huge = 'x'.repeat(12_000_000);
  const desk = await startDesk(
    t,
    { unary: { GetNote: () => ({ title: huge }), CreateNote: gate.unary } },
    { limits: { keepAliveTimeoutMs: 300 } },
  );
  const inFlight = () => desk.running.gateway.current.inFlight;
  const slow = send(desk.url, 'POST', '/v1/notes');
  await until(() => gate.calls.length === 1);
  const raw = await Raw.open(desk.url, GET);
  raw.socket.pause();
  await until(() => inFlight() === 2);
  await until(() => inFlight() === 1);
  gate.open();
  t.equal((await slow).status, 200);
  raw.socket.resume();
  await raw.until(() => false);
  t.ok(raw.text.length < huge.length);
});

test('a client that does not read a stream loses its connection when the stream has been idle for too long', async (t) => {
  const title = 'x'.repeat(100_000);
  const flood: StreamHandler = async (call, out) => {
    for (let room = true; room; ) room = out.write({ title });
    await call.cancelled;
  };
  const desk = await startDesk(
    t,
    { stream: { StreamNotes: flood } },
    { policies: [{ select: '*', idleMs: 300 }], limits: { keepAliveTimeoutMs: 100 } },
  );
  const raw = await Raw.open(desk.url, 'GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\n\r\n');
  raw.socket.pause();
  await until(() => desk.running.gateway.current.inFlight === 1);
  await until(() => desk.running.gateway.current.inFlight === 0);
  raw.socket.resume();
  await raw.until(() => false);
  t.pass('closed');
});

test('a client may stop reading a stream for a while, longer than a connection may be idle', async (t) => {
  const title = 'x'.repeat(100_000);
  const flood: StreamHandler = async (call, out) => {
    for (let i = 0; i < 150; i++) if (!out.write({ title })) await Promise.race([out.drained(), call.cancelled]);
  };
  const desk = await startDesk(t, { stream: { StreamNotes: flood } }, { limits: { keepAliveTimeoutMs: 50 } });
  const raw = await Raw.open(desk.url, 'GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\n\r\n');
  raw.socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 500));
  raw.socket.resume();
  await raw.until(() => raw.text.endsWith('\r\n0\r\n\r\n'));
  t.ok(raw.text.endsWith('\r\n0\r\n\r\n'), `${raw.text.length} characters, to the end`);
});

test('an idle connection is closed', async (t) => {
  const desk = await startDesk(t, { unary: { GetNote: () => ({}) } }, { limits: { keepAliveTimeoutMs: 100 } });
  const raw = await Raw.open(desk.url, GET);
  await raw.until(() => false);
  t.match(raw.text, /^HTTP\/1.1 200 /);
});
