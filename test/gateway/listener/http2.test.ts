import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import { Gate } from '../../support/gate.js';
import { send } from '../../support/http.js';
import { ask, connectHttp2 } from '../../support/http2.js';
import { Raw, until } from '../../support/raw.js';
import { skipUnless } from '../../support/require.js';
import { testTls, tlsPaths } from '../../support/tls.js';
import { ways } from '../../support/ways.js';
import { startDesk } from '../desk.js';
import { echo, startStreams } from '../streams.js';

const names = { unary: { GetNote: () => ({ name: 'notes/1' }), CreateNote: ({ request }: { request: object }) => ({ ...request }) } };
const GET = { ':path': '/v1/notes/1' };
const POST = { ':method': 'POST', ':path': '/v1/notes', 'content-type': 'application/json' };
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const SETTINGS = '\x00\x00\x00\x04\x00\x00\x00\x00\x00';

test('one port serves HTTP/1.1 and HTTP/2 in plaintext', async (t) => {
  const desk = await startDesk(t, names);
  const session = await connectHttp2(t, desk.url);
  const [first, second, third] = await Promise.all([
    ask(session, GET),
    ask(session, POST, '{"title":"x"}'),
    send(desk.url, 'GET', '/v1/notes/1'),
  ]);
  t.equal(first.status, 200);
  t.equal(first.text, third.text);
  t.match(second.text, /"title":"x"/);
});

test('over TLS the client chooses by ALPN', async (t) => {
  const desk = await startDesk(t, names, { tls: tlsPaths.server });
  const session = await connectHttp2(t, desk.url, { ca: testTls.ca });
  t.equal((await ask(session, GET)).status, 200);
  t.equal(session.alpnProtocol, 'h2');
});

test('a preface that comes one byte at a time is understood', async (t) => {
  const desk = await startDesk(t, names);
  const raw = await Raw.open(desk.url, '');
  for (const byte of PREFACE + SETTINGS) {
    raw.socket.write(byte, 'latin1');
    await new Promise((resolve) => setImmediate(resolve));
  }
  // The server's SETTINGS, and that it has read the client's.
  await until(() => raw.text.includes('\x00\x00\x00\x04\x01\x00\x00\x00\x00'));
  t.equal(raw.text[3], '\x04');
  raw.socket.destroy();
});

test('what begins like the preface and is none is HTTP/1.1', async (t) => {
  const desk = await startDesk(t, names);
  const raw = await Raw.open(desk.url, `${PREFACE.slice(0, 18)}XX\r\n\r\n`);
  await until(() => raw.closed);
  t.match(raw.text, /^HTTP\/1\.1 400 /);
  const post = await Raw.open(desk.url, 'P');
  post.socket.write('OST /v1/notes HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}');
  await until(() => post.closed);
  t.match(post.text, /^HTTP\/1\.1 200 /);
});

test('who sends no more than the beginning of a preface is told so in time', async (t) => {
  const desk = await startDesk(t, names, { limits: { headersTimeoutMs: 50 } });
  const raw = await Raw.open(desk.url, PREFACE.slice(0, 10));
  await until(() => raw.text.includes('\r\n\r\n'));
  t.match(raw.text, /^HTTP\/1\.1 408 /);
  raw.socket.destroy();
});

const curlHasHttp2 = /\bHTTP2\b/.test(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '');

const curls: readonly (readonly [options: readonly string[], tls: boolean, version: string])[] = [
  [['--http2-prior-knowledge'], false, '2'],
  [['--http2'], false, '1.1'],
  [['--http1.1'], false, '1.1'],
  [['--http2'], true, '2'],
  [['--http1.1'], true, '1.1'],
];

for (const [options, tls, version] of curls) {
  test(`curl ${options.join(' ')} is answered${tls ? ' over TLS' : ''}`, async (t) => {
    if (!skipUnless(t, curlHasHttp2, 'curl with HTTP/2')) return;
    const desk = await startDesk(t, names, tls ? { tls: tlsPaths.server } : {});
    const json = ['-H', 'content-type: application/json', '-d', '{"title":"x"}'];
    const form = ['-d', 'title=x'];
    for (const body of [json, form, [...json, '-H', 'expect: 100-continue']]) {
      const url = `${desk.url.replace('localhost', '127.0.0.1')}/v1/notes`;
      const curl = spawn('curl', [
        '-sS',
        '-m',
        '20',
        '--cacert',
        tlsPaths.ca,
        '-w',
        ' %{http_version} %{http_code}',
        ...options,
        ...body,
        url,
      ]);
      let out = '';
      for (const stream of [curl.stdout, curl.stderr]) stream.on('data', (chunk) => (out += chunk));
      await once(curl, 'close');
      t.match(out, new RegExp(`"title":"x".* ${version} 200$`));
    }
  });
}

const faults: readonly (readonly [name: string, head: Record<string, string | string[]>, limits: ConfigInput, status: number])[] = [
  ['a host that is not the authority', { ...GET, ':authority': 'a', host: 'b' }, {}, 400],
  ['a host that is none', { ...GET, ':authority': 'a:b' }, {}, 400],
  ['a fragment', { ':path': '/v1/notes/1#x' }, {}, 400],
  ['an expectation that is not understood', { ...POST, expect: 'tea' }, {}, 417],
  ['a head over the limit', { ...GET, x: 'y'.repeat(2000) }, { limits: { headers: 1500 } }, 431],
  ['CONNECT', { ':method': 'CONNECT', ':authority': 'a:1' }, {}, 501],
];

for (const [name, head, config, status] of faults) {
  test(`${name} is ${status} over HTTP/2, and the connection goes on`, async (t) => {
    const desk = await startDesk(t, names, config);
    const session = await connectHttp2(t, desk.url);
    const answer = await ask(session, head, head[':method'] === 'CONNECT' ? '' : undefined);
    t.equal(answer.status, status);
    t.match(JSON.parse(answer.text), { code: Number });
    t.equal((await ask(session, GET)).status, 200);
  });
}

for (const [way, config] of Object.entries(ways)) {
  test(`a client that gives up a request cancels its call, and no other, ${way}`, async (t) => {
    const gate = new Gate();
    const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const session = await connectHttp2(t, desk.url);
    const given = session.request(GET).on('error', () => {});
    const other = ask(session, GET);
    await until(() => gate.calls.length === 2);
    given.close(constants.NGHTTP2_CANCEL);
    await Promise.race(gate.calls.map((call) => call.cancelled));
    await until(() => desk.running.gateway.current.inFlight === 1);
    gate.open();
    t.equal((await other).status, 200);
    await until(() => desk.running.gateway.current.inFlight === 0);
  });

  test(`a client that leaves ends all its requests, ${way}`, async (t) => {
    const gate = new Gate();
    const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const session = await connectHttp2(t, desk.url);
    for (let i = 0; i < 20; i += 1) session.request(GET).on('error', () => {});
    session.request(POST).on('error', () => {});
    await until(() => gate.calls.length === 20 && desk.running.gateway.current.inFlight === 21);
    session.destroy();
    await Promise.all(gate.calls.map((call) => call.cancelled));
    await until(() => desk.running.gateway.current.inFlight === 0);
    t.equal(desk.running.gateway.current.inFlight, 0);
  });

  test(`at the end clients are sent away, and requests in progress are answered, ${way}`, async (t) => {
    const gate = new Gate();
    const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const session = await connectHttp2(t, desk.url);
    const answer = ask(session, GET);
    await until(() => gate.calls.length === 1);
    const goaway = once(session, 'goaway');
    const closed = desk.running.close();
    const [code] = await goaway;
    t.equal(code, constants.NGHTTP2_NO_ERROR);
    gate.open();
    t.equal((await answer).status, 200);
    await closed;
  });

  test(`requests over limits.inFlight are 503 at once over HTTP/2, health checks aside, ${way}`, async (t) => {
    const gate = new Gate();
    const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, { ...config, limits: { inFlight: 1 } });
    const session = await connectHttp2(t, desk.url);
    const first = ask(session, GET);
    await until(() => gate.calls.length === 1);
    const refused = await ask(session, GET);
    t.equal(refused.status, 503);
    t.equal(refused.headers['retry-after'], '1');
    t.equal((await ask(session, { ':path': '/healthz' })).status, 200);
    gate.open();
    t.equal((await first).status, 200);
  });

  test(`a body that is not waited for is not sent whole, ${way}`, async (t) => {
    const desk = await startDesk(t, names, { ...config, policies: [{ select: '*', maxBody: 1000 }] });
    const session = await connectHttp2(t, desk.url);
    const stream = session.request(POST).on('error', () => {});
    const piece = Buffer.alloc(16_000, ' ');
    stream.write(piece);
    const closed = once(stream, 'close');
    const [headers] = await once(stream, 'response');
    t.equal(headers[':status'], 413);
    stream.resume();
    await closed;
    t.equal(stream.rstCode, constants.NGHTTP2_NO_ERROR);
    t.equal((await ask(session, GET)).status, 200);
  });
}

test('a connection that asks nothing is closed after a while', async (t) => {
  const desk = await startDesk(t, names, { limits: { keepAliveTimeoutMs: 50 } });
  const session = await connectHttp2(t, desk.url);
  const [code] = await once(session, 'goaway');
  t.equal(code, constants.NGHTTP2_NO_ERROR);
  await once(session, 'close');
});

test('a connection with a call that takes long is not idle', async (t) => {
  const gate = new Gate();
  const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, { limits: { keepAliveTimeoutMs: 20 } });
  const session = await connectHttp2(t, desk.url);
  const answer = ask(session, GET);
  await until(() => gate.calls.length === 1);
  // As long as others take to be closed, one after the other.
  for (let i = 0; i < 3; i += 1) await once(await connectHttp2(t, desk.url), 'close');
  gate.open();
  t.equal((await answer).status, 200);
});

for (const [way, config] of Object.entries(ways)) {
  test(`a bidirectional stream goes both ways at once over HTTP/2, ${way}`, async (t) => {
    const service = await startStreams(t, { bidi: { Echo: echo } }, config);
    const session = await connectHttp2(t, service.url);
    const stream = session
      .request({ ':method': 'POST', ':path': '/v1/r:echo', 'content-type': 'application/x-ndjson' })
      .setEncoding('utf8');
    let text = '';
    stream.on('data', (chunk) => (text += chunk));
    for (const n of [1, 2, 3]) {
      stream.write(`{"n":${n}}\n`);
      await until(() => text.includes(`"n":${n}`));
    }
    stream.end();
    await once(stream, 'end');
    t.equal(text.split('\n').length, 4);
    await until(() => service.running.gateway.current.inFlight === 0);
  });

  test(`an upload whose answer comes early ends with that, ${way}`, async (t) => {
    const service = await startStreams(t, { clientStream: { Collect: async () => ({ items: ['enough'] }) } }, config);
    const session = await connectHttp2(t, service.url);
    const stream = session.request({ ':method': 'POST', ':path': '/v1/r:collect', 'content-type': 'application/x-ndjson' });
    stream.on('error', () => {}).setEncoding('utf8');
    stream.write('{"n":1}\n');
    let text = '';
    stream.on('data', (chunk) => (text += chunk));
    await once(stream, 'close');
    t.equal(text, '{"items":["enough"]}');
    t.equal(stream.rstCode, constants.NGHTTP2_NO_ERROR);
    await until(() => service.running.gateway.current.inFlight === 0);
  });

  test(`an upload that its server does not take is held back, ${way}`, async (t) => {
    const gate = new Gate();
    const service = await startStreams(
      t,
      { clientStream: { Collect: async (call) => gate.unary(call) } },
      { ...config, policies: [{ select: '*', maxItem: 100_000 }] },
    );
    const session = await connectHttp2(t, service.url);
    const stream = session.request({ ':method': 'POST', ':path': '/v1/r:collect', 'content-type': 'application/x-ndjson' });
    stream.on('error', () => {});
    const item = `{"text":"${'x'.repeat(60_000)}"}\n`;
    let taken = 0;
    const write = () =>
      stream.write(item, (error) => {
        if (error != null) return;
        taken += 1;
        write();
      });
    write();
    await until(() => gate.calls.length === 1);
    let before = -1;
    // Until nothing is taken any more while others are served.
    while (before !== taken) {
      before = taken;
      for (let i = 0; i < 20; i += 1) await ask(session, { ':path': '/healthz' });
    }
    t.ok(taken < 200, `${taken} items of 60 kB`);
    stream.close(constants.NGHTTP2_CANCEL);
    await until(() => service.running.gateway.current.inFlight === 0);
  });
}
