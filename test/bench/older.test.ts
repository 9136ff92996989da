import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { olderName, olderProgram } from '../../bench/gateway/older.js';
import { findTargets } from '../../bench/gateway/targets.js';

function folderWith(t: Test, manifest: object): string {
  const folder = t.testdir({ 'package.json': JSON.stringify({ name: 'protogate', version: '0.0.9', ...manifest }) });
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/cli.js'), '');
  return folder;
}

for (const bin of ['dist/cli.js', { protogate: 'dist/cli.js' }]) {
  t.test(`the command line of an older commit is what its package.json says: ${JSON.stringify(bin)}`, async (t) => {
    const folder = folderWith(t, { bin });
    t.strictSame(olderProgram(folder), { suffix: ', older', version: '0.0.9', cli: join(folder, 'dist/cli.js') });
  });
}

t.test('an older commit that cannot be started is refused with the reason', async (t) => {
  const empty = t.testdir();
  t.equal(olderProgram(empty), `--against ${empty}: there is no package.json`);
  const library = folderWith(t, {});
  t.equal(olderProgram(library), `--against ${library}: its package.json names no command line`);
  const notBuilt = folderWith(t, { bin: { protogate: 'dist/main.js' } });
  t.equal(olderProgram(notBuilt), `--against ${notBuilt}: dist/main.js is not there; build it first`);
});

t.test('an older commit stands beside this one by each asked lane, with its own command line and configuration', async (t) => {
  const folder = folderWith(t, { bin: 'dist/cli.js' });
  const older = olderProgram(folder);
  if (typeof older === 'string') throw new Error(older);
  const [now, then, ...others] = findTargets((name) => name === 'protogate h2', false, older);
  t.equal(now?.name, 'protogate h2');
  t.equal(then?.name, olderName('protogate h2'));
  t.equal(then?.version, '0.0.9');
  t.same(others, []);
  const [of, file] = [now, then].map((target, i) => target?.command({ port: 9000 + i, backendPort: 1, folder }).args.at(-1));
  t.not(of, file);
  t.equal(then?.command({ port: 9001, backendPort: 1, folder }).args[0], join(folder, 'dist/cli.js'));
});
