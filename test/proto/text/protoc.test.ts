import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { readFileDescriptor } from '../../../proto/descriptor/read.js';
import { printProblem } from '../../../proto/problem.js';
import { ROOT, runOurs, runProtoc, VENDORED } from './oracle.js';
import * as refused from './refused-cases.js';

/** Names of all proto files below a folder, relative to `root`. */
function protosBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .map((name) => join(folder, name))
    .sort();
}

/** Every file, and every file imported, comes out byte for byte as protoc writes it. */
function sameAsProtoc(t: Test, roots: readonly string[], names: readonly string[]): void {
  const theirs = runProtoc(roots, names);
  const ours = runOurs(roots, names);
  if (!theirs.ok || !ours.ok) {
    t.fail('refused', { protoc: theirs.ok ? '' : theirs.said, ours: ours.ok ? [] : ours.problems.map(printProblem) });
    return;
  }
  t.strictSame(ours.value.map(({ name }) => name).sort(), [...theirs.files.keys()].sort(), 'the same files');
  for (const { name, bytes } of ours.value) {
    const expected = theirs.files.get(name);
    if (expected === undefined || Buffer.compare(bytes, expected) === 0) continue;
    t.strictSame(readFileDescriptor(bytes), readFileDescriptor(expected), name);
  }
}

test('the official protos come out as protoc writes them', async (t) => {
  sameAsProtoc(t, [VENDORED], protosBelow(VENDORED, 'google'));
});

test('files with all constructs of the language come out as protoc writes them', async (t) => {
  const folder = join(ROOT, 'test/proto/text/protos');
  for (const name of readdirSync(folder).sort()) sameAsProtoc(t, [folder, VENDORED], [name]);
});

test('what we refuse, protoc refuses', async (t) => {
  const folder = t.testdir({});
  for (const [what, source] of Object.values(refused).flat()) {
    writeFileSync(join(folder, 'test.proto'), source);
    t.equal(runProtoc([folder, VENDORED], ['test.proto']).ok, false, what);
  }
});
