import { once } from 'node:events';
import { get } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Test, test } from 'tap';
import { createGateway, protogatePlugin } from '../../gateway/index.js';
import { startBackend } from '../support/backend.js';
import { send } from '../support/http.js';
import { deskConfig, deskProto } from './desk.js';

const json = { 'content-type': 'application/json' };

/** A host app with the gateway below `/api` and hooks that leave a trace. */
async function startHost(t: Test, prepare: (host: FastifyInstance) => void = () => {}): Promise<string> {
  const backend = await startBackend(deskProto, {
    unary: { 'desk.v1.Desk.CreateNote': ({ request }) => request, 'desk.v1.Desk.GetNote': ({ request }) => request },
    stream: {
      'desk.v1.Desk.StreamNotes': async (_call, out) => {
        out.write({ name: 'notes/1' });
      },
    },
  });
  t.teardown(() => backend.close());
  const gateway = await createGateway(deskConfig(backend.target, { json: { defaults: false } }));
  const host = Fastify({ exposeHeadRoutes: false });
  prepare(host);
  host.get('/own', () => ({ own: true }));
  host.register(protogatePlugin, { prefix: '/api', gateway });
  t.teardown(() => host.close());
  return host.listen({ port: 0, host: '127.0.0.1' });
}

test('requests below the prefix reach the gateway, others the host', async (t) => {
  const url = await startHost(t);
  t.match(await send(url, 'POST', '/api/v1/notes', '{"title":"t"}', json), { status: 200, text: '{"title":"t"}' });
  t.match(await send(url, 'GET', '/api/v1/notes/1?page_size=1'), { status: 200, text: '{"name":"notes/1"}' });
  t.match(await send(url, 'GET', '/api/v1/notes:stream'), { status: 200, text: '{"name":"notes/1"}\n' });
  t.match(await send(url, 'GET', '/own'), { status: 200, text: '{"own":true}' });
  t.equal((await send(url, 'GET', '/v1/notes/1')).status, 404);
});

test('the documents and Swagger UI are below the prefix too', async (t) => {
  const url = await startHost(t);
  t.equal((await send(url, 'GET', '/api/openapi.json')).status, 200);
  t.equal((await send(url, 'GET', '/api/swagger-ui/')).status, 200);
});

test("errors are the gateway's own", async (t) => {
  const url = await startHost(t, (host) => host.setErrorHandler((_error, _request, reply) => reply.send('the host')));
  t.match(await send(url, 'GET', '/api/nowhere'), { status: 404, text: '{"code":5,"message":"Not found.","details":[]}' });
  t.match(await send(url, 'POST', '/api/v1/notes', '{', json), { status: 400 });
  t.match(await send(url, 'POST', '/api/v1/notes', '<a/>', { 'content-type': 'application/xml' }), { status: 415 });
});

test("the host's onRequest and preHandler hooks apply, and may answer", async (t) => {
  const url = await startHost(t, (host) => {
    host.addHook('onRequest', async (_request, reply) => {
      reply.header('x-host', '1');
    });
    host.addHook('preHandler', async (request, reply) => {
      if (request.headers.authorization === 'bad') return reply.code(403).send({ no: true });
      return undefined;
    });
  });
  const answer = await send(url, 'GET', '/api/v1/notes/1');
  t.equal(answer.status, 200);
  t.equal(answer.headers['x-host'], '1');
  t.match(await send(url, 'GET', '/api/v1/notes/1', undefined, { authorization: 'bad' }), { status: 403, text: '{"no":true}' });
});

test("the host's onSend and preSerialization hooks do not apply, onResponse does", async (t) => {
  const called: string[] = [];
  const url = await startHost(t, (host) => {
    host.addHook('onSend', async (_request, _reply, payload) => {
      called.push('onSend');
      return payload;
    });
    host.addHook('onResponse', async () => {
      called.push('onResponse');
    });
  });
  t.equal((await send(url, 'GET', '/api/v1/notes/1')).status, 200);
  while (called.length === 0) await new Promise(setImmediate);
  t.strictSame(called, ['onResponse']);
});

test("the host's body parsers and limit do not apply", async (t) => {
  const url = await startHost(t);
  const title = 'x'.repeat(900_000);
  t.equal((await send(url, 'POST', '/api/v1/notes', JSON.stringify({ title }), json)).status, 200);
  t.equal((await send(url, 'POST', '/api/v1/notes', JSON.stringify({ title: title + title }), json)).status, 413);
});

test('a client that has gone before the gateway has its request leaves nothing behind', async (t) => {
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': ({ request }) => request } });
  t.teardown(() => backend.close());
  const gateway = await createGateway(deskConfig(backend.target));
  const host = Fastify();
  const arrived = { tell: () => {} };
  const hasArrived = new Promise<void>((resolve) => {
    arrived.tell = resolve;
  });
  const handled = { tell: () => {} };
  const wasHandled = new Promise<void>((resolve) => {
    handled.tell = resolve;
  });
  host.addHook('preHandler', async (request) => {
    arrived.tell();
    await once(request.raw.socket, 'close');
    setImmediate(() => setImmediate(handled.tell));
  });
  host.register(protogatePlugin, { prefix: '/api', gateway });
  t.teardown(() => host.close());
  const url = await host.listen({ port: 0, host: '127.0.0.1' });
  const request = get(`${url}/api/v1/notes/1`).on('error', () => {});
  await hasArrived;
  request.destroy();
  await wasHandled;
  t.equal(gateway.current.inFlight, 0);
});
