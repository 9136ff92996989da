import { test } from 'tap';
import { createJsonSplitter } from '../../../proto/json/splitter.js';
import { ItemTooLarge } from '../../../proto/split.js';

/** The items of a text that comes in these chunks, and behind them why there are no more. */
function itemsOf(chunks: readonly (string | Uint8Array)[], maxItem = 1000): string[] {
  const splitter = createJsonSplitter(maxItem);
  const items: string[] = [];
  const take = () => {
    for (let item = splitter.next(); item !== undefined; item = splitter.next()) items.push(Buffer.from(item).toString());
  };
  try {
    for (const chunk of chunks) {
      splitter.push(Buffer.from(chunk));
      take();
    }
    splitter.end();
    take();
  } catch (e) {
    items.push(`! ${(e as Error).message}`);
  }
  return items;
}

const a = '{"a":1}';
const tricky = '{"a\\"}":"]\\\\","b":[{"c":"é\\u0022"}, "{"] }';

const rows: readonly (readonly [name: string, text: string, items: readonly string[]])[] = [
  ['a value a line', `${a}\n${tricky}\n`, [a, tricky]],
  ['lines that end as on Windows, and empty ones', `\r\n${a}\r\n\r\n${a}\r\n`, [a, a]],
  ['a last line without its end', `${a}\n${a}`, [a, a]],
  ['values one after the other', `${a}${tricky}[1]"x"${a}`, [a, tricky, '[1]', '"x"', a]],
  ['a value over several lines', '{\n  "a": 1\n}\n', ['{\n  "a": 1\n}']],
  ['one value', a, [a]],
  ['an array', `[${a},${tricky}, ${a} ]\n`, [a, tricky, a]],
  ['an array of arrays', '[[1],[2,[3]],[]]', ['[1]', '[2,[3]]', '[]']],
  ['an array of scalars', '[1,"a,b",true,null,-1e5]', ['1', '"a,b"', 'true', 'null', '-1e5']],
  ['scalars', '1 "two" true\nnull{}-3', ['1', '"two"', 'true', 'null', '{}', '-3']],
  ['strings that end in backslashes', '"\\\\""\\""', ['"\\\\"', '"\\""']],
  ['nothing', '', []],
  ['white space', ' \r\n\t', []],
  ['an empty array', ' [ ] ', []],
  ['a value that is cut off', `${a}\n{"a":`, [a, '! the JSON text ends within a value']],
  ['a string that is cut off', '"a\\"', ['! the JSON text ends within a value']],
  ['an array that is cut off behind an element', `[${a}`, [a, '! the JSON text ends within an array']],
  ['an array that is cut off behind a number', '[1', ['! the JSON text ends within an array']],
  ['an array that is cut off behind a comma', `[${a},`, [a, '! the JSON text ends within an array']],
  ['an array that is cut off at once', '[', ['! the JSON text ends within an array']],
  ['a comma behind the last element', `[${a},]`, [a, '! a JSON value is expected']],
  ['a comma before the first', `[,${a}]`, ['! a JSON value is expected']],
  ['no comma', `[${a} ${a}]`, [a, '! a comma or the end of the array is expected']],
  ['commas between lines', `${a},\n${a}`, [a, '! a JSON value is expected']],
  ['something behind an array', `[${a}]${a}`, [a, '! nothing may follow the array']],
  ['another array behind an array', '[1] [2]', ['1', '! nothing may follow the array']],
  ['a value that is closed twice', `${a}}`, [a, '! a JSON value is expected']],
  ['brackets of two kinds are cut, not checked', '{"a":[}}]', ['{"a":[}}', '! a JSON value is expected']],
];

for (const [name, text, items] of rows) {
  const bytes = Buffer.from(text);

  test(`it cuts ${name}`, async (t) => {
    t.strictSame(itemsOf([bytes]), items);
  });

  test(`it cuts ${name}, whose bytes come in chunks cut anywhere`, async (t) => {
    for (let at = 0; at <= bytes.length; at += 1) {
      t.strictSame(itemsOf([bytes.subarray(0, at), bytes.subarray(at)]), items, `cut at ${at}`);
    }
    t.strictSame(itemsOf(Array.from(bytes, (byte) => Buffer.of(byte))), items, 'at every byte');
  });
}

test('an item may have as many bytes as the limit, and not one more', async (t) => {
  const item = JSON.stringify('x'.repeat(98));
  const scalar = '1'.repeat(100);
  for (const whole of [item, scalar]) {
    for (let at = 0; at <= whole.length; at += 1) {
      const chunks = [whole.slice(0, at), `${whole.slice(at)} 2`];
      t.strictSame(itemsOf(chunks, 100), [whole, '2'], `cut at ${at}`);
      t.strictSame(itemsOf(chunks, 99), ['! is larger than 99 bytes'], `cut at ${at}`);
    }
  }
});

test('white space between items counts for none of them', async (t) => {
  t.strictSame(itemsOf([' '.repeat(1000), a, ' '.repeat(1000), a], 10), [a, a]);
});

test('a value without end is refused when it is too large, not when it ends', async (t) => {
  const splitter = createJsonSplitter(10);
  splitter.push(Buffer.from('{"a":"'));
  t.equal(splitter.next(), undefined);
  splitter.push(Buffer.from('xxxxx'));
  t.throws(() => splitter.next(), new ItemTooLarge(10));
});

test('a large item that comes a byte at a time costs a few copies', async (t) => {
  const size = 1_000_000;
  const splitter = createJsonSplitter(2 * size);
  const [quote, x] = [Buffer.from('"'), Buffer.from('x')];
  const began = process.cpuUsage();
  splitter.push(quote);
  splitter.next();
  for (let i = 0; i < size; i += 1) {
    splitter.push(x);
    splitter.next();
  }
  splitter.push(quote);
  t.equal(splitter.next()?.length, size + 2);
  const { user, system } = process.cpuUsage(began);
  t.ok(user + system < 5_000_000, `${user + system} us`);
});
