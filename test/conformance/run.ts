/**
 * Runs the official conformance suite against the testee. The suite's runner lies beside the repository (or where CONFORMANCE_SUITE says); where it
 * is not, that is said in one line, and with CI=true in the environment it is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const runner = process.env.CONFORMANCE_SUITE ?? resolve('../shared/tools/conformance/run.sh');

if (existsSync(runner)) {
  const { status } = spawnSync(runner, ['node dist/test/conformance/testee.js'], { stdio: 'inherit' });
  process.exitCode = status ?? 2;
} else {
  console.log(`conformance: skipped, there is no suite at ${runner}`);
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
}
