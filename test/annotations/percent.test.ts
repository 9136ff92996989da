import { test } from 'tap';
import { decodeCapture, normalizeSegment } from '../../annotations/percent.js';

test('decoding of captures', async (t) => {
  const rows: readonly (readonly [text: string, single: string, multi: string])[] = [
    ['', '', ''],
    ['plain', 'plain', 'plain'],
    ['a%20b', 'a b', 'a b'],
    ['a%2Fb%2fc', 'a/b/c', 'a%2Fb%2fc'],
    ['%252F', '%2F', '%2F'],
    ['%2F', '/', '%2F'],
    ['a+b', 'a+b', 'a+b'],
    ['%F0%9F%98%80', '😀', '😀'],
  ];
  for (const [text, single, multi] of rows) {
    t.equal(decodeCapture(text, false), single, text);
    t.equal(decodeCapture(text, true), multi, text);
  }
});

test('what is not percent-encoded UTF-8 is refused', async (t) => {
  for (const text of ['%', '%a', '%g0', '%80', '%C3', '%C3%28', '%ED%A0%80', '%F5%80%80%80', '%00', 'a%2F%00', ' ', '\t', 'é', '\u007f']) {
    t.throws(() => decodeCapture(text, false), { name: 'PercentError' }, text);
    t.throws(() => decodeCapture(text, true), { name: 'PercentError' }, text);
  }
});

test('only the case of hex digits is normalized', async (t) => {
  t.equal(normalizeSegment('Ab%c3%A9%2f%zz'), 'Ab%C3%A9%2F%zz');
});
