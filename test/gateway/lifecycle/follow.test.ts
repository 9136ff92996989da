import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { config, layPlain, proto, set, startFollowing } from './followed.js';

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
