import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { readFileDescriptor } from '../../../proto/descriptor/read.js';
import { printProblem } from '../../../proto/problem.js';
import { ROOT, runOurs, runProtoc, VENDORED } from './oracle.js';
import { mutated, randomNumbers, withRandomTrivia } from './random-source.js';

/** `PROTOGATE_RANDOM_RUNS=5000` for a longer run. */
const RUNS = Number(process.env.PROTOGATE_RANDOM_RUNS ?? 60);
const PROTOS = join(ROOT, 'test/proto/text/protos');

for (const [title, create] of [
  ['with comments anywhere', withRandomTrivia],
  ['with a token changed', mutated],
] as const) {
  test(`a file ${title} is taken or refused as by protoc, and comes out the same`, async (t) => {
    const folder = t.testdir({});
    const roots = [folder, PROTOS, VENDORED];
    for (let seed = 1; seed <= RUNS; seed++) {
      const source = create(randomNumbers(seed));
      writeFileSync(join(folder, 'test.proto'), source);
      const theirs = runProtoc(roots, ['test.proto']);
      const ours = runOurs(roots, ['test.proto']);
      const about = { seed, source, protoc: theirs.ok ? '' : theirs.said, ours: ours.ok ? [] : ours.problems.map(printProblem) };
      if (theirs.ok !== ours.ok) t.fail('taken by one only', about);
      if (!theirs.ok || !ours.ok) continue;
      const bytes = ours.value.find(({ name }) => name === 'test.proto')?.bytes ?? new Uint8Array();
      const expected = theirs.files.get('test.proto') ?? new Uint8Array();
      if (Buffer.compare(bytes, expected) !== 0) t.strictSame(readFileDescriptor(bytes), readFileDescriptor(expected), about);
    }
    t.pass(`${RUNS} files`);
  });
}
