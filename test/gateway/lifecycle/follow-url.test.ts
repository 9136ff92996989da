import { writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { printSummary } from '../../../gateway/cli/summary.js';
import { type ConfigInput, loadConfig, type RunningGateway, StartError, startGateway } from '../../../gateway/index.js';
import { WireWriter } from '../../../proto/wire/writer.js';
import { startBackend } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { compileProtos } from '../../support/schema.js';
import { outcomeOf } from '../cli/outcome.js';
import { LogEntries } from '../log-entries.js';
import { serveWeb } from '../sources/web.js';

const proto = (path: string) => `
syntax = "proto3";
package notes.v1;
import "google/api/annotations.proto";
service Notes {
  rpc GetNote(Note) returns (Note) { option (google.api.http) = { get: "${path}" }; }
}
message Note { string id = 1; }
`;

/** A descriptor set of a service with one method behind that path. */
function setOf(path: string): Buffer {
  const out = new WireWriter();
  for (const file of compileProtos({ 'notes.proto': proto(path) })) out.bytesField(1, file);
  return Buffer.from(out.finish());
}

const sets = { one: setOf('/v1/one/{id}'), two: setOf('/v1/two/{id}') };

/** A web server whose answer changes, and what it was asked. */
interface Web {
  url: string;
  answer: RequestListener;
  readonly asked: IncomingHttpHeaders[];
}

async function startWeb(t: Test, answer: RequestListener): Promise<Web> {
  const web: Web = { url: '', answer, asked: [] };
  web.url = await serveWeb(t, (request, response) => {
    web.asked.push(request.headers);
    web.answer(request, response);
  });
  return web;
}

/** Answers a set with an ETag, and 304 to who has it. */
const tagged =
  (etag: string, set: Buffer): RequestListener =>
  ({ headers }, response) => {
    if (headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(set);
  };

interface Followed {
  readonly entries: LogEntries;
  readonly running: RunningGateway;
  status(path: string): Promise<number>;
}

async function startFollowing(t: Test, url: string, sources: ConfigInput['sources'] = {}): Promise<Followed> {
  const folder = t.testdir({ 'backend.proto': proto('/v1/notes/{id}') });
  const backend = await startBackend(join(folder, 'backend.proto'), { unary: { 'notes.v1.Notes.GetNote': ({ request }) => request } });
  t.teardown(() => backend.close());
  const entries = new LogEntries();
  const running = await startGateway(
    {
      listen: '127.0.0.1:0',
      sources: { descriptorSets: [url], fetchIntervalMs: 20, ...sources },
      upstreams: { default: { target: backend.target } },
    },
    { log: entries.log },
  );
  t.teardown(() => running.close({ graceMs: 0 }));
  // The connections of fetch keep no program alive while nothing is asked.
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  return { entries, running, status: async (path) => (await send(running.url, 'GET', path)).status };
}

/** When the server has been asked so often. */
async function asked(web: Web, times: number): Promise<void> {
  while (web.asked.length < times) await new Promise(setImmediate);
}

test('a descriptor set at a URL is served, and followed when it changes', async (t) => {
  const web = await startWeb(t, tagged('"1"', sets.one));
  const { entries, running, status } = await startFollowing(t, `${web.url}/api.binpb`);
  t.strictSame([await status('/v1/one/1'), await status('/v1/two/1')], [200, 404]);
  await asked(web, 4);
  t.strictSame(
    web.asked.slice(0, 4).map((headers) => headers['if-none-match']),
    [undefined, '"1"', '"1"', '"1"'],
  );
  t.equal(running.gateway.current.id, 0, 'nothing has changed');
  web.answer = tagged('"2"', sets.two);
  t.match(await entries.next('reloaded'), { why: `changed: ${web.url}/api.binpb`, generation: 1 });
  t.strictSame([await status('/v1/one/1'), await status('/v1/two/1')], [404, 200]);
});

test('a set that is sent again without being another is no change', async (t) => {
  let version = 0;
  const web = await startWeb(t, (_request, response) => {
    version += 1;
    response.writeHead(200, { etag: `"${version}"` }).end(sets.one);
  });
  const { running, entries } = await startFollowing(t, web.url);
  await asked(web, 4);
  t.equal(running.gateway.current.id, 0);
  t.strictSame(entries.all, []);
});

const failures: readonly (readonly [name: string, answer: RequestListener, reason: string])[] = [
  ['is gone', (_q, r) => r.writeHead(404).end(), 'answers 404 Not Found; is the URL right?'],
  ['fails', (_q, r) => r.writeHead(503).end(), 'answers 503 Service Unavailable; is the URL right?'],
  [
    'is cut',
    (_q, r) => r.writeHead(200, { 'content-length': 9 }).write('x', () => r.destroy()),
    'cannot be fetched: the connection was closed before the end',
  ],
];

for (const [name, answer, reason] of failures) {
  test(`a URL that ${name} later leaves its last set in service, with a warning, until it answers again`, async (t) => {
    const web = await startWeb(t, tagged('"1"', sets.one));
    const { entries, status, running } = await startFollowing(t, `${web.url.replace('//', '//ann:secret@')}/api?token=secret`);
    web.answer = answer;
    const warning = `${web.url}/api: ${reason}; what it offered before is served on`;
    t.equal((await entries.next(web.url)).msg, warning);
    t.equal(await status('/v1/one/1'), 200);
    web.answer = tagged('"2"', sets.two);
    await entries.next(`${web.url}/api: answers again`);
    await entries.next('reloaded');
    t.equal(await status('/v1/two/1'), 200);
    t.match(printSummary(running), `sources     ${web.url}/api\n`);
    t.notOk(JSON.stringify(entries.all).concat(printSummary(running)).includes('secret'));
    t.equal(web.asked[0]?.authorization, `Basic ${Buffer.from('ann:secret').toString('base64')}`);
  });
}

test('a reload that cannot have a URL takes its last set, with a warning', async (t) => {
  const web = await startWeb(t, tagged('"1"', sets.one));
  const { running, status } = await startFollowing(t, web.url, { fetchIntervalMs: 0 });
  web.answer = (_request, response) => response.writeHead(503).end();
  const reason = 'answers 503 Service Unavailable; is the URL right?; what it offered before is served on';
  t.match(await running.gateway.reload('test'), {
    ok: true,
    value: 1,
    warnings: [{ subject: `${web.url}/`, reason, severity: 'warning' }],
  });
  t.equal(await status('/v1/one/1'), 200);
});

test('a failure that goes on is logged once', async (t) => {
  const web = await startWeb(t, tagged('"1"', sets.one));
  const { entries } = await startFollowing(t, web.url);
  web.answer = (_request, response) => response.writeHead(500).end();
  const soFar = web.asked.length;
  await asked(web, soFar + 5);
  t.equal(entries.all.length, 1);
});

test('at the first start a URL must answer; what is wrong is one line', async (t) => {
  const web = await startWeb(t, (_request, response) => response.writeHead(404).end());
  const failed = startFollowing(t, `${web.url.replace('//', '//ann:secret@')}/api`);
  const reason = 'answers 404 Not Found; is the URL right?';
  await t.rejects(failed, new StartError([{ severity: 'error', subject: `${web.url}/api`, reason, temporary: true }]));
});

test('a command that cannot have a URL says so in one line and ends with 1', async (t) => {
  const web = await startWeb(t, (_request, response) => response.destroy());
  t.strictSame(await outcomeOf(['routes', '--descriptor-set', `${web.url.replace('//', '//ann:secret@')}/api`]), {
    code: 1,
    out: '',
    err: `protogate: ${web.url}/api: cannot be fetched: the connection was closed before the end\n`,
  });
});

test('a set that is refused is tried once, and the good one is what a failure falls back to', async (t) => {
  const web = await startWeb(t, tagged('"1"', sets.one));
  const { entries, running, status } = await startFollowing(t, web.url);
  web.answer = tagged('"2"', setOf('/v1/{wrong}/{id}'));
  await entries.next('reload refused');
  const soFar = web.asked.length;
  await asked(web, soFar + 3);
  t.equal(entries.all.length, 1);
  t.equal(await status('/v1/one/1'), 200);
  web.answer = (_request, response) => response.destroy();
  t.match(await running.gateway.reload('test'), { ok: true, value: 1 });
  t.equal(await status('/v1/one/1'), 200);
});

test('with fetchIntervalMs: 0 a URL is asked at reloads only', async (t) => {
  const web = await startWeb(t, tagged('"1"', sets.one));
  const { running } = await startFollowing(t, web.url, { fetchIntervalMs: 0 });
  await running.gateway.reload('test');
  await running.gateway.reload('test');
  t.equal(web.asked.length, 3);
});

test('a URL in a configuration file is no path', async (t) => {
  const folder = t.testdir();
  writeFileSync(join(folder, 'protogate.yaml'), 'sources: { descriptorSets: [HTTPS://example.test/a/../b, set.binpb] }');
  const config = await loadConfig(join(folder, 'protogate.yaml'));
  t.match(config, { value: { sources: { descriptorSets: ['HTTPS://example.test/a/../b', join(folder, 'set.binpb')] } } });
});
