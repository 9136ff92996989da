import t from 'tap';
import { allKinds } from './all-kinds.js';
import { CodecCase, hex, printed, wire } from './codec-case.js';

const c = new CodecCase(allKinds);
const K = 'all.Kinds';

const nested = (before: string, levels: number, innermost: string, after: string) =>
  before.repeat(levels) + innermost + after.repeat(levels);

/** JSON text in which messages stand so many levels deep; lists and objects of a Value are messages, arrays and objects of repeated fields and maps are not. */
const levelsOfJson: readonly [name: string, textOf: (levels: number) => string][] = [
  ['messages', (n) => nested('{"kinds":', n - 1, '{}', '}')],
  ['groups', (n) => nested('{"group":', n - 1, '{}', '}')],
  ['messages in arrays', (n) => nested('{"many":[', n - 1, '{}', ']}')],
  ['messages in maps', (n) => nested('{"toKinds":{"1":', n - 1, '{}', '}}')],
  ['lists', (n) => `{"list":${nested('[', n - 1, '', ']')}}`],
  ['Values of lists', (n) => `{"value":${nested('[', n - 1, '', ']')}}`],
  ['Values of objects', (n) => `{"value":${nested('{"a":', n - 2, '{}', '}')}}`],
  ['Structs', (n) => `{"struct":${nested('{"a":', n - 2, '{}', '}')}}`],
  ['Anys', (n) => `{"any":${nested('{"@type":"x/google.protobuf.Any","value":', n - 2, '{}', '}')}}`],
  ['Anys whose type comes last', (n) => `{"any":${nested('{"value":', n - 2, '{}', ',"@type":"x/google.protobuf.Any"}')}}`],
  ['messages in Anys', (n) => `{"any":{"@type":"x/all.Kinds","kinds":${nested('{"kinds":', n - 3, '{}', '}')}}}`],
];

for (const [name, textOf] of levelsOfJson) {
  t.test(`100 levels of ${name} are parsed and printed, 101 are refused`, (t) => {
    const parsed = c.parse(K, textOf(100));
    t.equal(c.print(K, Buffer.from(parsed, 'hex')).length > 0, true);
    t.throws(() => c.parse(K, textOf(101)), { name: 'JsonError', reason: 'nested deeper than 100' });
    t.end();
  });
}

t.test('100 levels of what is ignored are passed over, 101 are refused', (t) => {
  const textOf = (levels: number) => `{"x":${nested('[', levels - 1, '', ']')}}`;
  t.equal(c.parse(K, textOf(100), { unknown: 'ignore' }), '');
  t.throws(() => c.parse(K, textOf(101), { unknown: 'ignore' }), { name: 'JsonError', reason: 'nested deeper than 100' });
  t.end();
});

/** A length-delimited field around bytes, so many times. */
function within(tag: string, levels: number, innermost: Buffer): Buffer {
  let bytes = innermost;
  for (let level = 0; level < levels; level++) bytes = Buffer.concat([wire(tag), lengthOf(bytes), bytes]);
  return bytes;
}

function lengthOf({ length }: Buffer): Buffer {
  return Buffer.from(length < 128 ? [length] : [(length & 127) | 128, length >> 7]);
}

const levelsOfWire: readonly [name: string, wireOf: (levels: number) => Buffer][] = [
  ['messages', (n) => within('92 01', n - 1, Buffer.alloc(0))],
  ['groups', (n) => wire(nested('9b 01 ', n - 1, '', '9c 01 '))],
];

for (const [name, wireOf] of levelsOfWire) {
  t.test(`100 levels of ${name} on the wire are printed, 101 are refused`, (t) => {
    t.equal(c.print(K, wireOf(100)).match(/\{/g)?.length, 100);
    t.throws(() => c.print(K, wireOf(101)), { name: 'WireError', message: 'messages nested deeper than 100' });
    t.end();
  });
}

const empties = (count: number) => `{"many":[${Array(count).fill('{}').join()}]}`;

/** Inputs and the length of their output, which is also the smallest limit that lets it pass. */
const outputs: readonly [name: string, json: string, wireLength: number][] = [
  ['a text', '{"string":"01234567"}', 10],
  ['bytes', '{"bytes":"AAECAwQF"}', 8],
  ['many empty messages', empties(100_000), 300_000],
  ['packed numbers of a large exponent', `{"packed":[${Array(1000).fill('-1e0').join()}]}`, 10_004],
  ['a number of many digits', `{"double":1.${'1'.repeat(100_000)}}`, 9],
  ['an integer of a huge exponent', '{"int32":0e999999999999}', 2],
  ['a FieldMask of many paths', `{"mask":"${Array(1000).fill('a').join()}"}`, 3004],
];

for (const [name, json, length] of outputs) {
  t.test(`${name}: an output of the limit's length passes both ways, one of a byte more does not`, (t) => {
    const parse = c.codec.parser(c.type(K), [], { unknown: 'error' });
    const print = c.codec.printer(c.type(K), [], printed);
    const parsing = { bound: [], conflict: 'error' as const, mask: undefined };
    const printing = { pretty: false, enumNumbers: false, fields: undefined };

    const exact = c.codec.createSink(length);
    parse(Buffer.from(json), exact, parsing);
    const bytes = exact.take();
    t.equal(bytes.length, length);
    t.ok(bytes.length <= json.length * 10, 'grown at most tenfold');
    const reason = `the output is larger than ${length - 1} bytes`;
    t.throws(() => parse(Buffer.from(json), c.codec.createSink(length - 1), parsing), { name: 'JsonError', reason });

    const text = c.print(K, bytes);
    const room = c.codec.createSink(text.length);
    print(bytes, room, printing);
    t.equal(Buffer.from(room.take()).toString(), text);
    const message = `the output is larger than ${text.length - 1} bytes`;
    t.throws(() => print(bytes, c.codec.createSink(text.length - 1), printing), { name: 'OutputLimit', message });
    t.end();
  });
}

t.test('the most that parsing grows its input is tenfold', (t) => {
  const count = 10_000;
  const bytes = Buffer.from(c.parse(K, `{"packed":[${Array(count).fill('-1').join()}]}`), 'hex');
  t.equal(hex(bytes.subarray(0, 5)), 'a201a08d06');
  t.equal(bytes.length, 5 + 10 * count, 'ten bytes for three');
  t.end();
});
