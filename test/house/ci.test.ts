import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { test } from 'tap';
import { blocksOf } from './markdown.js';

test("a complete run is the README's test command, with nothing left out", (t) => {
  const script = readFileSync('.ci/run', 'utf8');
  const [, command = ''] = blocksOf(readFileSync('README.md', 'utf8'), 'sh');
  t.equal(command, 'npm ci && npm test\n');
  t.match(script, `bash -c '${command.trim()}'`);
  t.match(script, /^export PROTOGATE_REQUIRE_ALL=1$/m);
  t.match(script, /^set -euo pipefail$/m);
  accessSync('.ci/run', constants.X_OK);
  execFileSync('bash', ['-n', '.ci/run']);
  t.end();
});
