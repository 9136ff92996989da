import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT, runProtoc, VENDORED } from './oracle.js';
import * as refused from './refused-cases.js';
import { sameAsProtoc } from './same-as-protoc.js';

test('the official protos come out as protoc writes them', async (t) => {
  const names = readdirSync(join(VENDORED, 'google'), { recursive: true, encoding: 'utf8' });
  sameAsProtoc(
    t,
    [VENDORED],
    names.filter((name) => name.endsWith('.proto')).map((name) => `google/${name}`),
  );
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
