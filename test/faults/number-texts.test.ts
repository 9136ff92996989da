import { test } from 'tap';
import { allKinds } from '../proto/json/all-kinds.js';
import { CodecCase } from '../proto/json/codec-case.js';

const c = new CodecCase(allKinds);

/** CPU time in milliseconds of parsing a text, the least of some runs: the first ones are compiled meanwhile. */
function costOf(json: string, runs: number): number {
  const bytes = Buffer.from(json);
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs && (run < 2 || least > 1); run++) {
    const before = process.cpuUsage();
    try {
      c.parse('all.Kinds', bytes);
    } catch {
      // What is refused must not cost more than what is taken.
    }
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

const COUNT = 100_000;
const array = (field: string, value: string) => `{"${field}":[${Array(COUNT).fill(value).join(',')}]}`;

/** Spellings of numbers, by field, and how much more than plain digits they may cost: 25 and 5 times as much when they are taken apart as text. */
const spellings: readonly (readonly [field: string, most: number, values: readonly string[]])[] = [
  ['packed', 10, ['1e3', '1E+3', '1.0', '0e9', '0e999999999', '-10000e-4', '"1e3"', '"1.0"', '1.0000000000000000000', '"0.1e1"']],
  ['opens', 10, ['1e0', '1.0', '0.1e1']],
  ['values', 4, ['1e3', '1e-3', '1E+3', '0e999999999']],
];
for (const [field, most, values] of spellings) {
  test(`a number in ${field} costs about the same with an exponent or decimals as without`, async (t) => {
    const plain = costOf(array(field, '1000'), 6);
    for (const value of values) {
      const ratio = costOf(array(field, value), 6) / plain;
      t.ok(ratio < most, `${value}: ${ratio.toFixed(1)} times as much as 1000`);
    }
  });
}

const MEGABYTE = 2 ** 20;
const times = (text: string, bytes = MEGABYTE) => text.repeat(Math.floor(bytes / text.length));
const list = (value: string) => `[${times(`${value},`)}${value}]`;
const entries = (key: (i: number) => string, value: string) =>
  `{${Array.from({ length: MEGABYTE / 16 }, (_, i) => `${key(i)}:${value}`).join(',')}}`;

/** Bodies of a megabyte: nothing in them may cost more than 50 ms, or more than its length. */
const bodies: readonly (readonly [name: string, json: string])[] = [
  ['a double of many digits', `{"double":0.${times('1')}}`],
  ['a double with an exponent of many digits', `{"double":1e${times('0')}1}`],
  ['doubles of seventeen digits and an exponent', `{"values":${list('1.2345678901234567e-300')}}`],
  ['an integer of many zeros behind the point', `{"int64":1.${times('0')}}`],
  ['an integer of many zeros and a one behind the point', `{"int64":1.${times('0')}1}`],
  ['an integer of many zeros before its digits', `{"int64":0.${times('0')}1e${MEGABYTE + 1}}`],
  ['an integer of many zeros that an exponent takes away', `{"int64":1${times('0')}e-${MEGABYTE}}`],
  ['an integer with an exponent of many digits', `{"int64":1e${times('0')}1}`],
  ['an integer of many digits', `{"int64":${times('1')}}`],
  ['an integer of many digits in quotes', `{"int64":"${times('1')}.0"}`],
  ['numbers that are ignored', `{"value":{"a":${list('1e3')}}}`],
  ['map keys with exponents', `{"toKinds":${entries((i) => `"${i}e0"`, '{}')}}`],
  ['values of maps with exponents', `{"toInt":${entries((i) => `"${i}"`, '1e3')}}`],
  ['a time of many decimals', `{"time":"2024-01-01T00:00:00.${times('0')}Z"}`],
  ['a duration of many zeros', `{"duration":"${times('0')}1s"}`],
  ['a duration of many decimals', `{"duration":"1.${times('0')}s"}`],
  ['durations', `{"value":${list('"1.000000001s"')}}`],
  ['base64', `{"bytes":"${times('YWFh')}"}`],
  ['base64 with escapes', `{"bytes":"${times('\\u0059WFh')}"}`],
  ['base64 with a wrong letter at its end', `{"bytes":"${times('YWFh')}!"}`],
  ['base64 of padding', `{"bytes":"${times('=')}"}`],
  ['an escape behind each letter', `{"string":"${times('a\\n')}"}`],
  ['surrogate pairs', `{"string":"${times('\\ud83d\\ude00')}"}`],
  ['short strings with an escape', `{"strings":${list('"\\n"')}}`],
  ['a field mask of many paths', `{"mask":"${times('a,')}a"}`],
  ['a field mask of one path of capitals', `{"mask":"${times('A')}"}`],
  ['a field mask of many steps', `{"mask":"${times('a.')}a"}`],
  ['an enum name that is unknown', `{"open":"${times('Z')}"}`],
  ['enum names with escapes', `{"opens":${list('"\\u004fNE"')}}`],
  ['Anys whose type comes last', `{"value":${list('{"b":1,"@type":"x"}')}}`],
  ['a type URL', `{"any":{"@type":"${times('x/')}"}}`],
  ['keys of a Struct', `{"struct":${entries((i) => `"k${i}"`, '1e3')}}`],
  ['keys that are unknown', entries((i) => `"unknown${i}"`, '1')],
];
test('a body of a megabyte costs less than 50 ms, whatever it says', async (t) => {
  for (const [name, json] of bodies) {
    const cost = costOf(json, 3);
    t.ok(cost < 5 * 50, `${name}: ${cost.toFixed(1)} ms for ${json.length} bytes`);
  }
});
