import { test } from 'tap';
import { partIsGenerated } from './generated.js';
import { limits, namedLikeLimits, others, printLimits } from './limits.js';

test('the table of limits has their values', (t) => {
  partIsGenerated(t, 'SECURITY.md', 'limits', printLimits());
  t.end();
});

test('each limit stands in the table, once', (t) => {
  const listed = Object.values(limits).flatMap((rows) => rows.map(([, at]) => at));
  t.strictSame(listed.toSorted(), [...new Set(listed)].toSorted());
  const known = new Set([...listed, ...others]);
  t.strictSame(
    namedLikeLimits().filter((place) => !known.has(place)),
    [],
    'list it in test/house/limits.ts',
  );
  t.end();
});

test('what is not in the table is still there, and is not in it', (t) => {
  const there = new Set(namedLikeLimits());
  const listed = new Set(Object.values(limits).flatMap((rows) => rows.map(([, at]) => at)));
  t.strictSame(
    [...others].filter((place) => !there.has(place) || listed.has(place)),
    [],
  );
  t.end();
});
