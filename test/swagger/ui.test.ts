import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { type DocsOptions, docsPlugin } from '../../swagger/ui.js';
import { documentYaml } from '../../swagger/yaml.js';

const documents = {
  '3.1': new TextEncoder().encode('{"openapi":"3.1.0","info":{"title":"Books"}}'),
  '3.0': new TextEncoder().encode('{"openapi":"3.0.3"}'),
};

async function appWith(t: Test, options: Partial<DocsOptions> & { prefix?: string } = {}): Promise<FastifyInstance> {
  const app = Fastify();
  t.teardown(() => app.close());
  const document: DocsOptions['document'] = (version, format) =>
    format === 'json' ? documents[version] : documentYaml(documents[version]);
  await app.register(docsPlugin, { document, ...options });
  return app;
}

t.test('the document is served as JSON, in either version', async (t) => {
  const app = await appWith(t);
  const answer = await app.inject('/openapi.json');
  t.equal(answer.statusCode, 200);
  t.equal(answer.body, '{"openapi":"3.1.0","info":{"title":"Books"}}');
  t.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
  t.equal(answer.headers['cache-control'], 'no-cache');
  t.equal(answer.headers['x-content-type-options'], 'nosniff');
  t.equal((await app.inject('/openapi.json?openapi=3.1')).body, answer.body);
  t.equal((await app.inject('/openapi.json?openapi=3.0')).body, '{"openapi":"3.0.3"}');
});

t.test('an unknown version is refused', async (t) => {
  const app = await appWith(t);
  for (const query of ['openapi=2.0', 'openapi=', 'openapi=3.0&openapi=3.1']) {
    const answer = await app.inject(`/openapi.json?${query}`);
    t.equal(answer.statusCode, 400, query);
    t.equal(answer.json().message, 'openapi must be 3.0 or 3.1');
  }
});

t.test('the document is served as YAML', async (t) => {
  const answer = await (await appWith(t)).inject('/openapi.yaml');
  t.equal(answer.headers['content-type'], 'application/yaml; charset=utf-8');
  t.same(parse(answer.body), { openapi: '3.1.0', info: { title: 'Books' } });
});

t.test('a client that has the document gets 304', async (t) => {
  const app = await appWith(t);
  for (const url of ['/openapi.json', '/openapi.yaml', '/swagger-ui/', '/swagger-ui/swagger-ui.css']) {
    const { etag } = (await app.inject(url)).headers;
    if (typeof etag !== 'string') throw new Error('no entity tag');
    t.match(etag, /^"[\w-]{27}"$/);
    const again = await app.inject({ url, headers: { 'if-none-match': `"other", W/${etag}` } });
    t.equal(again.statusCode, 304, url);
    t.equal(again.body, '');
    t.equal(again.headers.etag, etag);
    t.equal((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode, 200, url);
  }
});

t.test('a new document has a new entity tag', async (t) => {
  let document = documents['3.1'];
  const app = await appWith(t, { document: () => document });
  const before = (await app.inject('/openapi.json')).headers.etag;
  document = documents['3.0'];
  const after = await app.inject('/openapi.json');
  t.not(after.headers.etag, before);
  t.equal(after.body, '{"openapi":"3.0.3"}');
});

t.test('the page is served under a strict policy', async (t) => {
  const answer = await (await appWith(t)).inject('/swagger-ui/');
  t.equal(answer.statusCode, 200);
  t.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
  t.equal(
    answer.headers['content-security-policy'],
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  t.equal(answer.headers['x-content-type-options'], 'nosniff');
  t.equal(answer.headers['referrer-policy'], 'no-referrer');
  t.equal(answer.headers['cache-control'], 'no-cache');
});

t.test('the page has no inline script or style, and only relative links', async (t) => {
  const { body } = await (await appWith(t)).inject('/swagger-ui/');
  t.notMatch(body, /<style|style=|<script>|\son\w+=/);
  const links = [...body.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1]);
  t.equal(links.length, 7);
  for (const link of links) t.match(link, /^\.\/[\w.-]+\?v=[0-9a-f]{12}$/);
  t.match(body, ' data-document="../openapi.json"');
});

t.test('every file that the page names is served, to be cached', async (t) => {
  const app = await appWith(t);
  const { body } = await app.inject('/swagger-ui/');
  const types: Record<string, string> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', png: 'image/png' };
  for (const [, file = ''] of body.matchAll(/(?:href|src)="\.\/([^"]*)"/g)) {
    const answer = await app.inject(`/swagger-ui/${file}`);
    t.equal(answer.statusCode, 200, file);
    t.equal(answer.headers['content-type'], types[/\.(\w+)\?/.exec(file)?.[1] ?? '']);
    t.equal(answer.headers['cache-control'], 'public, max-age=86400');
    t.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
});

t.test('a file is sent compressed to a client that takes it so, with a tag of its own', async (t) => {
  const app = await appWith(t);
  const url = '/swagger-ui/swagger-ui-bundle.js';
  const ask = (headers: Record<string, string>) => app.inject({ url, headers });
  const plain = await ask({});
  const rows = [
    { accept: 'gzip, deflate, br, zstd', coding: 'br', undo: brotliDecompressSync },
    { accept: 'gzip;q=1.0, br;q=0', coding: 'gzip', undo: gunzipSync },
    { accept: '*', coding: 'br', undo: brotliDecompressSync },
  ];
  for (const { accept, coding, undo } of rows) {
    const answer = await ask({ 'accept-encoding': accept });
    t.equal(answer.headers['content-encoding'], coding, accept);
    t.equal(answer.headers.vary, 'accept-encoding');
    t.equal(answer.headers.etag, `${String(plain.headers.etag).slice(0, -1)}-${coding}"`);
    t.ok(undo(answer.rawPayload).equals(plain.rawPayload), 'the same bytes');
    t.ok(answer.rawPayload.length < plain.rawPayload.length / 3, 'less than a third');
    const again = await ask({ 'accept-encoding': accept, 'if-none-match': String(answer.headers.etag) });
    t.equal(again.statusCode, 304);
  }
  for (const accept of ['identity', 'br;q=0, gzip;q=0', '*;q=0', 'deflate', '', ';', 'br;q=x']) {
    const answer = await ask({ 'accept-encoding': accept });
    t.equal(answer.headers['content-encoding'], undefined, accept);
    t.equal(answer.headers.vary, 'accept-encoding', 'all the same: others get it otherwise');
    t.ok(answer.rawPayload.equals(plain.rawPayload));
  }
});

t.test('a picture is not compressed again', async (t) => {
  const answer = await (await appWith(t)).inject({ url: '/swagger-ui/favicon-32x32.png', headers: { 'accept-encoding': 'br' } });
  t.equal(answer.headers['content-encoding'], undefined);
  t.equal(answer.headers.vary, undefined);
});

t.test('no other file is served', async (t) => {
  const app = await appWith(t);
  const names = [
    'package.json',
    'index.html',
    'swagger-ui.js',
    '../package.json',
    '..%2fpackage.json',
    '%2e%2e/package.json',
    'x',
    'index.css/',
  ];
  for (const name of names) t.equal((await app.inject(`/swagger-ui/${name}`)).statusCode, 404, name);
});

t.test('the folder without its slash leads to the page, under any prefix', async (t) => {
  const app = await appWith(t, { prefix: '/a/b' });
  const answer = await app.inject('/a/b/swagger-ui');
  t.equal(answer.statusCode, 308);
  t.equal(answer.headers.location, './swagger-ui/');
  t.equal((await app.inject('/a/b/swagger-ui/')).statusCode, 200);
});

t.test('paths can be chosen', async (t) => {
  const app = await appWith(t, { ui: '/docs/ui/', json: '/docs/api.json', yaml: false, title: 'A "B" & <C>' });
  const { body } = await app.inject('/docs/ui/');
  t.match(body, ' data-document="../api.json"');
  t.match(body, '<title>A &#34;B&#34; &#38; &#60;C&#62;</title>');
  t.equal((await app.inject('/docs/api.json')).statusCode, 200);
  for (const url of ['/openapi.yaml', '/openapi.json', '/swagger-ui/']) t.equal((await app.inject(url)).statusCode, 404, url);
});

t.test('without a document there is no page', async (t) => {
  const app = await appWith(t, { json: false });
  t.equal((await app.inject('/swagger-ui/')).statusCode, 404);
  t.equal((await app.inject('/openapi.yaml')).statusCode, 200);
});

t.test('the page may be allowed to send to the servers of the document', async (t) => {
  const answer = await (await appWith(t, { connectTo: ['https://api.example.com'] })).inject('/swagger-ui/');
  t.match(answer.headers['content-security-policy'], "connect-src 'self' https://api.example.com;");
});

t.test('HEAD is answered, and nothing of the plugin shows outside of it', async (t) => {
  const hidden: unknown[] = [];
  const app = Fastify();
  t.teardown(() => app.close());
  app.addHook('onRoute', (route) => {
    hidden.push((route.schema as { hide?: boolean } | undefined)?.hide);
  });
  await app.register(docsPlugin, { document: () => documents['3.1'] });
  t.same(new Set(hidden), new Set([true]));
  app.get('/mine', async () => 'mine');
  t.equal((await app.inject('/mine')).headers['x-content-type-options'], undefined);
  const head = await app.inject({ method: 'HEAD', url: '/openapi.json' });
  t.equal(head.statusCode, 200);
  t.equal(head.headers['content-length'], String(documents['3.1'].length));
});
