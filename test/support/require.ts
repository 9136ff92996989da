import type { Test } from 'tap';

/**
 * Whether a test can use something that not every machine has (a browser, a Python package). Where it is missing the test is skipped with one
 * line; with `PROTOGATE_REQUIRE_ALL=1` in the environment it fails instead, so that a complete run cannot pass by leaving things out.
 *
 *     if (!skipUnless(t, chromium !== undefined, 'Chromium')) return;
 *
 * @param what names the missing thing and how to get it
 */
export function skipUnless(t: Pick<Test, 'pass' | 'fail'>, available: boolean, what: string): boolean {
  if (available) return true;
  if (process.env.PROTOGATE_REQUIRE_ALL === '1') t.fail(`missing: ${what}`);
  else t.pass(what, { skip: 'not available on this machine' });
  return false;
}
