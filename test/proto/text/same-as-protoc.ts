import type { Test } from 'tap';
import { readFileDescriptor } from '../../../proto/descriptor/read.js';
import { printProblem } from '../../../proto/problem.js';
import { runOurs, runProtoc } from './oracle.js';

/** Every file, and every file imported, comes out byte for byte as protoc writes it. */
export function sameAsProtoc(t: Test, roots: readonly string[], names: readonly string[]): void {
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
