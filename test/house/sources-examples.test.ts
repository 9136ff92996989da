import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { type Test, test } from 'tap';
import { WireWriter } from '../../proto/wire/writer.js';
import { childOf } from '../gateway/cli/child.js';
import { honest, serveReflection } from '../gateway/sources/reflection/server.js';
import { serveWeb } from '../gateway/sources/web.js';
import { compileProtos } from '../support/schema.js';
import { tlsFiles } from '../support/tls.js';
import { blocksOf, indentedBlocksOf } from './markdown.js';

const manual = readFileSync('docs/sources.md', 'utf8');
const blocks = indentedBlocksOf(manual);

const books = `syntax = "proto3"; package bookstore.v1; import "bookstore/v1/shelf.proto"; import "google/api/annotations.proto";
  service Books { rpc Get(Book) returns (Book) { option (google.api.http) = { get: "/v1/books/{name}" }; } }
  message Book { string name = 1; Shelf shelf = 2; }`;
const shelf = 'syntax = "proto3"; package bookstore.v1; message Shelf {}';
const api = books.replace('import "bookstore/v1/shelf.proto";', '').replace(' Shelf shelf = 2;', '');
const shelves = api.replaceAll('bookstore', 'shelves').replace('/v1/books/', '/v1/shelves/');

const helloworld = `syntax = "proto3"; package helloworld;
  service Greeter { rpc SayHello(Request) returns (Reply); rpc WatchGreetings(Request) returns (stream Reply); }
  message Request { string name = 1; string filter = 2; }
  message Reply { repeated string greetings = 1; }`;

/** A folder with what the examples name, the programs that they call, and servers at their addresses. */
async function stage(t: Test): Promise<{ readonly folder: string; here(text: string): string }> {
  const folder = t.testdir({
    api: { 'api.proto': api },
    proto: { bookstore: { v1: { 'books.proto': books, 'shelf.proto': shelf } } },
    'helloworld.proto': helloworld,
    'rules.yaml': blocksOf(manual, 'yaml').find((block) => block.startsWith('type: google.api.Service')) ?? '',
    bin: {},
  });
  symlinkSync(resolve('node_modules/google-proto-files'), join(folder, 'googleapis'));
  copyFileSync(join(dirname(tlsFiles[0] ?? ''), 'ca.crt'), join(folder, 'ca.pem'));
  for (const [name, program] of [
    ['protogate', 'dist/gateway/cli/main.js'],
    ['protoc', 'node_modules/protoc/protoc.cjs'],
  ] as const) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\nexec '${process.execPath}' '${resolve(program)}' "$@"\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const plain = await serveReflection(t, honest(compileProtos({ 'api.proto': api }), ['bookstore.v1.Books']));
  const set = new WireWriter();
  for (const file of compileProtos({ 'api.proto': api })) set.bytesField(1, file);
  const bytes = set.finish();
  const web = await serveWeb(t, (_request, response) => response.end(bytes));
  const secure = await serveReflection(t, honest(compileProtos({ 'shelves.proto': shelves }), ['shelves.v1.Books']), { tls: true });
  return {
    folder,
    here: (text) =>
      text
        .replaceAll(/\bhttps:\/\/[\w.]+\.example\.com\b/g, web)
        .replaceAll(/\bgrpcs:\/\/[\w.]+:443\b/g, `grpcs://localhost:${secure.port}`)
        .replaceAll(/\b(localhost|[\w.]+\.internal):50051\b/g, `127.0.0.1:${plain.port}`),
  };
}

interface Example {
  readonly command: string;
  /** The manual says that it does not work. */
  readonly refused: boolean;
}

/** The commands of a block, each without what the manual says of it behind two spaces. */
function examplesIn(block: string): readonly Example[] {
  const lines = block.split('\n').filter((line) => /^(protogate|protoc|buf) /.test(line));
  return lines.map((line) => {
    const [command = '', said = ''] = line.split(/ {2,}/);
    return { command, refused: said.startsWith('does not') };
  });
}

const isConfiguration = (block: string) => /^(sources|upstreams|policies):$/m.test(block);

/** Runs a command line in a folder as a shell does; one that serves does so until it says that. */
async function outcomeOf(t: Test, line: string, folder: string): Promise<number | NodeJS.Signals | null> {
  const serves = /^protogate -/.test(line);
  const env = { ...process.env, NODE_OPTIONS: '', TOKEN: 'x', PATH: join(folder, 'bin') + delimiter + (process.env.PATH ?? '') };
  const child = childOf(
    t,
    spawn('sh', ['-c', `exec ${line}${serves ? ' --port 0' : ''}`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  if (!serves) return (await child.ended).code;
  const served = await child.line(/"msg":"serving"/).then(
    () => true,
    () => false,
  );
  child.process.kill('SIGKILL');
  return served ? 0 : (await child.ended).code;
}

test('the commands of docs/sources.md do what it says', { timeout: 120_000 }, async (t) => {
  const { folder, here } = await stage(t);
  const hasBuf = spawnSync('buf', ['--version']).status === 0;
  const examples = blocks.flatMap(examplesIn);
  t.ok(examples.length >= 10);
  for (const { command, refused } of examples) {
    if (command.startsWith('buf ') && !hasBuf) t.pass(command, { skip: 'buf is not on this machine' });
    else t.equal((await outcomeOf(t, here(command), folder)) !== 0, refused, command);
  }
});

test('the configurations of docs/sources.md are right', { timeout: 120_000 }, async (t) => {
  const { folder, here } = await stage(t);
  const upstream = here('upstreams: {default: {target: "localhost:50051"}}\n');
  for (const block of blocks.filter(isConfiguration)) {
    writeFileSync(join(folder, 'protogate.yaml'), here(block) + (/^upstreams:/m.test(block) ? '' : upstream));
    t.equal(await outcomeOf(t, 'protogate -c protogate.yaml', folder), 0, block);
  }
});
