import { spawnSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'tap';
import { loadDescriptorSet } from '../../../gateway/sources/descriptor-set.js';
import { loadSources } from '../../../gateway/sources/load.js';
import { link } from '../../../proto/link.js';
import { printProblem } from '../../../proto/problem.js';
import { WireWriter } from '../../../proto/wire/writer.js';
import { compileProtos } from '../../support/schema.js';

const files = compileProtos({ 'a.proto': 'syntax = "proto3"; package p; message M { int32 a = 1; } service S { rpc Do(M) returns (M); }' });

function setOf(descriptors: readonly Uint8Array[]): Uint8Array {
  const out = new WireWriter();
  for (const bytes of descriptors) out.bytesField(1, bytes);
  return out.finish();
}

test('a descriptor set is one source, whose files are those of the set', async (t) => {
  const path = join(t.testdir({ 'a.binpb': Buffer.from(setOf(files)) }), 'a.binpb');
  const result = await loadDescriptorSet(path);
  t.ok(result.ok);
  t.equal(result.ok && result.value.origin, path);
  t.strictSame(
    result.ok && result.value.files.map((bytes) => Buffer.from(bytes)),
    files.map((bytes) => Buffer.from(bytes)),
  );
  const linked = link(await loadSources({ protos: [], importPaths: [], descriptorSets: [path] }).then((r) => (r.ok ? r.value : [])));
  t.strictSame(linked.ok && linked.value.methods.map(({ name }) => name), ['p.S.Do']);
});

test('extensions of the set, as buf writes them, are passed over', async (t) => {
  const path = join(
    t.testdir({ 'a.binpb': Buffer.concat([setOf(files), new WireWriter().bytesField(536_000_000, 'x').finish()]) }),
    'a.binpb',
  );
  const result = await loadDescriptorSet(path);
  t.equal(result.ok && result.value.files.length, 1);
});

test('a set whose first file is as long as the code of a brace is no text', async (t) => {
  for (const length of [0x3c, 0x5b, 0x7b]) {
    const file = new WireWriter().bytesField(1, 'a'.repeat(length - 2)).finish();
    t.equal(file.length, length);
    const path = join(t.testdir({ 'a.binpb': Buffer.from(setOf([file])) }), 'a.binpb');
    t.equal((await loadDescriptorSet(path)).ok, true);
  }
});

test('what is no descriptor set is refused with what it is', async (t) => {
  const advice = 'make one with: protoc --include_imports --include_source_info -o FILE, or: buf build -o FILE.binpb';
  const set = setOf(files);
  const cases: readonly (readonly [string, Uint8Array | string, string])[] = [
    ['an empty file', '', `is empty; ${advice}`],
    ['one file without a set around it', files[0] ?? '', `is one FileDescriptorProto, not a FileDescriptorSet; ${advice}`],
    ['proto source', 'syntax = "proto3";', `is text, not a binary FileDescriptorSet; ${advice}`],
    ['JSON', '{"file": []}', `is text, not a binary FileDescriptorSet; ${advice}`],
    ['text format', 'file { name: "a.proto" }', `is text, not a binary FileDescriptorSet; ${advice}`],
    ['source of another language', '"""The greeter."""\n\nimport grpc\n', `is text, not a binary FileDescriptorSet; ${advice}`],
    ['a page', '# Größe\n\nText.\n', `is text, not a binary FileDescriptorSet; ${advice}`],
    ['a web page', '\n<!doctype html>\n', `is text, not a binary FileDescriptorSet; ${advice}`],
    ['a program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01, 0x01, 0x00), `is not a FileDescriptorSet; ${advice}`],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), `is not a FileDescriptorSet, or is cut off; ${advice}`],
    ['gzip', gzipSync(set), 'is compressed with gzip; unpack it first'],
    ['a part of a set', set.subarray(0, set.length - 1), `is not a FileDescriptorSet, or is cut off; ${advice}`],
    ['other binary data', Uint8Array.of(0x0a, 0x01, 0x00), `is not a FileDescriptorSet; ${advice}`],
  ];
  for (const [title, content, reason] of cases) {
    const path = join(t.testdir({ 'a.binpb': typeof content === 'string' ? content : Buffer.from(content) }), 'a.binpb');
    const result = await loadDescriptorSet(path);
    t.strictSame(result.ok ? [] : result.problems.map(printProblem), [`${path}: ${reason}`], title);
  }
});

test('a path that cannot be read is named', async (t) => {
  const folder = t.testdir({});
  for (const [path, reason] of [
    ['nope.binpb', 'does not exist'],
    ['', 'is not a file; a descriptor set is one binary file, folders of .proto files go with --proto'],
  ] as const) {
    const result = await loadDescriptorSet(join(folder, path));
    t.strictSame(result.ok ? [] : result.problems.map(printProblem), [`${join(folder, path)}: ${reason}`]);
  }
});

test('a set of more than 256 MiB is refused unread', async (t) => {
  const path = join(t.testdir({ 'a.binpb': '' }), 'a.binpb');
  writeFileSync(path, '');
  truncateSync(path, 256 * 2 ** 20 + 1);
  const result = await loadDescriptorSet(path);
  t.strictSame(result.ok ? [] : result.problems.map(({ reason }) => reason), ['has 268435457 bytes; the limit is 268435456']);
});

test('a pipe is refused, not waited for', async (t) => {
  const path = join(t.testdir({}), 'pipe');
  if (spawnSync('mkfifo', [path]).status !== 0) return t.pass('no pipes on this system');
  const result = await loadDescriptorSet(path);
  return t.match(result.ok ? [] : result.problems, [{ reason: /^is not a file/ }]);
});
