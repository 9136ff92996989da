import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Test, test } from 'tap';
import { loadProtos } from '../../../gateway/sources/proto-source.js';
import { readFileDescriptor } from '../../../proto/descriptor/read.js';
import { printProblem } from '../../../proto/problem.js';
import { set } from '../lifecycle/followed.js';

const proto = (body: string) => `syntax = "proto3";\n${body}`;

/** Origin -> import names of its files; or what is wrong, with the test folder as DIR. */
async function load(t: Test, folder: string, protos: string[], importPaths: string[] = []): Promise<unknown> {
  const at = (path: string) => join(folder, path);
  const result = await loadProtos(protos.map(at), importPaths.map(at));
  const short = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(folder, 'DIR');
  if (!result.ok) return result.problems.map((problem) => short(printProblem(problem)));
  t.strictSame(result.warnings, []);
  return Object.fromEntries(result.value.map(({ origin, files }) => [short(origin), files.map((bytes) => readFileDescriptor(bytes).name)]));
}

test('a folder brings every .proto below it, named from the folder', async (t) => {
  const folder = t.testdir({
    api: {
      'b.proto': proto('import "v1/a.proto"; message B { v1.A a = 1; }'),
      v1: { 'a.proto': proto('package v1; message A {}'), 'notes.txt': '' },
      '.hidden': { 'x.proto': 'broken' },
      node_modules: { 'y.proto': 'broken' },
    },
  });
  t.strictSame(await load(t, folder, ['api']), { api: ['v1/a.proto', 'b.proto'] });
});

test('a file is named from its own folder, and finds its neighbours', async (t) => {
  const folder = t.testdir({ v1: { 'a.proto': proto('import "b.proto"; message A { B b = 1; }'), 'b.proto': proto('message B {}') } });
  t.strictSame(await load(t, folder, ['v1/a.proto']), { v1: ['b.proto'], 'v1/a.proto': ['a.proto'] });
});

test('below an import path a file is named from there', async (t) => {
  const folder = t.testdir({
    src: { api: { v1: { 'a.proto': proto('import "api/v1/b.proto"; import "lib.proto"; message A { B b = 1; Lib l = 2; }') } } },
    more: { api: { v1: { 'b.proto': proto('message B {}') } } },
    third: { 'lib.proto': proto('message Lib {}') },
  });
  t.strictSame(await load(t, folder, ['src/api/v1/a.proto'], ['src', 'more', 'third']), {
    more: ['api/v1/b.proto'],
    third: ['lib.proto'],
    'src/api/v1/a.proto': ['api/v1/a.proto'],
  });
});

test('the first import path that has a file wins, the official protos come last', async (t) => {
  const folder = t.testdir({
    'a.proto': proto('import "google/protobuf/empty.proto"; import "x.proto"; message A { google.protobuf.Empty e = 1; X x = 2; }'),
    one: { 'x.proto': proto('message X { int32 one = 1; }') },
    two: {
      'x.proto': proto('message X { int32 two = 1; }'),
      google: { protobuf: { 'empty.proto': proto('package google.protobuf; message Empty {}') } },
    },
  });
  t.strictSame(await load(t, folder, ['a.proto'], ['one', 'two']), {
    two: ['google/protobuf/empty.proto'],
    one: ['x.proto'],
    'a.proto': ['a.proto'],
  });
  t.strictSame(await load(t, folder, ['a.proto'], ['one']), { one: ['x.proto'], 'a.proto': ['a.proto'] }, 'official ones are not repeated');
});

test('a file that is named twice is one', async (t) => {
  const folder = t.testdir({ api: { 'a.proto': proto('message A {}') } });
  t.strictSame(await load(t, folder, ['api', 'api/a.proto']), { api: ['a.proto'] });
});

test('links to files are followed, and links in circles are not', async (t) => {
  const folder = t.testdir({ real: { 'a.proto': proto('message A {}') }, api: {} });
  symlinkSync('../real/a.proto', join(folder, 'api/a.proto'));
  symlinkSync('../api', join(folder, 'api/again'));
  symlinkSync('nowhere', join(folder, 'api/dangling.proto'));
  t.strictSame(await load(t, folder, ['api']), { api: ['a.proto'] });
});

test('what is wrong is told with its path, and what to do', async (t) => {
  const folder = t.testdir({
    empty: {},
    'a.txt': '',
    api: { v1: { 'a.proto': proto('import "api/v1/b.proto"; message A { B b = 1; }'), 'b.proto': proto('message B {}') } },
    one: { 'a.proto': proto('message One {}') },
    two: { 'a.proto': proto('message Two {}') },
    'up.proto': proto('import "../up.proto";'),
    'bad.proto': proto('message M {'),
  });
  const cases: readonly (readonly [string, string[], string[], string[]])[] = [
    ['a path that does not exist', ['nope'], [], ['nope: does not exist; name a .proto file or a folder of them']],
    [
      'a part of the path that is a file',
      ['a.txt/b'],
      [],
      ['a.txt/b: does not exist: a part of the path is not a folder; name a .proto file or a folder of them'],
    ],
    ['a folder without protos', ['empty'], [], ['empty: has no .proto file in it; is it the right folder?']],
    [
      'two files of one import name',
      ['one', 'two'],
      [],
      ['two/a.proto: and one/a.proto are both imported as a.proto and differ; give a folder above them with -I'],
    ],
    [
      'an import relative to a folder above',
      ['api/v1/a.proto'],
      [],
      [
        'a.proto:2:1: api/v1/b.proto: this import is not found (searched: api/v1, and the built-in protos); api/v1/b.proto seems to be meant: add -I DIR',
      ],
    ],
    [
      'an import that leads up',
      ['up.proto'],
      [],
      [
        'up.proto:2:1: ../up.proto: this import is not found (searched: DIR, and the built-in protos); add the folder it is relative to with -I',
      ],
    ],
    ['an import path that does not exist', ['one'], ['nope'], ['nope: is no folder, so no import can be found there']],
    ['a fault in a file', ['bad.proto'], [], ['bad.proto:2:12: expected "}" at the end of message M, found the end of the file']],
    [
      'several faults',
      ['nope', 'empty'],
      [],
      ['nope: does not exist; name a .proto file or a folder of them', 'empty: has no .proto file in it; is it the right folder?'],
    ],
  ];
  for (const [title, protos, importPaths, expected] of cases) t.strictSame(await load(t, folder, protos, importPaths), expected, title);
});

test('text that is not UTF-8 is read with a warning', async (t) => {
  const folder = t.testdir({ 'a.proto': Buffer.from('syntax = "proto3";\n// Gr\xf6\xdfe\nmessage A {}\n', 'latin1') });
  const result = await loadProtos([join(folder, 'a.proto')], []);
  t.equal(result.ok && result.value.length, 1);
  const [warning] = result.ok ? result.warnings : [];
  t.strictSame(
    [warning?.severity, warning?.line, warning?.reason],
    ['warning', 2, 'is not UTF-8; what cannot be decoded is replaced by U+FFFD, so save the file as UTF-8'],
  );
});

test('what is binary is refused in one line', async (t) => {
  const folder = t.testdir({ 'set.binpb': set('message A {}'), 'zeros.proto': Buffer.alloc(100) });
  const reason = 'is binary, not .proto source; a FileDescriptorSet is given with --descriptor-set (sources.descriptorSets)';
  t.strictSame(await load(t, folder, ['set.binpb', 'zeros.proto']), [`set.binpb: ${reason}`, `zeros.proto: ${reason}`]);
});

test('what could be binary and is not is read: a first field by its length, UTF-16', async (t) => {
  const folder = t.testdir({
    'lines.proto': `\n ${'\npackage a.b.c.d.e.f;'.padEnd(31)}\n`,
    'wide.proto': Buffer.from('\ufeffsyntax', 'utf16le'),
  });
  t.strictSame(await load(t, folder, ['lines.proto']), { 'lines.proto': ['lines.proto'] });
  const [problem] = (await load(t, folder, ['wide.proto'])) as string[];
  t.match(problem, /^wide\.proto:1: is not UTF-8; /);
});

test('a .proto file of more than 16 MiB is refused', async (t) => {
  const folder = t.testdir({ 'a.proto': ' '.repeat(16 * 2 ** 20 + 1) });
  t.strictSame(await load(t, folder, ['a.proto']), ['a.proto: has 16777217 bytes; the limit for a .proto file is 16777216']);
});

test('paths relative to the working directory stay as they are given', async (t) => {
  const folder = relative(process.cwd(), t.testdir({ 'a.proto': proto('message A {}') }));
  const result = await loadProtos([folder], []);
  t.strictSame(result.ok && result.value.map(({ origin }) => origin), [folder]);
});

test('the version of a source follows its content', async (t) => {
  const version = async (body: string) => {
    const result = await loadProtos([join(t.testdir({ 'a.proto': proto(body) }), 'a.proto')], []);
    return result.ok ? result.value[0]?.version : undefined;
  };
  const first = await version('message A {}');
  t.match(first, /^[0-9a-f]{16}$/);
  t.equal(await version('message A {}'), first);
  t.not(await version('message B {}'), first);
});
