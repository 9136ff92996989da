import { test } from 'tap';
import { columns, count, styled, wantsColours } from '../../../gateway/cli/terminal.js';

test('colours are for terminals, unless NO_COLOR is there and not empty, or the terminal is dumb', (t) => {
  const rows = [
    [true, {}, true],
    [true, { TERM: 'xterm' }, true],
    [true, { NO_COLOR: '' }, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '0' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
  ] as const;
  for (const [isTerminal, environment, wanted] of rows)
    t.equal(wantsColours(isTerminal, environment), wanted, `${isTerminal} ${JSON.stringify(environment)}`);
  t.end();
});

test('columns are as wide as their widest cell, painted or not, and no line ends in spaces', (t) => {
  const rows = [
    ['a', 'bbb', 'c'],
    ['aa', 'b', ''],
    ['', '', ''],
  ];
  t.equal(columns(rows), 'a   bbb  c\naa  b\n\n');
  t.equal(
    columns(rows, (cell, column) => (column === 0 ? `<${cell}>` : cell)),
    '<a>   bbb  c\n<aa>  b\n\n',
  );
  t.end();
});

test('a style ends where it began', (t) => {
  t.equal(styled('x', 'red'), '\u001b[31mx\u001b[39m');
  t.equal(styled('x', 'bold'), '\u001b[1mx\u001b[22m');
  t.end();
});

test('one thing has no s', (t) => {
  t.strictSame([count(0, 'route'), count(1, 'route'), count(2, 'route')], ['0 routes', '1 route', '2 routes']);
  t.end();
});
