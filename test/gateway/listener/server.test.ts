import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'tap';
import type { Received, UnaryHandler } from '../../support/backend.js';
import { send, sendRaw } from '../../support/http.js';
import { startDesk } from '../desk.js';

const names = { unary: { GetNote: () => ({ name: 'notes/1' }) } };

const garbage: readonly { name: string; bytes: string; status: RegExp }[] = [
  { name: 'what is not HTTP is 400', bytes: 'hello\r\n\r\n', status: /^HTTP\/1.1 400 Bad Request\r\n/ },
  { name: 'a binary flood is 400', bytes: '\x00\xff\x16\x03\x01'.repeat(50), status: /^HTTP\/1.1 400 / },
  {
    name: 'headers over the limit are 431',
    bytes: `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    status: /^HTTP\/1.1 431 /,
  },
  {
    name: 'a request without Host is 400 (RFC 9112 section 3.2)',
    bytes: 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n',
    status: /^HTTP\/1.1 400 /,
  },
  {
    name: 'two Host headers are 400 (RFC 9112 section 3.2)',
    bytes: 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\nHost: a\r\n\r\n',
    status: /^HTTP\/1.1 400 /,
  },
  {
    name: 'HTTP/1.0 needs no Host',
    bytes: 'GET /v1/notes/1 HTTP/1.0\r\n\r\n',
    status: /^HTTP\/1.1 200 /,
  },
  {
    name: 'a transfer coding that is not understood is 501 (RFC 9112 section 6.1)',
    bytes: 'POST /v1/notes HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    status: /^HTTP\/1.1 501 /,
  },
  {
    name: 'an expectation that is not understood is 417 (RFC 9110 section 10.1.1)',
    bytes: 'POST /v1/notes HTTP/1.1\r\nhost: a\r\nexpect: tea\r\ncontent-length: 2\r\n\r\n{}',
    status: /^HTTP\/1.1 417 /,
  },
  {
    name: 'two lengths are 400 (RFC 9112 section 6.3)',
    bytes: 'POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
    status: /^HTTP\/1.1 400 /,
  },
  {
    name: 'a malformed chunk is 400',
    bytes: 'POST /v1/notes HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    status: /^HTTP\/1.1 400 /,
  },
];

for (const { name, bytes, status } of garbage) {
  test(`${name}, and the process lives on`, async (t) => {
    const desk = await startDesk(t, names);
    const answer = await sendRaw(desk.url, bytes);
    t.match(answer, status);
    t.match(answer, /\r\ncontent-type: application\/json\r\n/);
    t.equal((await send(desk.url, 'GET', '/v1/notes/1')).status, 200);
  });
}

test('an answer to broken HTTP is JSON as every other error', async (t) => {
  const desk = await startDesk(t, names);
  const answer = await sendRaw(desk.url, 'hello\r\n\r\n');
  t.match(answer, /content-type: application\/json\r\n/);
  const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
  const message = 'The request is not valid HTTP.';
  t.match(body, { code: 3, message, details: [{ fieldViolations: [{ field: '', description: message }] }] });
});

const outside: readonly {
  name: string;
  line: readonly [method: string, path: string, body?: string, headers?: Record<string, string>];
  status: number;
  code: number;
}[] = [
  { name: 'a path that is no valid URL', line: ['GET', '/swagger-ui/%zz'], status: 400, code: 3 },
  { name: 'a path beside every route', line: ['GET', '/favicon.ico'], status: 404, code: 5 },
  { name: 'a path of the gateway itself under another method', line: ['POST', '/openapi.json'], status: 405, code: 12 },
  { name: 'a media type that cannot be parsed', line: ['POST', '/v1/notes', '{}', { 'content-type': ';' }], status: 415, code: 3 },
  { name: 'a large body for no route', line: ['POST', '/nowhere', 'x'.repeat(1_100_000)], status: 404, code: 5 },
  { name: 'a method that no rule has', line: ['PROPFIND', '/v1/notes/1'], status: 405, code: 12 },
  { name: 'the target *', line: ['OPTIONS', '*'], status: 404, code: 5 },
  { name: 'keys of Object.prototype in a query', line: ['GET', '/v1/notes/1?__proto__=1'], status: 400, code: 3 },
  {
    name: 'a key of Object.prototype in a body',
    line: ['POST', '/v1/notes', '{"__proto__":{}}', { 'content-type': 'application/json' }],
    status: 400,
    code: 3,
  },
];

for (const { name, line, status, code } of outside) {
  test(`${name} is answered in the one form of errors`, async (t) => {
    const desk = await startDesk(t, names);
    const reply = await send(desk.url, ...line);
    t.equal(reply.status, status);
    t.equal(reply.headers['content-type'], 'application/json');
    const body = JSON.parse(reply.text);
    t.strictSame(Object.keys(body), ['code', 'message', 'details']);
    t.equal(body.code, code);
  });
}

test('405 says what a path of the gateway itself allows', async (t) => {
  const desk = await startDesk(t, names);
  for (const path of ['/openapi.json', '/swagger-ui/', '/healthz?verbose']) {
    t.equal((await send(desk.url, 'DELETE', path)).headers.allow, 'GET, HEAD', path);
  }
});

test('a request to a gateway that has closed is 503 in the same form', async (t) => {
  const desk = await startDesk(t, names);
  await desk.running.gateway.close(0);
  const reply = await send(desk.url, 'GET', '/v1/notes/1');
  t.equal(reply.status, 503);
  t.equal(reply.text, '{"code":14,"message":"The server is shutting down.","details":[]}');
});

test('an upgrade to h2c is answered as plain HTTP/1.1', async (t) => {
  const desk = await startDesk(t, names);
  const h2c =
    'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\nconnection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n';
  t.match(await sendRaw(desk.url, h2c), /^HTTP\/1.1 200 OK\r\n/);
});

test('health checks answer, and readiness tells of an upstream that is down', async (t) => {
  const desk = await startDesk(t, names);
  t.match(await send(desk.url, 'GET', '/healthz'), { status: 200, text: '{"status":"SERVING"}' });
  t.match(await send(desk.url, 'GET', '/readyz'), { status: 200, text: '{"status":"SERVING"}' });
  desk.backend.close();
  await send(desk.url, 'GET', '/v1/notes/1');
  t.match(await send(desk.url, 'GET', '/healthz'), { status: 200 });
  t.match(await send(desk.url, 'GET', '/readyz'), { status: 503, text: '{"status":"NOT_SERVING"}' });
});

test('health checks can be elsewhere or off', async (t) => {
  const desk = await startDesk(t, names, { health: { live: '/live', ready: false } });
  t.equal((await send(desk.url, 'GET', '/live')).status, 200);
  t.equal((await send(desk.url, 'GET', '/healthz')).status, 404);
  t.equal((await send(desk.url, 'GET', '/readyz')).status, 404);
});

test('draining: not ready first and still serving, then no connections, and requests in progress end', async (t) => {
  let arrive: (call: Received) => void = () => {};
  const arrived = new Promise<Received>((resolve) => {
    arrive = resolve;
  });
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: UnaryHandler = async (call) => {
    arrive(call);
    await released;
    return { name: 'slow' };
  };
  const desk = await startDesk(t, { unary: { ...names.unary, CreateNote: slow } });
  const inProgress = send(desk.url, 'POST', '/v1/notes');
  await arrived;
  const closing = desk.running.close({ drainDelayMs: 1000, graceMs: 10_000 });
  t.equal((await send(desk.url, 'GET', '/readyz')).status, 503);
  t.equal((await send(desk.url, 'GET', '/v1/notes/1')).status, 200);
  await refused(desk.url);
  release();
  t.match(await inProgress, { status: 200, headers: { connection: 'close' } });
  await closing;
});

test('requests that outlast the grace are cut', async (t) => {
  const stuck: UnaryHandler = async (call) => {
    await call.cancelled;
    return {};
  };
  const desk = await startDesk(t, { unary: { CreateNote: stuck } });
  const inProgress = send(desk.url, 'POST', '/v1/notes').then(
    (answer) => answer.status,
    () => 'cut',
  );
  while (desk.running.gateway.current.inFlight === 0) await new Promise(setImmediate);
  await desk.running.close({ graceMs: 50 });
  t.ok([503, 'cut'].includes(await inProgress));
});

test('idle connections do not hold up the end', async (t) => {
  const desk = await startDesk(t, names);
  const idle = connect(Number(new URL(desk.url).port), '127.0.0.1');
  await once(idle, 'connect');
  await desk.running.close({ graceMs: 10_000 });
  t.pass('closed');
});

test('a stream in progress ends at the grace limit', async (t) => {
  const desk = await startDesk(t, {
    stream: {
      StreamNotes: async (call, out) => {
        out.write({ name: 'notes/1' });
        await call.cancelled;
      },
    },
  });
  const [response] = (await once(get(`${desk.url}/v1/notes:stream`), 'response')) as [IncomingMessage];
  response.on('error', () => {});
  response.resume();
  const ended = new Promise((resolve) => response.on('close', resolve));
  await desk.running.close({ graceMs: 50 });
  await ended;
  t.pass('ended');
});

/** Waits until nobody listens any more. */
async function refused(url: string): Promise<void> {
  for (;;) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (!connected) return;
    await new Promise(setImmediate);
  }
}
