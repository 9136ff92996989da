import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { loadSources } from '../../gateway/sources/load.js';
import { link } from '../../proto/link.js';
import { printProblem } from '../../proto/problem.js';

const books = (imports: string) => `syntax = "proto3";
package books;
${imports}
service Books { rpc Get(Book) returns (Book) { option (google.api.http) = { get: "/v1/books/{id}" }; } }
message Book { string id = 1; }
`;
const annotations = books('import "google/api/annotations.proto";');

/** Services of all that a folder brings, whether their rules are there, and what was said; the folder is FOLDER there. */
async function load(folder: string, protos: readonly string[] = ['.'], importPaths: readonly string[] = []) {
  const at = (path: string) => join(folder, path);
  const loaded = await loadSources({ protos: protos.map(at), importPaths: importPaths.map(at), descriptorSets: [] });
  const linked = loaded.ok ? link(loaded.value) : loaded;
  const problems = [...(loaded.ok ? loaded.warnings : []), ...(linked.ok ? linked.warnings : linked.problems)];
  const said = problems.map((problem) => printProblem(problem).replaceAll(folder, 'FOLDER'));
  if (!linked.ok) return { said };
  const services = linked.value.methods.map(({ name, options }) => `${name}${Buffer.from(options).includes('/v1/') ? ' by rule' : ''}`);
  return { services, said };
}

/** A folder with the official protos below `copies`, and more. */
function lay(t: Test, copies: string, files: Readonly<Record<string, string>>): string {
  const folder = t.testdir(files);
  mkdirSync(join(folder, copies), { recursive: true });
  cpSync('proto/google', join(folder, copies, 'google'), { recursive: true });
  return folder;
}

const served = { services: ['books.Books.Get by rule'], said: [] };

test('copies of official protos somewhere below a folder are the official ones', async (t) => {
  const folder = lay(t, 'third_party', { 'books.proto': annotations });
  t.strictSame(await load(folder), served);
  t.strictSame(await load(folder, ['.', 'third_party'], ['.']), served, 'named twice, and by other names');
});

test('copies of any version are the official ones, and count as they are', async (t) => {
  const http = readFileSync('proto/google/api/http.proto', 'utf8');
  const older = http.replace(/\n {2}\/\/[^\n]*/g, '').replace('message Http {', 'message Http {\n  string only_here = 99;');
  const folder = t.testdir({ 'books.proto': annotations, vendor: { googleapis: { google: { api: { 'http.proto': older } } } } });
  const loaded = await loadSources({ protos: [folder], importPaths: [], descriptorSets: [] });
  const linked = link(loaded.ok ? loaded.value : []);
  t.equal(linked.ok && linked.value.message('google.api.Http')?.field('only_here')?.number, 99);
});

test('a copy in no folder of its own is told by its package and name', async (t) => {
  const read = (name: string) => readFileSync(`proto/google/api/${name}`, 'utf8');
  const files = { 'annotations.proto': read('annotations.proto'), 'http.proto': read('http.proto') };
  t.strictSame(await load(t.testdir({ ...files, 'books.proto': annotations })), served);
  const flat = { ...files, 'books.proto': books('import "annotations.proto";') };
  t.strictSame(await load(t.testdir(flat)), served, 'imported by that name');
  t.strictSame(
    await load(t.testdir({ protos: files, 'books.proto': flat['books.proto'] }), ['books.proto'], ['protos']),
    served,
    'or with -I',
  );
});

test('an import whose path ends in an official one is that, wherever it is not found', async (t) => {
  const path = 'github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis/google/api/annotations.proto';
  t.strictSame(await load(t.testdir({ 'books.proto': books(`import "${path}";`) })), served);
});

test('a file that only has the name of an official one is itself', async (t) => {
  const http = 'syntax = "proto3"; package own; message Http { string id = 1; }';
  const folder = t.testdir({
    'http.proto': http,
    'books.proto': books('import "google/api/annotations.proto"; import "http.proto"; message Uses { own.Http http = 1; }'),
  });
  t.strictSame(await load(folder), served);
});

test('services of copies are not served, those of a copy in its official place are', async (t) => {
  const folder = lay(t, 'third_party', {
    'books.proto': books('import "google/api/annotations.proto"; import "google/longrunning/operations.proto";'),
  });
  t.strictSame((await load(folder)).services, served.services);
  t.strictSame((await load(folder, ['third_party', 'books.proto'])).services?.length, 6);
});
