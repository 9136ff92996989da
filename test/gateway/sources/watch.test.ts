import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Test, test } from 'tap';
import { FileStates } from '../../../gateway/sources/file-states.js';
import { watchFiles } from '../../../gateway/sources/watch.js';

/** Long enough for only events to count. */
const NEVER = 3_600_000;

interface Watched {
  /** Names of the files of the next report. */
  next(): Promise<readonly string[]>;
  readonly reports: number;
  readonly troubles: readonly string[];
}

/** Notes and watches paths below a folder until the test ends. */
async function startWatching(t: Test, paths: readonly string[], intervalMs = NEVER): Promise<Watched> {
  const files = new FileStates();
  await files.note('sources', paths);
  return watchNoted(t, files, intervalMs);
}

function watchNoted(t: Test, files: FileStates, intervalMs = NEVER): Watched {
  const waiting: ((names: readonly string[]) => void)[] = [];
  const ready: (readonly string[])[] = [];
  const troubles: string[] = [];
  let reports = 0;
  const changed = async (paths: readonly string[]) => {
    reports += 1;
    const names = paths.map((path) => basename(path)).sort();
    const waiter = waiting.shift();
    if (waiter === undefined) ready.push(names);
    else waiter(names);
  };
  t.teardown(watchFiles({ files, intervalMs, changed, troubled: (why) => troubles.push(why) }));
  // Watching itself keeps no program alive.
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  return {
    next: () => new Promise((resolve) => (ready.length > 0 ? resolve(ready.shift() ?? []) : waiting.push(resolve))),
    get reports() {
      return reports;
    },
    troubles,
  };
}

const cases: Readonly<Record<string, (folder: string) => void>> = {
  'written in place': (folder) => writeFileSync(join(folder, 'a.proto'), 'two'),
  'appended to': (folder) => appendFileSync(join(folder, 'a.proto'), 'more'),
  'replaced by a rename over it': (folder) => {
    writeFileSync(join(folder, '.a.proto.swp'), 'two');
    renameSync(join(folder, '.a.proto.swp'), join(folder, 'a.proto'));
  },
  'written with as many bytes and the date it had': (folder) => {
    writeFileSync(join(folder, 'a.proto'), 'eno');
    utimesSync(join(folder, 'a.proto'), 1, 1);
  },
  'taken away': (folder) => unlinkSync(join(folder, 'a.proto')),
};

for (const [how, change] of Object.entries(cases)) {
  for (const named of ['itself', 'by its folder']) {
    test(`a file that is ${how} has changed, named ${named}`, async (t) => {
      const folder = t.testdir({ api: { 'a.proto': 'one', 'b.proto': 'other' } });
      const watched = await startWatching(t, [join(folder, named === 'itself' ? 'api/a.proto' : 'api')]);
      change(join(folder, 'api'));
      t.strictSame(await watched.next(), ['a.proto']);
    });
  }
}

test('a new file counts below a folder that is named, in a new folder, too', async (t) => {
  const folder = t.testdir({ api: {} });
  const watched = await startWatching(t, [join(folder, 'api')]);
  writeFileSync(join(folder, 'api/a.proto'), 'one');
  t.strictSame(await watched.next(), ['a.proto']);
  mkdirSync(join(folder, 'api/v1/deep'), { recursive: true });
  writeFileSync(join(folder, 'api/v1/deep/b.proto'), 'one');
  t.strictSame(await watched.next(), ['b.proto']);
  writeFileSync(join(folder, 'api/v1/deep/b.proto'), 'two');
  t.strictSame(await watched.next(), ['b.proto']);
});

test('a file that is not there is waited for, its folders too', async (t) => {
  const folder = t.testdir({});
  const watched = await startWatching(t, [join(folder, 'not/yet/api.binpb')]);
  mkdirSync(join(folder, 'not/yet'), { recursive: true });
  writeFileSync(join(folder, 'not/yet/api.binpb'), 'one');
  t.strictSame(await watched.next(), ['api.binpb']);
});

test('a folder that is taken away and put back is watched again', async (t) => {
  const folder = t.testdir({ api: { v1: { 'a.proto': 'one' } } });
  const watched = await startWatching(t, [join(folder, 'api')]);
  rmSync(join(folder, 'api'), { recursive: true });
  t.strictSame(await watched.next(), ['a.proto']);
  mkdirSync(join(folder, 'api/v1'), { recursive: true });
  writeFileSync(join(folder, 'api/v1/a.proto'), 'two');
  t.strictSame(await watched.next(), ['a.proto']);
  writeFileSync(join(folder, 'api/v1/a.proto'), 'three');
  t.strictSame(await watched.next(), ['a.proto']);
});

/** As the kubelet lays out a ConfigMap: `a.proto -> ..data/a.proto`, `..data -> ..2026_1`. */
function configMap(t: Test): { readonly folder: string; update(content: string): void } {
  const folder = join(t.testdir({ map: { '..2026_1': { 'a.proto': 'one', 'protogate.yaml': '{}' } } }), 'map');
  symlinkSync('..2026_1', join(folder, '..data'));
  for (const name of ['a.proto', 'protogate.yaml']) symlinkSync(`..data/${name}`, join(folder, name));
  let version = 1;
  const update = (content: string) => {
    const before = `..2026_${version}`;
    version += 1;
    mkdirSync(join(folder, `..2026_${version}`));
    writeFileSync(join(folder, `..2026_${version}/a.proto`), content);
    writeFileSync(join(folder, `..2026_${version}/protogate.yaml`), '{}');
    symlinkSync(`..2026_${version}`, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    rmSync(join(folder, before), { recursive: true });
  };
  return { folder, update };
}

for (const named of ['by its folder', 'each by its name']) {
  test(`of a ConfigMap the files whose contents differ have changed, named ${named}`, async (t) => {
    const { folder, update } = configMap(t);
    const paths = named === 'by its folder' ? [folder] : [join(folder, 'a.proto'), join(folder, 'protogate.yaml')];
    const watched = await startWatching(t, paths);
    update('two');
    t.strictSame(await watched.next(), ['a.proto']);
    update('two');
    update('three');
    t.strictSame(await watched.next(), ['a.proto']);
    t.equal(watched.reports, 2);
  });
}

test('a file behind links is watched where it is and where the links are', async (t) => {
  const folder = t.testdir({ here: {}, there: { 'api.binpb': 'one' }, elsewhere: { 'api.binpb': 'three' } });
  symlinkSync(join(folder, 'there'), join(folder, 'link'));
  symlinkSync('../link/api.binpb', join(folder, 'here/api.binpb'));
  const watched = await startWatching(t, [join(folder, 'here/api.binpb')]);
  writeFileSync(join(folder, 'there/api.binpb'), 'two');
  t.strictSame(await watched.next(), ['api.binpb']);
  unlinkSync(join(folder, 'link'));
  symlinkSync('elsewhere', join(folder, 'link'));
  t.strictSame(await watched.next(), ['api.binpb']);
});

test('links in a circle are no trouble', async (t) => {
  const folder = t.testdir({ api: { 'a.proto': 'one' } });
  symlinkSync('..', join(folder, 'api/up'));
  symlinkSync('self', join(folder, 'self'));
  const watched = await startWatching(t, [join(folder, 'api'), join(folder, 'self')]);
  writeFileSync(join(folder, 'api/a.proto'), 'two');
  t.strictSame(await watched.next(), ['a.proto']);
});

test('a file that only looks different has not changed', async (t) => {
  const folder = t.testdir({ 'a.proto': 'one', 'b.proto': 'one' });
  const watched = await startWatching(t, [folder]);
  writeFileSync(join(folder, 'a.proto'), 'one');
  utimesSync(join(folder, 'a.proto'), 10, 10);
  writeFileSync(join(folder, 'b.proto'), 'two');
  t.strictSame(await watched.next(), ['b.proto']);
});

test('what changed between the note and the watch has changed', async (t) => {
  const folder = t.testdir({ 'a.proto': 'one', 'b.proto': 'one' });
  for (const name of ['a.proto', 'b.proto']) utimesSync(join(folder, name), 1_000_000, 1_000_000);
  const files = new FileStates();
  await files.note('sources', [folder]);
  writeFileSync(join(folder, 'a.proto'), 'two');
  t.strictSame(await watchNoted(t, files).next(), ['a.proto']);
});

test('a file of the future is no change by itself', async (t) => {
  const folder = t.testdir({ 'a.proto': 'one', 'b.proto': 'one' });
  utimesSync(join(folder, 'a.proto'), 4_000_000_000, 4_000_000_000);
  const watched = await startWatching(t, [folder]);
  writeFileSync(join(folder, 'b.proto'), 'two');
  t.strictSame(await watched.next(), ['b.proto']);
});

test('files of both groups are watched, each group as it was noted last', async (t) => {
  const folder = t.testdir({ own: { 'protogate.yaml': '{}' }, api: { 'a.proto': 'one' }, other: { 'b.proto': 'one' } });
  const files = new FileStates();
  await files.note('configuration', [join(folder, 'own/protogate.yaml')]);
  writeFileSync(join(folder, 'own/protogate.yaml'), '{ }');
  await files.note('sources', [join(folder, 'api')]);
  const watched = watchNoted(t, files);
  t.strictSame(await watched.next(), ['protogate.yaml'], 'what was written after the note is a change');
  await files.note('configuration', [join(folder, 'own/protogate.yaml')]);
  writeFileSync(join(folder, 'api/a.proto'), 'two');
  t.strictSame(await watched.next(), ['a.proto'], 'a note of one group leaves the other as it is');
  await files.note('sources', [join(folder, 'other')]);
  writeFileSync(join(folder, 'api/a.proto'), 'three');
  writeFileSync(join(folder, 'other/b.proto'), 'two');
  writeFileSync(join(folder, 'own/protogate.yaml'), '{  }');
  t.strictSame(await watched.next(), ['b.proto', 'protogate.yaml'], 'what is not noted any more is no matter');
});

test('a thousand writes are few changes', async (t) => {
  const folder = t.testdir({ 'a.proto': 'one' });
  const watched = await startWatching(t, [folder]);
  for (let i = 0; i < 1000; i += 1) {
    writeFileSync(join(folder, 'a.proto'), `write ${i}`);
    if (i % 100 === 0) await new Promise(setImmediate);
  }
  await watched.next();
  t.ok(watched.reports <= 3, `${watched.reports} reports`);
});

test('without events the interval is enough', async (t) => {
  const folder = t.testdir({ 'a.proto': 'one' });
  const files = new FileStates();
  await files.note('sources', [folder]);
  const watched = watchNoted(t, files, 5);
  writeFileSync(join(folder, 'a.proto'), 'two');
  t.strictSame(await watched.next(), ['a.proto']);
});

test('pipes are left alone', async (t) => {
  const folder = t.testdir({ 'a.proto': 'one' });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const watched = await startWatching(t, [join(folder, 'pipe'), join(folder, 'a.proto')]);
  writeFileSync(join(folder, 'a.proto'), 'two');
  t.strictSame(await watched.next(), ['a.proto']);
});

test('a folder that cannot be searched is told of once', async (t) => {
  const deep = Array.from({ length: 70 }, () => 'd').join('/');
  const folder = t.testdir({ 'a.proto': 'one', large: {} });
  mkdirSync(join(folder, 'large', deep), { recursive: true });
  const watched = await startWatching(t, [join(folder, 'large'), join(folder, 'a.proto')]);
  for (const text of ['two', 'three']) {
    writeFileSync(join(folder, 'a.proto'), text);
    t.strictSame(await watched.next(), ['a.proto']);
  }
  t.match(watched.troubles, [/^changes of it are not followed: .*large: cannot be read: has folders more than 64 deep/]);
  t.equal(watched.troubles.length, 1);
});
