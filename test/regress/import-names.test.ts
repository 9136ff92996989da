import { join } from 'node:path';
import { test } from 'tap';
import { loadSources } from '../../gateway/sources/load.js';
import { link } from '../../proto/link.js';
import { printProblem } from '../../proto/problem.js';

const proto = (name: string, body: string) => `syntax = "proto3"; package ${name};\n${body}`;
const many = (count: number) => Array.from({ length: count }, (_, i) => `message M${i} { string id = 1; }`).join('\n');

/** Services of all that was named, and what was said of it; the folder is FOLDER there. */
async function load(folder: string, protos: readonly string[], importPaths: readonly string[] = []) {
  const at = (path: string) => join(folder, path);
  const loaded = await loadSources({ protos: protos.map(at), importPaths: importPaths.map(at), descriptorSets: [] });
  const linked = loaded.ok ? link(loaded.value) : loaded;
  const problems = [...(loaded.ok ? loaded.warnings : []), ...(linked.ok ? linked.warnings : linked.problems)];
  return { ok: linked.ok, said: problems.map((problem) => printProblem(problem).replaceAll(folder, 'FOLDER')) };
}

test('a file of two import names is one, and the missing -I is told once', async (t) => {
  const folder = t.testdir({
    'books.proto': proto('books', 'import "foo/a.proto"; import "foo/b.proto"; message Book { foo.a.M1 a = 1; foo.b.M1 b = 2; }'),
    third: { foo: { 'a.proto': proto('foo.a', `import "foo/b.proto"; ${many(300)}`), 'b.proto': proto('foo.b', many(300)) } },
  });
  t.strictSame(await load(folder, ['.']), {
    ok: true,
    said: [
      'foo/a.proto: is taken for FOLDER/third/foo/a.proto, and 1 more like it; add -I FOLDER/third, so that each file has one import name',
    ],
  });
  t.strictSame(await load(folder, ['.'], ['third']), { ok: true, said: [] }, 'and that helps');
  t.strictSame((await load(folder, ['.', 'third'])).said.length, 1, 'named by both');
  t.strictSame(
    await load(folder, ['.'], ['.', 'third']),
    {
      ok: true,
      said: [
        'foo/a.proto: is taken for FOLDER/third/foo/a.proto, and 1 more like it; add -I FOLDER/third, so that each file has one import name',
      ],
    },
    'and found by both',
  );
});

test('a folder above that imports begin at is guessed from their paths', async (t) => {
  const folder = t.testdir({
    bookstore: {
      v1: {
        'books.proto': proto('bookstore.v1', 'import "bookstore/v1/shelf.proto"; message Book { Shelf shelf = 1; }'),
        'shelf.proto': proto('bookstore.v1', 'message Shelf {}'),
      },
    },
  });
  const said = (more: string) => [
    `bookstore/v1/shelf.proto: is taken for FOLDER/bookstore/v1/shelf.proto; add -I ${more}, so that each file has one import name`,
  ];
  t.strictSame(await load(folder, ['bookstore']), { ok: true, said: said('FOLDER') });
  t.strictSame(await load(folder, ['bookstore/v1']), { ok: true, said: said('FOLDER') });
  t.strictSame(await load(folder, ['bookstore'], ['.']), { ok: true, said: [] });
});

test('a folder above with a file that nobody named is only advised', async (t) => {
  const folder = t.testdir({
    api: { 'books.proto': proto('books', 'import "common/page.proto"; message Book { common.Page page = 1; }') },
    common: { 'page.proto': proto('common', 'message Page {}') },
  });
  t.strictSame(await load(folder, ['api']), {
    ok: false,
    said: [
      'books.proto:2:1: common/page.proto: this import is not found (searched: FOLDER/api, and the built-in protos); FOLDER/common/page.proto seems to be meant: add -I FOLDER',
    ],
  });
});

test('of paths that are relative the -I is told from the working directory', async (t) => {
  const folder = t.testdir({
    api: {
      'a.proto': proto('a', 'import "api/b.proto"; message A { b.B b = 1; }'),
      'b.proto': proto('b', 'message B {}'),
    },
  });
  const home = process.cwd();
  t.teardown(() => process.chdir(home));
  process.chdir(folder);
  const reasons = async (path: string) => {
    const loaded = await loadSources({ protos: [path], importPaths: [], descriptorSets: [] });
    return loaded.ok && loaded.warnings.map(({ reason }) => reason);
  };
  t.strictSame(await reasons('api'), ['is taken for api/b.proto; add -I ., so that each file has one import name']);
  process.chdir('api');
  t.strictSame(await reasons('.'), ['is taken for b.proto; add -I .., so that each file has one import name']);
});

test('two versions of one file are told of once', async (t) => {
  const folder = t.testdir({
    a: { 'foo.proto': proto('foo', many(40)) },
    b: { 'foo.proto': proto('foo', `${many(41)} message Uses { M0 m = 1; repeated M1 n = 2; }`) },
  });
  t.strictSame(await load(folder, ['.']), {
    ok: false,
    said: [
      'b/foo.proto:2:9: foo.M0: is already defined as a message in a/foo.proto, and so are 79 more names; if they are two versions of one file, load only one of them',
    ],
  });
  const nested = t.testdir({ 'foo.proto': proto('foo', many(2)), old: { 'foo.proto': proto('foo', many(3)) } });
  t.strictSame(await load(nested, ['.']), {
    ok: false,
    said: [
      'old/foo.proto:2:9: foo.M0: is already defined as a message in foo.proto, and so are 3 more names; they seem to be one file under two import names: add -I FOLDER/old, so that it has one',
    ],
  });
});

test('files without declarations may be alike', async (t) => {
  t.strictSame(await load(t.testdir({ 'a.proto': 'syntax = "proto3";', 'b.proto': 'syntax = "proto3";' }), ['.']), { ok: true, said: [] });
});
