import Fastify, { type FastifyInstance } from 'fastify';
import { type Test, test } from 'tap';
import { createGateway, protogatePlugin } from '../../gateway/index.js';
import { deskConfig, deskProto } from '../gateway/desk.js';
import { startBackend } from '../support/backend.js';
import { send, sendRaw } from '../support/http.js';

type Mount = (host: FastifyInstance, mount: (app: FastifyInstance, prefix?: string) => void) => void;

/** Where the gateway is mounted, and paths that lead there. */
const mounts: Readonly<Record<string, { readonly mount: Mount; readonly paths: readonly string[]; readonly host?: object }>> = {
  'without a prefix': { mount: (host, mount) => mount(host), paths: [''] },
  "prefix: '/'": { mount: (host, mount) => mount(host, '/'), paths: [''] },
  "prefix: '/api'": { mount: (host, mount) => mount(host, '/api'), paths: ['/api', '/%61pi'] },
  "prefix: '/api/'": { mount: (host, mount) => mount(host, '/api/'), paths: ['/api'] },
  "prefix: '/api/v2'": { mount: (host, mount) => mount(host, '/api/v2'), paths: ['/api/v2'] },
  "prefix: '/:tenant'": { mount: (host, mount) => mount(host, '/:tenant'), paths: ['/acme', '/a%2Fb', '/v1'] },
  "prefix: '/:tenant/api/'": { mount: (host, mount) => mount(host, '/:tenant/api/'), paths: ['/acme/api'] },
  "prefix: '/:tenant-:zone/api'": { mount: (host, mount) => mount(host, '/:tenant-:zone/api'), paths: ['/acme-eu/api'] },
  "a scope with prefix '/' in one with '/api'": {
    mount: (host, mount) => {
      host.register(async (outer) => void outer.register(async (inner) => mount(inner), { prefix: '/' }), { prefix: '/api' });
    },
    paths: ['/api'],
  },
  "a scope with prefix '/api/' and another in it": {
    mount: (host, mount) => {
      host.register(async (outer) => mount(outer, '/inner/'), { prefix: '/api/' });
    },
    paths: ['/api/inner'],
  },
  'a host that ignores letter case': {
    mount: (host, mount) => mount(host, '/api'),
    paths: ['/api', '/API'],
    host: { routerOptions: { caseSensitive: false } },
  },
  'a host that ignores double slashes': {
    mount: (host, mount) => mount(host, '/api/v2'),
    paths: ['/api/v2', '//api//v2'],
    host: { routerOptions: { ignoreDuplicateSlashes: true } },
  },
};

async function startHost(t: Test, mount: Mount, options: object = {}): Promise<string> {
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': ({ request }) => request } });
  t.teardown(() => backend.close());
  const gateway = await createGateway(deskConfig(backend.target, { json: { defaults: false } }));
  const host = Fastify(options);
  mount(host, (app, prefix) => void app.register(protogatePlugin, { gateway, ...(prefix === undefined ? {} : { prefix }) }));
  t.teardown(() => host.close());
  return host.listen({ port: 0, host: '127.0.0.1' });
}

for (const [name, { mount, paths, host }] of Object.entries(mounts)) {
  test(`${name}: what is below reaches the gateway as it came`, async (t) => {
    const url = await startHost(t, mount, host);
    for (const path of paths) {
      t.match(await send(url, 'GET', `${path}/v1/notes/a%20b?page_size=1`), { status: 200, text: '{"name":"notes/a b"}' }, path);
      t.match(await send(url, 'GET', `${path}/v1/by-tag/a%2Fb`), { status: 200, text: '{}' }, path);
      t.match(await send(url, 'GET', `${path}/nowhere`), { status: 404, text: '{"code":5,"message":"Not found.","details":[]}' }, path);
      t.match(await send(url, 'POST', `${path}/v1/notes/1`), { status: 405, headers: { allow: 'DELETE, GET, HEAD, PATCH' } }, path);
      t.equal((await send(url, 'GET', `${path}/openapi.json`)).status, 200, path);
    }
  });
}

test('a target in absolute form is stripped, too', async (t) => {
  const url = await startHost(t, (host, mount) => mount(host, '/api'));
  const answer = await sendRaw(url, 'GET http://api.example/api/v1/notes/1 HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
  t.match(answer, /^HTTP\/1\.1 200 /);
});
