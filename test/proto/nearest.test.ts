import { test } from 'tap';
import { nearest } from '../../proto/nearest.js';

test('the nearest word is the one with the fewest letters changed, if they are few', (t) => {
  const known = ['listen', 'sources', 'policies', 'log'];
  const rows = [
    ['listem', 'listen'],
    ['Sources', 'sources'],
    ['source', 'sources'],
    ['policy', 'policies'],
    ['logs', 'log'],
    ['lgo', 'log'],
    ['lock', undefined],
    ['port', undefined],
    ['xyz', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ] as const;
  for (const [word, expected] of rows) t.equal(nearest(word, known), expected, word.slice(0, 10));
  t.equal(nearest('policy', known, 3), undefined);
  t.equal(nearest('suorce', known, 3), 'sources');
  t.end();
});
