import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { loadConfig, startGateway } from '../../../gateway/index.js';
import { send } from '../../support/http.js';
import { testTls } from '../../support/tls.js';
import { LogEntries } from '../log-entries.js';
import { serveWeb } from '../sources/web.js';
import { config, layPlain, proto, set, startFollowing, startNotes } from './followed.js';

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
  writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n');
  t.match(await entries.next('reload refused'), { problems: [{ subject: 'upstreams.other.tls.ca' }] });
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
  t.match(await entries.next('reload refused: the current generation serves on'), {
    problems: [{ subject: 'configuration', reason: 'no access to the vault' }],
  });
  broken = false;
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/three/{id}'));
  await entries.next('reloaded');
  t.equal((await send(running.url, 'GET', '/v1/three/1')).status, 200);
});
