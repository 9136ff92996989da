import Fastify from 'fastify';
import { type Test, test } from 'tap';
import { type ConfigInput, createGateway, type GatewayOptions, protogatePlugin } from '../../gateway/index.js';
import { startDesk } from '../gateway/desk.js';
import type { Handlers } from '../gateway/service.js';
import { send } from '../support/http.js';

type Headers = Readonly<Record<string, string>>;

/** A gateway by one of the ways that a request may take, and how many calls came through it. */
interface Way {
  readonly url: string;
  readonly calls: string[];
}

const open: ConfigInput = { cors: { origins: ['https://app.example', 'http://app.example:3000'] } };

async function start(t: Test, config: ConfigInput = open, options: GatewayOptions = {}) {
  const calls: string[] = [];
  const noting = (name: string) => () => {
    calls.push(name);
    return {};
  };
  const names = ['GetNote', 'CreateNote', 'UpdateNote', 'DeleteNote', 'PinNote'];
  const handlers: Handlers = { unary: Object.fromEntries(names.map((name) => [name, noting(name)])) };
  return { ...(await startDesk(t, handlers, config, options)), calls };
}

const ways: Readonly<Record<string, (t: Test, config?: ConfigInput) => Promise<Way>>> = {
  directly: (t, config) => start(t, config),
  'through Fastify': (t, config) => start(t, config, { setup: (app) => void app.addHook('onRequest', async () => {}) }),
  'through the plugin': async (t, config = open) => {
    const { running, calls } = await start(t, config);
    const gateway = await createGateway(running.gateway.config);
    const host = Fastify();
    host.register(protogatePlugin, { prefix: '/api', gateway });
    t.teardown(() => host.close());
    return { url: `${await host.listen({ port: 0, host: '127.0.0.1' })}/api`, calls };
  },
};

/** Every way to change something: method, path, body, Content-Type. */
const unsafe: readonly (readonly [method: string, path: string, body?: string, type?: string])[] = [
  ['POST', '/v1/notes/1:pin'],
  ['POST', '/v1/notes/1:pin', ''],
  ['POST', '/v1/notes', '{}', 'text/plain'],
  ['POST', '/v1/notes', 'title=t', 'application/x-www-form-urlencoded'],
  ['POST', '/v1/notes', '{}', 'application/json'],
  ['PATCH', '/v1/notes/1', '{}', 'application/json'],
  ['DELETE', '/v1/notes/1'],
];

const refusal = {
  code: 7,
  message: 'A request from a page of another site is not allowed.',
  details: [],
};

const foreign: Readonly<Record<string, Headers>> = {
  'a page of another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'a page of another site, without its origin': { 'sec-fetch-site': 'cross-site' },
  'a page of another host of the same site': { 'sec-fetch-site': 'same-site', origin: 'https://other.api.example' },
  'what no browser says': { 'sec-fetch-site': 'same-origin, cross-site' },
  'an origin of another host': { origin: 'https://evil.example' },
  'an origin of another port': { origin: 'http://api.example:81' },
  'the port of another scheme': { origin: 'https://api.example' },
  'an opaque origin': { origin: 'null' },
  'an origin that is none': { origin: 'api.example:8080' },
  'the beginning of an origin that may': { origin: 'https://app.example.evil.example' },
  'a port of an origin that may': { origin: 'https://app.example:8443' },
};

const own: Readonly<Record<string, Headers>> = {
  'no browser': {},
  'a page of the gateway': { 'sec-fetch-site': 'same-origin', origin: 'http://api.example:8080' },
  'a page of the gateway behind a proxy that says another Host': { 'sec-fetch-site': 'same-origin', origin: 'https://www.example' },
  'a page of the gateway that hides its origin': { 'sec-fetch-site': 'same-origin', origin: 'null' },
  'the person at the browser': { 'sec-fetch-site': 'none' },
  'a page of the gateway, of a browser that says no more than that': { origin: 'http://api.example:8080' },
  'a page of the gateway, in other letters': { origin: 'http://API.example:8080' },
  'a page of an origin that may': { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
  'a page of another origin that may': { origin: 'http://app.example:3000' },
};

for (const [way, startWay] of Object.entries(ways)) {
  const ask = ({ url }: Way, headers: Headers, [method, path, body, type]: (typeof unsafe)[number]) =>
    send(url, method, new URL(url).pathname.replace(/\/$/, '') + path, body, {
      host: 'api.example:8080',
      ...(type === undefined ? {} : { 'content-type': type }),
      ...headers,
    });

  test(`${way}: what changes something is not for pages of other sites`, async (t) => {
    const served = await startWay(t);
    for (const [name, headers] of Object.entries(foreign)) {
      for (const request of unsafe) {
        const answer = await ask(served, headers, request);
        t.equal(answer.status, 403, `${name}: ${request.join(' ')}`);
        t.strictSame(JSON.parse(answer.text), refusal);
      }
    }
    t.strictSame(served.calls, []);
  });

  test(`${way}: what changes something is for everybody else`, async (t) => {
    const served = await startWay(t);
    for (const [name, headers] of Object.entries(own)) {
      for (const request of unsafe) t.equal((await ask(served, headers, request)).status, 200, `${name}: ${request.join(' ')}`);
    }
    t.equal(served.calls.length, Object.keys(own).length * unsafe.length);
  });

  test(`${way}: what only reads is for everybody`, async (t) => {
    const served = await startWay(t);
    for (const headers of Object.values(foreign)) {
      for (const method of ['GET', 'HEAD']) t.equal((await ask(served, headers, [method, '/v1/notes/1'])).status, 200);
    }
  });

  test(`${way}: without cors.origins no page of another site may`, async (t) => {
    const served = await startWay(t, {});
    t.equal((await ask(served, { origin: 'https://app.example' }, ['DELETE', '/v1/notes/1'])).status, 403);
    t.equal((await ask(served, { origin: 'http://api.example:8080' }, ['DELETE', '/v1/notes/1'])).status, 200);
  });
}

test('a default port may be left out', async (t) => {
  const { url } = await start(t, {});
  const status = async (host: string, origin: string) => (await send(url, 'POST', '/v1/notes/1:pin', '', { host, origin })).status;
  t.equal(await status('api.example:443', 'https://api.example'), 200);
  t.equal(await status('api.example', 'https://api.example'), 200);
  t.equal(await status('api.example:80', 'http://api.example'), 200);
  t.equal(await status('[::1]:80', 'http://[::1]'), 200);
  t.equal(await status('api.example:443', 'http://api.example'), 403);
  t.equal(await status('', 'http://api.example'), 403);
});

for (const [trustProxy, allowed, refused] of [
  [['loopback'], 'https://www.example', 'http://inner.example'],
  [[], 'http://inner.example', 'https://www.example'],
] as const) {
  test(`the host that ${trustProxy.length === 0 ? 'no' : 'a trusted'} proxy was asked for counts`, async (t) => {
    const { url } = await start(t, { trustProxy });
    const status = async (origin: string) => {
      const headers = { host: 'inner.example', 'x-forwarded-host': 'www.example', 'x-forwarded-proto': 'https', origin };
      return (await send(url, 'POST', '/v1/notes/1:pin', '', headers)).status;
    };
    t.equal(await status(allowed), 200);
    t.equal(await status(refused), 403);
  });
}

test('a refused form does not reach the GET rule of its path either', async (t) => {
  const { url, calls } = await start(t, { policies: [{ select: '*', extraBody: 'form' }] });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' };
  t.equal((await send(url, 'POST', '/v1/by-tag/x', 'page_size=3', headers)).status, 403);
  t.strictSame(calls, []);
});
