import { test } from 'tap';
import { selects } from '../../../annotations/selector.js';
import type { Homes } from '../../../gateway/api/homes.js';
import { resolvePolicies, timeLimit } from '../../../gateway/api/policy.js';
import type { MethodType } from '../../../proto/schema.js';

const methodOf = (name: string, ...offeredBy: string[]) => ({ name, service: { offeredBy } as object }) as MethodType;
const methods = ['a.v1.S.Get', 'a.v1.S.List', 'a.v1.T.Get', 'b.S.Get'].map((name) => methodOf(name));
const nowhere: Homes = () => [];
const policyOf = (name: string, rules: Parameters<typeof resolvePolicies>[0]) => {
  const method = methods.find((m) => m.name === name);
  if (method === undefined) throw new Error(name);
  return resolvePolicies(rules, methods, nowhere).policies.of(method);
};

for (const [selector, method, covered] of [
  ['*', 'a.v1.S.Get', true],
  ['a.*', 'a.v1.S.Get', true],
  ['a.v1.S.*', 'a.v1.S.Get', true],
  ['a.v1.S.Get', 'a.v1.S.Get', true],
  ['a.v1.S', 'a.v1.S.Get', false],
  ['a.v1.S.G', 'a.v1.S.Get', false],
  ['a.v1.S.G*', 'a.v1.S.Get', false],
  ['a.v1.*', 'a.v10.S.Get', false],
] as const) {
  test(`${selector} ${covered ? 'selects' : 'does not select'} ${method}`, async (t) => t.equal(selects(selector, method), covered));
}

test('defaults hold where no rule says otherwise', async (t) => {
  t.match(policyOf('b.S.Get', []), {
    unknown: 'error',
    deadlineMs: 60_000,
    maxBody: 1_048_576,
    maxReply: 16_777_216,
    errors: 'status',
    expose: true,
    upstream: 'default',
  });
});

test('the most specific selector wins, setting by setting, whatever the order', async (t) => {
  const rules = [
    { select: 'a.v1.S.Get', maxBody: 1 },
    { select: '*', maxBody: 4, maxReply: 4, errors: 'google' as const },
    { select: 'a.*', maxBody: 3, maxReply: 3 },
    { select: 'a.v1.S.*', maxBody: 2 },
  ];
  t.match(policyOf('a.v1.S.Get', rules), { maxBody: 1, maxReply: 3, errors: 'google' });
  t.match(policyOf('a.v1.S.List', rules), { maxBody: 2, maxReply: 3 });
  t.match(policyOf('a.v1.T.Get', rules), { maxBody: 3, maxReply: 3 });
  t.match(policyOf('b.S.Get', rules), { maxBody: 4, maxReply: 4 });
});

test('of two equal selectors the later one wins', async (t) => {
  t.equal(
    policyOf('b.S.Get', [
      { select: 'b.*', maxBody: 1 },
      { select: 'b.*', maxBody: 2 },
    ]).maxBody,
    2,
  );
});

test('a stream has a deadline only where a rule sets one for streams', async (t) => {
  const unary = { clientStream: false, serverStream: false };
  const rows: readonly (readonly [settings: object, unary: number, stream: number])[] = [
    [{}, 60_000, Number.POSITIVE_INFINITY],
    [{ deadlineMs: 5 }, 5, Number.POSITIVE_INFINITY],
    [{ streamDeadlineMs: 7 }, 60_000, 7],
    [{ deadlineMs: 5, streamDeadlineMs: 7 }, 5, 7],
  ];
  for (const [settings, ofCall, ofStream] of rows) {
    const policy = policyOf('b.S.Get', [{ select: '*', ...settings }]);
    t.equal(timeLimit(unary, policy), ofCall);
    t.equal(timeLimit({ ...unary, serverStream: true }, policy), ofStream);
    t.equal(timeLimit({ ...unary, clientStream: true }, policy), ofStream);
  }
});

test('methods under the same rules share one frozen policy', async (t) => {
  const { policies } = resolvePolicies([{ select: 'a.*', maxBody: 1 }], methods, nowhere);
  const [first, second] = methods.map((m) => policies.of(m));
  t.equal(first, second);
  t.ok(Object.isFrozen(first));
});

test('a selector that selects nothing is warned of', async (t) => {
  t.strictSame(resolvePolicies([{ select: 'c.*' }], methods, nowhere).warnings, [
    { severity: 'warning', subject: 'policy "c.*"', reason: 'selects no method of the loaded services' },
  ]);
});

test('a service goes to the upstream that offers it, unless a rule says otherwise', async (t) => {
  const offered = [methodOf('a.S.Get', 'books'), methodOf('a.T.Get', 'shelves', 'books'), methodOf('b.S.Get')];
  const upstreams = (rules: Parameters<typeof resolvePolicies>[0]) => {
    const { policies } = resolvePolicies(rules, offered, ({ offeredBy }) => offeredBy);
    return offered.map((method) => [policies.of(method).upstream, policies.contested(method)]);
  };
  t.strictSame(upstreams([{ select: '*', maxBody: 1 }]), [
    ['books', []],
    ['shelves', ['shelves', 'books']],
    ['default', []],
  ]);
  t.strictSame(upstreams([{ select: 'a.*', upstream: 'other' }]), [
    ['other', []],
    ['other', []],
    ['default', []],
  ]);
});
