import t from 'tap';
import { skipUnless } from './require.js';

function verdict(available: boolean, all: string | undefined): unknown[] {
  const said: unknown[] = [];
  const before = process.env.PROTOGATE_REQUIRE_ALL;
  if (all === undefined) delete process.env.PROTOGATE_REQUIRE_ALL;
  else process.env.PROTOGATE_REQUIRE_ALL = all;
  const recorder = {
    pass: (...args: unknown[]) => said.push('pass', ...args) > 0,
    fail: (...args: unknown[]) => said.push('fail', ...args) > 0,
  };
  said.unshift(skipUnless(recorder, available, 'a kettle'));
  if (before === undefined) delete process.env.PROTOGATE_REQUIRE_ALL;
  else process.env.PROTOGATE_REQUIRE_ALL = before;
  return said;
}

t.test('what is available is used without a word', async (t) => {
  t.same(verdict(true, undefined), [true]);
  t.same(verdict(true, '1'), [true]);
});

t.test('what is missing skips the test', async (t) => {
  t.same(verdict(false, undefined), [false, 'pass', 'a kettle', { skip: 'not available on this machine' }]);
});

t.test('what is missing fails a run that must be complete', async (t) => {
  t.same(verdict(false, '1'), [false, 'fail', 'missing: a kettle']);
});
