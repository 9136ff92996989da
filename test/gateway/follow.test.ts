import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { loadConfig, type RunningGateway, startGateway } from '../../gateway/index.js';
import { WireWriter } from '../../proto/wire/writer.js';
import { startBackend } from '../support/backend.js';
import { send } from '../support/http.js';
import { compileProtos } from '../support/schema.js';
import { testTls } from '../support/tls.js';
import { LogEntries } from './log-entries.js';
import { serveWeb } from './sources/web.js';

/** A service with one method behind that path. */
const proto = (path: string) => `
syntax = "proto3";
package notes.v1;
import "google/api/annotations.proto";
service Notes {
  rpc GetNote(Note) returns (Note) { option (google.api.http) = { get: "${path}" }; }
}
message Note { string id = 1; }
`;

/** A descriptor set of one file. */
const set = (body: string) =>
  new WireWriter().bytesField(1, compileProtos({ 'set.proto': `syntax = "proto3"; ${body}` })[0] ?? '').finish();

interface Followed {
  readonly folder: string;
  readonly entries: LogEntries;
  readonly running: RunningGateway;
  readonly target: string;
  status(path: string): Promise<number>;
}

/** A gateway with a configuration file in a folder of its own, in front of a real gRPC server. `lay` lays out the folder. */
async function startFollowing(t: Test, lay: (folder: string, target: string) => void): Promise<Followed> {
  const { backend, folder } = await startNotes(t);
  lay(folder, backend.target);
  const entries = new LogEntries();
  const file = join(folder, 'protogate.yaml');
  const running = await startGateway(() => loadConfig(file), { log: entries.log, configFiles: [file] });
  t.teardown(() => running.close({ graceMs: 0 }));
  const status = async (path: string) => (await send(running.url, 'GET', path)).status;
  return { folder, entries, running, target: backend.target, status };
}

async function startNotes(t: Test) {
  const folder = t.testdir({ 'backend.proto': proto('/v1/notes/{id}'), api: {} });
  const backend = await startBackend(join(folder, 'backend.proto'), { unary: { 'notes.v1.Notes.GetNote': ({ request }) => request } });
  t.teardown(() => backend.close());
  return { backend, folder };
}

const config = (target: string, more = '') =>
  `listen: 127.0.0.1:0\nsources: { protos: [api] }\nupstreams: { default: { target: '${target}' } }\n${more}`;

function layPlain(folder: string, target: string): void {
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/one/{id}'));
  writeFileSync(join(folder, 'protogate.yaml'), config(target));
}

const ways: Readonly<Record<string, (file: string, text: string) => void>> = {
  'written in place': writeFileSync,
  'replaced by a rename over it': (file, text) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  },
};

for (const [how, write] of Object.entries(ways)) {
  test(`a .proto file that is ${how} is served without a restart`, async (t) => {
    const { folder, entries, status } = await startFollowing(t, layPlain);
    t.strictSame([await status('/v1/one/1'), await status('/v1/two/1')], [200, 404]);
    write(join(folder, 'api/notes.proto'), proto('/v1/two/{id}'));
    t.match(await entries.next('reloaded'), { why: `changed: ${folder}/api/notes.proto`, generation: 1 });
    t.strictSame([await status('/v1/one/1'), await status('/v1/two/1')], [404, 200]);
  });
}

test('a rules file that is written anew is served without a restart', async (t) => {
  const rules = (path: string) => `http: { rules: [{ selector: notes.v1.*, get: "${path}" }] }`;
  const { folder, entries, status } = await startFollowing(t, (folder, target) => {
    layPlain(folder, target);
    writeFileSync(join(folder, 'rules.yaml'), rules('/v1/two/{id}'));
    writeFileSync(join(folder, 'protogate.yaml'), config(target).replace('protos:', 'rules: [rules.yaml], protos:'));
  });
  t.strictSame([await status('/v1/one/1'), await status('/v1/two/1')], [404, 200]);
  writeFileSync(join(folder, 'rules.yaml'), rules('/v1/three/{id}'));
  await entries.next('reloaded');
  t.strictSame([await status('/v1/two/1'), await status('/v1/three/1')], [404, 200]);
});

test('an update of a ConfigMap is served without a restart', async (t) => {
  const { folder, entries, status } = await startFollowing(t, (folder, target) => {
    mkdirSync(join(folder, 'api/..2026_1'));
    writeFileSync(join(folder, 'api/..2026_1/notes.proto'), proto('/v1/one/{id}'));
    symlinkSync('..2026_1', join(folder, 'api/..data'));
    symlinkSync('..data/notes.proto', join(folder, 'api/notes.proto'));
    writeFileSync(join(folder, 'protogate.yaml'), config(target));
  });
  mkdirSync(join(folder, 'api/..2026_2'));
  writeFileSync(join(folder, 'api/..2026_2/notes.proto'), proto('/v1/two/{id}'));
  symlinkSync('..2026_2', join(folder, 'api/..data_tmp'));
  renameSync(join(folder, 'api/..data_tmp'), join(folder, 'api/..data'));
  rmSync(join(folder, 'api/..2026_1'), { recursive: true });
  await entries.next('reloaded');
  t.strictSame([await status('/v1/one/1'), await status('/v1/two/1')], [404, 200]);
});

test('a file that is taken away leaves the generation before in service, until it is back', async (t) => {
  const { folder, entries, status, running } = await startFollowing(t, layPlain);
  rmSync(join(folder, 'api'), { recursive: true });
  await entries.next('reload refused');
  t.equal(await status('/v1/one/1'), 200);
  t.equal(running.gateway.current.id, 0);
  mkdirSync(join(folder, 'api'));
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/two/{id}'));
  await entries.next('reloaded');
  t.equal(await status('/v1/two/1'), 200);
});

test('a half-written file is refused, and the next write is loaded', async (t) => {
  const { folder, entries, status } = await startFollowing(t, layPlain);
  const text = proto('/v1/two/{id}');
  writeFileSync(join(folder, 'api/notes.proto'), text.slice(0, text.length / 2));
  const refused = await entries.next('reload refused');
  t.match(refused, { problems: [{ file: 'notes.proto', reason: 'expected ")", found the end of the file' }] });
  t.equal(await status('/v1/one/1'), 200);
  writeFileSync(join(folder, 'api/notes.proto'), text);
  await entries.next('reloaded');
  t.equal(await status('/v1/two/1'), 200);
});

test('a burst of a thousand writes makes few generations, and the last of them serves the last write', async (t) => {
  const { folder, running, status, entries } = await startFollowing(t, layPlain);
  for (let i = 0; i < 1000; i += 1) {
    writeFileSync(join(folder, 'api/notes.proto'), proto(`/v1/write${i}/{id}`));
    if (i % 50 === 0) await new Promise(setImmediate);
  }
  while ((await status('/v1/write999/1')) !== 200) await entries.next('reloaded');
  t.ok(running.gateway.current.id <= 4, `${running.gateway.current.id} generations`);
});

test('a file that is written anew with the same is no reload', async (t) => {
  const { folder, entries } = await startFollowing(t, layPlain);
  writeFileSync(join(folder, 'api/notes.proto'), readFileSync(join(folder, 'api/notes.proto')));
  writeFileSync(join(folder, 'protogate.yaml'), readFileSync(join(folder, 'protogate.yaml'), 'utf8').concat('# so\n'));
  t.match(await entries.next('reloaded'), { why: `changed: ${folder}/protogate.yaml`, generation: 1 });
});

test('an imported file and a descriptor set are followed, too', async (t) => {
  const { folder, entries } = await startFollowing(t, (folder, target) => {
    mkdirSync(join(folder, 'imports'));
    writeFileSync(join(folder, 'imports/note.proto'), 'syntax = "proto3"; message Other {}');
    writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/one/{id}').replace('import', 'import "note.proto"; import'));
    writeFileSync(join(folder, 'set.binpb'), set('message Old {}'));
    const sources = '{ protos: [api], importPaths: [imports], descriptorSets: [set.binpb] }';
    writeFileSync(join(folder, 'protogate.yaml'), config(target).replace('{ protos: [api] }', sources));
  });
  writeFileSync(join(folder, 'imports/note.proto'), 'syntax = "proto3"; message Another {}');
  t.match(await entries.next('reloaded'), { why: `changed: ${folder}/imports/note.proto` });
  writeFileSync(join(folder, 'set.binpb'), set('message New {}'));
  t.match(await entries.next('reloaded'), { why: `changed: ${folder}/set.binpb` });
});

test('what the configuration file says counts when it is edited; what is new in it is followed', async (t) => {
  const { folder, entries, status, target } = await startFollowing(t, layPlain);
  writeFileSync(join(folder, 'protogate.yaml'), config(target, 'policies: [{ select: "*", expose: false }]'));
  await entries.next('reloaded');
  t.equal(await status('/v1/one/1'), 404);
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'more/notes.proto'), 'syntax = "proto3" oops');
  writeFileSync(join(folder, 'protogate.yaml'), config(target).replace('[api]', '[more]'));
  await entries.next('reload refused');
  writeFileSync(join(folder, 'more/notes.proto'), proto('/v1/two/{id}'));
  t.match(await entries.next('reloaded'), { why: `changed: ${folder}/more/notes.proto` });
  t.equal(await status('/v1/two/1'), 200);
});

test('a broken configuration file is refused, and followed until it is right', async (t) => {
  const { folder, entries, status, target } = await startFollowing(t, layPlain);
  writeFileSync(join(folder, 'protogate.yaml'), 'listen: [');
  await entries.next('reload refused');
  rmSync(join(folder, 'protogate.yaml'));
  await entries.next('reload refused');
  t.equal(await status('/v1/one/1'), 200);
  writeFileSync(join(folder, 'protogate.yaml'), config(target, 'policies: [{ select: "*", expose: false }]'));
  await entries.next('reloaded');
  t.equal(await status('/v1/one/1'), 404);
});

test('what cannot change in a running gateway is warned of', async (t) => {
  const { folder, entries, status, target } = await startFollowing(t, layPlain);
  writeFileSync(join(folder, 'protogate.yaml'), config(target, 'limits: { headers: 2048 }').replace(':0', ':8080'));
  await entries.next('reloaded');
  t.equal((await entries.next('listen')).msg, 'listen: is 127.0.0.1:8080 now, and 127.0.0.1:0 until the gateway is started again');
  t.equal((await entries.next('limits')).msg, 'limits.headers: is 2048 now, and 16384 until the gateway is started again');
  t.equal(await status('/v1/one/1'), 200);
});

test('stores and unchanged upstreams outlive a reload; one whose TLS file has changed is another', async (t) => {
  const { folder, entries, running } = await startFollowing(t, (folder, target) => {
    layPlain(folder, target);
    writeFileSync(join(folder, 'ca.pem'), testTls.ca);
    const upstreams = `upstreams: { default: { target: '${target}' }, other: { target: 'grpcs://localhost:1', tls: { ca: ca.pem } } }`;
    writeFileSync(join(folder, 'protogate.yaml'), config(target).replace(/upstreams.*/, upstreams));
  });
  const { runtime } = running.gateway;
  runtime.stores.set('mine', 1);
  const [plain, tls] = [runtime.upstream('default'), runtime.upstream('other')];
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/two/{id}'));
  await entries.next('reloaded');
  t.equal(runtime.upstream('default'), plain);
  t.equal(runtime.upstream('other'), tls);
  t.equal(runtime.stores.get('mine'), 1);
  writeFileSync(join(folder, 'ca.pem'), Buffer.concat([testTls.ca, testTls.ca]));
  t.match(await entries.next('reloaded'), { why: `changed: ${folder}/ca.pem` });
  t.equal(runtime.upstream('default'), plain);
  t.not(runtime.upstream('other'), tls);
});

test('with sources.watch: false nothing is followed, but a reload reads everything', async (t) => {
  const { folder, entries, running, status } = await startFollowing(t, (folder, target) => {
    layPlain(folder, target);
    writeFileSync(join(folder, 'protogate.yaml'), config(target).replace('[api]', '[api], watch: false'));
  });
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/two/{id}'));
  t.match(await running.gateway.reload('test'), { ok: true, value: 1 });
  t.equal(await status('/v1/two/1'), 200);
  t.strictSame(
    entries.all.map(({ why }) => why).filter((why) => why !== undefined),
    ['test'],
  );
});

test('a connection to the upstream is the same after a reload', async (t) => {
  const { folder, entries, running, status } = await startFollowing(t, layPlain);
  t.equal(await status('/v1/one/1'), 200);
  let connections = 0;
  running.gateway.runtime.upstream('default').onConnect(() => {
    connections += 1;
  });
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/two/{id}'));
  await entries.next('reloaded');
  t.equal(await status('/v1/two/1'), 200);
  t.equal(connections, 0);
});

test('a reload that is refused because a new source does not answer is tried again', async (t) => {
  const answers: { set?: Uint8Array } = {};
  const url = await serveWeb(t, (_request, response) => response.writeHead(answers.set ? 200 : 503).end(answers.set));
  const { folder, entries, target } = await startFollowing(t, layPlain);
  const sources = `{ protos: [api], descriptorSets: ['${url}/set'] }`;
  writeFileSync(join(folder, 'protogate.yaml'), config(target).replace('{ protos: [api] }', sources));
  const refused = { problems: [{ subject: `${url}/set` }] };
  t.match(await entries.next('reload refused'), { why: `changed: ${folder}/protogate.yaml`, ...refused });
  t.match(await entries.next('reload refused'), { why: 'trying again', ...refused });
  await entries.next('what refuses the reload may be over soon: it is tried again');
  answers.set = set('message New {}');
  t.match(await entries.next('reloaded'), { why: 'trying again' });
});

test('a configuration that cannot even be read is logged, and files are followed on', async (t) => {
  const { backend, folder } = await startNotes(t);
  layPlain(folder, backend.target);
  const entries = new LogEntries();
  const file = join(folder, 'protogate.yaml');
  let broken = false;
  const read = async () => {
    if (broken) throw new Error('no access to the vault');
    return loadConfig(file);
  };
  const running = await startGateway(read, { log: entries.log });
  t.teardown(() => running.close({ graceMs: 0 }));
  broken = true;
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/two/{id}'));
  t.match(await entries.next('reload failed'), { err: { message: 'no access to the vault' } });
  broken = false;
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/three/{id}'));
  await entries.next('reloaded');
  t.equal((await send(running.url, 'GET', '/v1/three/1')).status, 200);
});
