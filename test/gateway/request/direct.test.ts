import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { type Test, test } from 'tap';
import type { ConfigInput, GatewayOptions } from '../../../gateway/index.js';
import { Failure } from '../../support/backend.js';
import { send, sendRaw } from '../../support/http.js';
import { startDesk } from '../desk.js';
import { LogEntries } from '../log-entries.js';
import type { Handlers } from '../service.js';

const json = { 'content-type': 'application/json' };
const note = { name: 'notes/1', title: 'Käse' };

const handlers: Handlers = {
  unary: {
    GetNote: ({ request }) => {
      if ((request as { page_size: number }).page_size !== 1) return note;
      throw new Failure(status.NOT_FOUND, 'no such note');
    },
    CreateNote: ({ request }) => request,
    DeleteNote: () => ({}),
  },
};

const small: ConfigInput = { policies: [{ select: '*', maxBody: 300_000 }] };

const start = (t: Test, config: ConfigInput = small, options: GatewayOptions = {}) => startDesk(t, handlers, config, options);

/** How many requests Fastify handles meanwhile. */
async function handledByFastify(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const note = () => {
    count += 1;
  };
  subscribe('tracing:fastify.request.handler:start', note);
  await work();
  unsubscribe('tracing:fastify.request.handler:start', note);
  return count;
}

type Headers = Readonly<Record<string, string>>;
type Request = readonly [name: string, method: string, path: string, headers?: Headers, body?: string];

const long = JSON.stringify({ title: 'x'.repeat(200_000) });

/** Served without Fastify where nothing asks for it. */
const plain: readonly Request[] = [
  ['a GET', 'GET', '/v1/notes/1'],
  ['its HEAD', 'HEAD', '/v1/notes/1'],
  ['a query', 'GET', '/v1/notes/1?filter.tag=a'],
  ['a query that is wrong', 'GET', '/v1/notes/1?colour=red'],
  ['an error of the upstream', 'GET', '/v1/notes/1?page_size=1'],
  ['one as problem details', 'GET', '/v1/notes/1?page_size=1', { accept: 'application/problem+json' }],
  ['a form that cannot be had', 'GET', '/v1/notes/1', { accept: 'image/png' }],
  ['a DELETE', 'DELETE', '/v1/notes/1'],
  ['a JSON body', 'POST', '/v1/notes', json, '{"title":"Käse"}'],
  ['a JSON body that comes in pieces', 'POST', '/v1/notes', json, long],
  ['a charset', 'POST', '/v1/notes', { 'content-type': 'application/json; charset=utf-8' }, '{"title":"Käse"}'],
  ['no bytes of JSON', 'POST', '/v1/notes', json, ''],
  ['JSON that is wrong', 'POST', '/v1/notes', json, '{"title":1}'],
  ['a body where none is taken', 'DELETE', '/v1/notes/1', json, '{"name":"x"}'],
  ['a client stream', 'POST', '/v1/notes:upload', json, '{}'],
  ['a client stream in chunks', 'POST', '/v1/notes:upload', { 'transfer-encoding': 'chunked' }, '{}'],
];

/** Handled by Fastify. */
const other: readonly Request[] = [
  ['another type', 'POST', '/v1/notes', { 'content-type': 'text/plain' }, '{"title":"t"}'],
  ['a body without a type', 'POST', '/v1/notes', {}, '{"title":"t"}'],
  ['a chunked body', 'POST', '/v1/notes', { ...json, 'transfer-encoding': 'chunked' }, '{"title":"t"}'],
  ['a body in a coding', 'POST', '/v1/notes', { ...json, 'content-encoding': 'identity' }, '{"title":"t"}'],
];

/** Refused by Fastify before it handles them. */
const refused: readonly Request[] = [
  ['a path that is not known', 'GET', '/v2'],
  ['another method', 'PUT', '/v1/notes/1'],
  ['a body that is too large', 'POST', '/v1/notes', json, long.repeat(2)],
  ['a type that is none', 'POST', '/v1/notes', { 'content-type': 'application' }, '{"title":"t"}'],
];

test('both ways answer alike', async (t) => {
  const direct = await start(t);
  const around = await start(t, small, { setup: () => {} });
  for (const request of [...plain, ...other, ...refused]) {
    t.strictSame(await answerOf(direct.url, request), await answerOf(around.url, request), request[0]);
  }
});

const ask = (url: string, [, method, path, headers, body]: Request) => send(url, method, path, body, headers);

/** All but the time of an answer. */
async function answerOf(url: string, request: Request) {
  const { status, text, headers } = await ask(url, request);
  const { date: _, ...others } = headers;
  return { status, text, headers: Object.entries(others).sort() };
}

test('plain requests are served without Fastify', async (t) => {
  const { url } = await start(t);
  for (const request of plain) t.equal(await handledByFastify(() => ask(url, request)), 0, request[0]);
});

test('so are those of the grpc-gateway preset', async (t) => {
  const { url } = await start(t, { ...small, compat: 'grpc-gateway' });
  for (const request of plain) t.equal(await handledByFastify(() => ask(url, request)), 0, request[0]);
});

test('other requests go through Fastify', async (t) => {
  const { url } = await start(t);
  for (const request of other) t.equal(await handledByFastify(() => ask(url, request)), 1, request[0]);
});

const reasons: readonly (readonly [name: string, ConfigInput, GatewayOptions])[] = [
  ['a setup', {}, { setup: () => {} }],
  ['a proxy that is trusted', { trustProxy: ['127.0.0.1'] }, {}],
];

for (const [name, config, options] of reasons) {
  test(`${name} leads every request through Fastify`, async (t) => {
    const { url } = await start(t, config, options);
    t.equal(await handledByFastify(() => send(url, 'GET', '/v1/notes/1')), 1);
  });
}

test("a user's hooks and handlers see every request and every answer", async (t) => {
  const seen: string[] = [];
  const setup = (app: FastifyInstance) => {
    for (const hook of ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'onResponse'] as const) {
      app.addHook(hook, async () => {
        seen.push(hook);
      });
    }
    app.addHook('onSend', async (_request, reply, payload) => {
      seen.push('onSend');
      reply.header('x-length', String((payload as Uint8Array).length));
      return payload;
    });
    app.addHook('onError', async () => {
      seen.push('onError');
    });
  };
  const { url } = await start(t, {}, { setup });
  const reply = await send(url, 'POST', '/v1/notes', '{"title":"t"}', json);
  t.equal(reply.headers['x-length'], String(reply.bytes.length));
  t.strictSame(seen.splice(0), ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'onSend', 'onResponse']);
  await send(url, 'GET', '/v1/notes/1?page_size=1');
  t.strictSame(seen, ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'onError', 'onSend', 'onResponse']);
});

test('log entries of either way name the method and the request as its client does', async (t) => {
  for (const options of [{}, { setup: () => {} }]) {
    const entries = new LogEntries();
    const { backend, url } = await start(t, small, { ...options, log: entries.log });
    backend.close();
    await send(url, 'GET', '/v1/notes/1', undefined, { 'x-request-id': 'a'.repeat(200) });
    const entry = await entries.next('The upstream is unavailable.');
    t.match(entry, { rpc: 'desk.v1.Desk.GetNote', requestId: 'a'.repeat(128), cause: /^no connection to / });
    t.notOk('err' in entry);
  }
});

test('a body that does not come is 408, and the connection closes', async (t) => {
  const { url } = await start(t, { limits: { bodyTimeoutMs: 50 } });
  const { hostname, port } = new URL(url);
  const head = `POST /v1/notes HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{`;
  const answer = await sendRaw(`http://${hostname}:${port}`, head);
  t.match(answer, /^HTTP\/1\.1 408 /);
  t.match(answer, /\r\nconnection: close\r\n/i);
});

test('replies of slow readers stay what they are while others are written', async (t) => {
  const { url } = await start(t, { policies: [{ select: '*', maxBody: 1_000_000 }] });
  const titles = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(150_000 + 1000 * i));
  const begin = (title: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const out = request(`${url}/v1/notes`, { method: 'POST', headers: json }, resolve);
      out.on('error', reject).end(JSON.stringify({ title }));
    });
  // Nobody reads their bodies yet.
  const slow = await Promise.all(titles.map(begin));
  for (let i = 0; i < 5; i += 1) await Promise.all(titles.map(async (title) => text(await begin(title))));
  for (const [i, response] of slow.entries()) {
    const { title } = JSON.parse(await text(response)) as { title: string };
    t.ok(title === titles[i], `reply ${i}`);
  }
});
