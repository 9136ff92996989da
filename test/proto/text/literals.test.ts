import { test } from 'tap';
import { printDouble, printFloat } from '../../../proto/text/float-text.js';
import { escapeBytes, parseInteger, parseStrings } from '../../../proto/text/literals.js';
import { mapEntryName } from '../../../proto/text/map-entry.js';

test('integers are decimal, octal or hex, up to a limit', async (t) => {
  const cases: readonly (readonly [string, bigint | undefined])[] = [
    ['0', 0n],
    ['00', 0n],
    ['17', 17n],
    ['017', 15n],
    ['0x1F', 31n],
    ['0XfF', 255n],
    ['255', 255n],
    ['256', undefined],
    ['08', undefined],
    ['0x', undefined],
    ['99999999999999999999999', undefined],
  ];
  for (const [text, expected] of cases) t.equal(parseInteger(text, 255n), expected, text);
});

test('strings are bytes: escapes, adjacent strings, code points as UTF-8', async (t) => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['"abc"'], '616263'],
    [['""'], ''],
    [['"a"', "'b'"], '6162'],
    [['"\\a\\b\\f\\n\\r\\t\\v\\\\\\\'\\"\\?"'], '07080c0a0d090b5c27223f'],
    [['"\\0\\7\\377\\1234"'], '0007ff5334'],
    [['"\\x1\\xfg\\XFFF"'], '010f67ff46'],
    [['"ü\\u00fc"'], 'c3bcc3bc'],
    [['"\\u20ac\\U0001F600"'], 'e282acf09f9880'],
    [['"\\ud83d\\ude00"'], 'f09f9880'],
    [['"\\ud83dx"'], 'eda0bd78'],
  ];
  for (const [written, expected] of cases) t.equal(Buffer.from(parseStrings(written)).toString('hex'), expected, written.join(' '));
});

test('defaults of bytes fields are written with C escapes', async (t) => {
  t.equal(escapeBytes(Uint8Array.of(0, 9, 10, 13, 34, 39, 92, 65, 127, 255)), '\\000\\t\\n\\r\\"\\\'\\\\A\\177\\377');
});

test('doubles and floats are written with as few digits as protobuf needs', async (t) => {
  const doubles: readonly (readonly [number, string])[] = [
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [0.1, '0.1'],
    [0.30000000000000004, '0.30000000000000004'],
    [1e15, '1e+15'],
    [123456789012345, '123456789012345'],
    [1e-4, '0.0001'],
    [1e-5, '1e-05'],
    [1e300, '1e+300'],
    [5e-324, '4.94065645841247e-324'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
  ];
  for (const [value, expected] of doubles) t.equal(printDouble(value), expected);
  const floats: readonly (readonly [number, string])[] = [
    [0.1, '0.1'],
    [16777216, '16777216'],
    [1e10, '1e+10'],
    [3.4028234663852886e38, '3.40282347e+38'],
    [1.401298464324817e-45, '1.40129846e-45'],
  ];
  for (const [value, expected] of floats) t.equal(printFloat(Math.fround(value)), expected);
});

test('the entry of a map is named after its field', async (t) => {
  for (const [field, entry] of [
    ['tags', 'TagsEntry'],
    ['page_tags', 'PageTagsEntry'],
    ['_a__b1_', 'AB1Entry'],
    ['fooBar_2x', 'FooBar2xEntry'],
  ] as const) {
    t.equal(mapEntryName(field), entry);
  }
});
