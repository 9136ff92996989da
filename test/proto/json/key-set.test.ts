import t from 'tap';
import { KeySet } from '../../../proto/json/key-set.js';

function added(set: KeySet, keys: readonly string[]): boolean[] {
  const bytes = Buffer.from(keys.join(''));
  let at = 0;
  return keys.map((key) => {
    const start = at;
    at += Buffer.byteLength(key);
    return set.add(bytes, start, at);
  });
}

t.test('a key that came before is told', (t) => {
  const set = new KeySet();
  t.same(added(set, ['a', 'b', '', 'ab', 'a', '', 'ba']), [true, true, true, true, false, false, true]);
  set.clear();
  t.same(added(set, ['a', 'a']), [true, false]);
  t.end();
});

t.test('thousands of keys are told apart, and their memory is given back', (t) => {
  const set = new KeySet();
  const keys = Array.from({ length: 20_000 }, (_, i) => `key-${i % 15_000}`);
  const results = added(set, keys);
  t.equal(results.slice(0, 15_000).every(Boolean), true);
  t.equal(results.slice(15_000).some(Boolean), false);
  set.release();
  t.same(added(set, ['key-1', 'key-1']), [true, false]);
  t.end();
});
