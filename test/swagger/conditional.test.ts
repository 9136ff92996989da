import t from 'tap';
import { matchesEtag, relativePath } from '../../swagger/conditional.js';

const tags: readonly [name: string, header: string | undefined, expected: boolean][] = [
  ['no header matches nothing', undefined, false],
  ['the same tag matches', '"a"', true],
  ['another tag does not', '"b"', false],
  ['a weak tag matches the strong one', 'W/"a"', true],
  ['one of a list matches', '"b", "a"', true],
  ['a list without spaces matches', '"b","a"', true],
  ['a comma inside of a tag does not end it', '"b,"a""', false],
  ['the star matches', ' * ', true],
  ['a tag without quotes is none', 'a', false],
];

t.test('If-None-Match', async (t) => {
  for (const [name, header, expected] of tags) t.equal(matchesEtag(header, '"a"'), expected, name);
});

const paths: readonly [from: string, to: string, expected: string][] = [
  ['/swagger-ui/', '/openapi.json', '../openapi.json'],
  ['/docs/ui/', '/openapi.json', '../../openapi.json'],
  ['/docs/ui/', '/docs/openapi.json', '../openapi.json'],
  ['/docs/', '/docs/openapi.json', './openapi.json'],
  ['/docs/', '/docs/v1/openapi.json', './v1/openapi.json'],
  ['/', '/a:b', './a:b'],
  ['/docs/', '/docs/', './'],
  ['/docs/', '/docs', '../docs'],
];

t.test('relative paths resolve to what they stand for', async (t) => {
  for (const [from, to, expected] of paths) {
    t.equal(relativePath(from, to), expected, `${from} ${to}`);
    t.equal(new URL(expected, `http://host/prefix${from}`).pathname, `/prefix${to}`);
  }
});
