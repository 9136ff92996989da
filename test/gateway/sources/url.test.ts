import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'tap';
import { type Fetched, fetchDescriptorSet, isUrl, shownUrl } from '../../../gateway/sources/url.js';
import { printProblem, type Result } from '../../../proto/problem.js';
import { WireWriter } from '../../../proto/wire/writer.js';
import { compileProtos } from '../../support/schema.js';
import { testTls } from '../../support/tls.js';
import { serveWeb } from './web.js';

const set = new WireWriter().bytesField(1, compileProtos({ 'a.proto': 'syntax = "proto3"; message A {}' })[0] ?? '').finish();

const reasonOf = (result: Result<Fetched>) => (result.ok ? 'fetched' : result.problems.map(printProblem).join());

test('a descriptor set comes from its URL, and is asked for again with its ETag', async (t) => {
  const asked: (string | undefined)[] = [];
  const url = await serveWeb(t, (request, response) => {
    asked.push(request.headers['if-none-match']);
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"1"' }).end(set);
  });
  const first = await fetchDescriptorSet(`${url}/api.binpb`, undefined);
  t.match(first, { ok: true, value: { etag: '"1"', source: { origin: `${url}/api.binpb` } } });
  t.equal(first.ok && first.value.source.files.length, 1);
  const again = await fetchDescriptorSet(`${url}/api.binpb`, first.ok ? first.value : undefined);
  t.equal(again.ok && again.value, first.ok && first.value, 'the same object');
  t.strictSame(asked, [undefined, '"1"']);
});

test('without an ETag it is asked for with its date', async (t) => {
  const date = 'Sat, 21 Nov 2026 00:00:00 GMT';
  const url = await serveWeb(t, ({ headers }, response) => {
    if (headers['if-modified-since'] === date) response.writeHead(304).end();
    else response.writeHead(200, { 'last-modified': date }).end(set);
  });
  const first = await fetchDescriptorSet(url, undefined);
  const again = await fetchDescriptorSet(url, first.ok ? first.value : undefined);
  t.equal(again.ok && first.ok && again.value === first.value, true);
});

test('user and password of the URL are sent and never shown', async (t) => {
  let seen: IncomingMessage['headers'] = {};
  const url = await serveWeb(t, ({ headers }, response) => {
    seen = headers;
    response.writeHead(403).end();
  });
  const result = await fetchDescriptorSet(`${url.replace('//', '//ann:s%40cret@')}/api?token=t0ken`, undefined);
  t.equal(seen.authorization, `Basic ${Buffer.from('ann:s@cret').toString('base64')}`);
  t.equal(reasonOf(result), `${url}/api: answers 403 Forbidden; is the URL right?`);
});

test('a redirect is followed', async (t) => {
  const url = await serveWeb(t, (request, response) => {
    if (request.url === '/old') response.writeHead(302, { location: '/new' }).end();
    else response.end(set);
  });
  t.match(await fetchDescriptorSet(`${url}/old`, undefined), { ok: true, value: { source: { origin: `${url}/old` } } });
});

test('credentials stay with the host that they are for', async (t) => {
  const seen: (string | undefined)[] = [];
  const other = await serveWeb(t, ({ headers }, response) => {
    seen.push(headers.authorization);
    response.end(set);
  });
  const url = await serveWeb(t, (request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: request.url === '/here' ? '/there' : other }).end();
  });
  t.equal(reasonOf(await fetchDescriptorSet(`${url.replace('//', '//ann:secret@')}/here`, undefined)), 'fetched');
  const credentials = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
  t.strictSame(seen, [credentials, credentials, undefined]);
});

test('a set of the size limit is taken, one of a byte more is not', async (t) => {
  const url = await serveWeb(t, (_request, response) => response.end(set));
  const limits = { bytes: set.length, timeoutMs: 10_000 };
  t.equal(reasonOf(await fetchDescriptorSet(url, undefined, limits)), 'fetched');
  t.equal(
    reasonOf(await fetchDescriptorSet(url, undefined, { ...limits, bytes: set.length - 1 })),
    `${url}/: is larger than ${set.length - 1} bytes`,
  );
});

const failures: readonly [name: string, answer: RequestListener, reason: RegExp][] = [
  ['what is not there', (_q, r) => r.writeHead(404).end('no'), /: answers 404 Not Found; is the URL right\?$/],
  ['a page', (_q, r) => r.end('<!doctype html>'), /: is text, not a binary FileDescriptorSet; make one with/],
  ['nothing', (_q, r) => r.end(), /: is empty; make one with/],
  [
    'a server that goes in the middle',
    (_q, r) => r.writeHead(200, { 'content-length': 9 }).write('x', () => r.destroy()),
    /: cannot be fetched: the connection was closed before the end$/,
  ],
  ['a server that never answers', () => {}, /: did not answer within 0.1 s$/],
  [
    'a server that answers drop by drop',
    (_q, r) => {
      const drip = setInterval(() => r.write('x'), 10);
      r.on('close', () => clearInterval(drip));
    },
    /: did not answer within 0.1 s$/,
  ],
  ['a redirect in a circle', (_q, r) => r.writeHead(302, { location: '/' }).end(), /: cannot be fetched: redirect count exceeded$/],
];

for (const [name, answer, reason] of failures) {
  test(`${name} is refused with a reason`, async (t) => {
    const url = await serveWeb(t, answer);
    // Only where the time is what it is about does it run out, however slow the machine.
    const timeoutMs = reason.source.includes('within') ? 100 : 30_000;
    t.match(reasonOf(await fetchDescriptorSet(url, undefined, { bytes: 1000, timeoutMs })), reason);
  });
}

test('a host that cannot be reached or trusted is refused with what to do', async (t) => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  t.match(reasonOf(await fetchDescriptorSet(`http://127.0.0.1:${port}/a`, undefined)), /nothing listens there$/);
  t.match(reasonOf(await fetchDescriptorSet('http://no-such-host.invalid/a', undefined)), /the name of the host is not known$/);
  t.equal(
    reasonOf(await fetchDescriptorSet('http://ann:secret@', undefined)),
    'descriptor set: begins like a URL but is none: expected https://HOST/PATH',
  );
  const { key, cert } = testTls.server;
  const server = createTlsServer({ key, cert }, (_request, response) => response.end(set)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  const secure = `https://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
  t.match(
    reasonOf(await fetchDescriptorSet(secure, undefined)),
    /its certificate is not trusted; name the issuer with NODE_EXTRA_CA_CERTS$/,
  );
});

test('URLs are told from paths, and shown without what may be secret', (t) => {
  t.strictSame(['http://a/b', 'HTTPS://a', 'file:///a', './http://a', 'a.binpb'].map(isUrl), [true, true, false, false, false]);
  t.equal(shownUrl('https://user:pass@host:81/p?q=secret#f'), 'https://host:81/p');
  t.end();
});
