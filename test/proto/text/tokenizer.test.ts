import { test } from 'tap';
import type { Token } from '../../../proto/text/token.js';
import { Tokenizer } from '../../../proto/text/tokenizer.js';

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const tokenizer = new Tokenizer(text, (line, column, reason) => {
    throw new Error(`${line}:${column} ${reason}`);
  });
  while (tokenizer.next().type !== 'end') found.push(tokenizer.current);
  return found;
}

const brief = (text: string) => tokens(text).map(({ type, text: own }) => `${type} ${own}`);

test('source is cut into identifiers, numbers, strings and symbols', async (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['message _a1 {}', ['identifier message', 'identifier _a1', 'symbol {', 'symbol }']],
    ['a.b.c', ['identifier a', 'symbol .', 'identifier b', 'symbol .', 'identifier c']],
    ['0 12 017 0xfF', ['integer 0', 'integer 12', 'integer 017', 'integer 0xfF']],
    ['1.5 .5 5. 1e3 1E-3 1.e+3', ['float 1.5', 'float .5', 'float 5.', 'float 1e3', 'float 1E-3', 'float 1.e+3']],
    ['-1', ['symbol -', 'integer 1']],
    [`"a" 'b' "it's" '\\''`, ['string "a"', "string 'b'", `string "it's"`, `string '\\''`]],
    ['a/b', ['identifier a', 'symbol /', 'identifier b']],
    ['a // c\nb /* c */ d', ['identifier a', 'identifier b', 'identifier d']],
    ['"/* no comment */ // none"', ['string "/* no comment */ // none"']],
    ['', []],
    ['\ufeffa', ['identifier a']],
  ];
  for (const [text, expected] of cases) t.strictSame(brief(text), expected, text);
});

test('columns are bytes of UTF-8, tabs go to multiples of eight', async (t) => {
  const cases: readonly (readonly [string, readonly (readonly [number, number, number])[]])[] = [
    [
      'ab cd',
      [
        [0, 0, 2],
        [0, 3, 5],
      ],
    ],
    [
      '\ta\tb',
      [
        [0, 8, 9],
        [0, 16, 17],
      ],
    ],
    [
      '"ü" a',
      [
        [0, 0, 4],
        [0, 5, 6],
      ],
    ],
    ['/* € */ a', [[0, 10, 11]]],
    [
      '"𝄞" a',
      [
        [0, 0, 6],
        [0, 7, 8],
      ],
    ],
    [
      'a\n b\r\n  c',
      [
        [0, 0, 1],
        [1, 1, 2],
        [2, 2, 3],
      ],
    ],
    ['/* a\n */ b', [[1, 4, 5]]],
    ['\ufeffa', [[0, 3, 4]]],
  ];
  for (const [text, expected] of cases) {
    t.strictSame(
      tokens(text).map(({ line, column, endColumn }) => [line, column, endColumn]),
      expected,
      JSON.stringify(text),
    );
  }
});

test('faults are told with their place, and reading goes on', async (t) => {
  const faults: string[] = [];
  const tokenizer = new Tokenizer('a "x\n€ 08 b', (line, column, reason) => faults.push(`${line}:${column} ${reason}`));
  while (tokenizer.next().type !== 'end');
  t.strictSame(faults, [
    '0:4 a string must end on its line; is a quote missing?',
    '1:0 a character outside ASCII is allowed in strings and comments only',
    '1:5 a number that starts with zero is octal and has the digits 0 to 7 only',
  ]);
  t.equal(tokenizer.previous.text, 'b');
});

test('comments go to the token before or after them, or to nobody', async (t) => {
  const cases: readonly (readonly [title: string, text: string, trailing: string, detached: readonly string[], leading: string])[] = [
    ['on the same line', '; // t\nb', ' t\n', [], ''],
    ['on the next line', ';\n// t\n\nb', ' t\n', [], ''],
    ['right above', ';\n\n// l\nb', '', [], ' l\n'],
    ['both', '; // t\n// l\nb', ' t\n', [], ' l\n'],
    ['between blank lines', ';\n\n// d\n\nb', '', [' d\n'], ''],
    ['lines make a block', ';\n\n// l1\n// l2\nb', '', [], ' l1\n l2\n'],
    ['blocks do not', ';\n\n/* d */\n/* l */\nb', '', [' d '], ' l '],
    ['between two tokens of a line', '; /* d */ b', '', [' d '], ''],
    ['before the end of a scope', ';\n\n// d\n}', '', [' d\n'], ''],
    ['before the end of the file', ';\n\n// d\n', '', [' d\n'], ''],
    ['asterisks of a block are taken off', ';\n\n/* a\n * b\n   * c\n */\nb', '', [], ' a\n b\n c\n'],
    ['none', ';\n\nb', '', [], ''],
  ];
  for (const [title, text, trailing, detached, leading] of cases) {
    const tokenizer = new Tokenizer(text, () => t.fail('no fault'));
    tokenizer.next();
    t.strictSame(tokenizer.nextWithComments(), { trailing, detached, leading }, title);
  }
});
