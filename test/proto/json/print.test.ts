import t from 'tap';
import { WireError } from '../../../proto/json/codec.js';
import { schemaOf } from '../../support/schema.js';
import { allKinds } from './all-kinds.js';
import { CodecCase, wire } from './codec-case.js';

const c = new CodecCase(allKinds);
const K = 'all.Kinds';

/** Wire bytes that a serializer would write otherwise. */
const rows: readonly [name: string, wire: string, json: string][] = [
  ['fields out of order are printed in order', '68 01 18 05', '{"int32":5,"bool":true}'],
  ['of a scalar that comes twice the last counts', '18 05 18 07', '{"int32":7}'],
  ['of a scalar that comes twice, not in a row, the last counts', '18 05 68 01 18 07', '{"int32":7,"bool":true}'],
  ['messages that come twice are merged', '92 01 02 18 01 92 01 02 68 01', '{"kinds":{"int32":1,"bool":true}}'],
  [
    'messages within merged messages are merged',
    '92 01 05 92 01 02 18 01 92 01 05 92 01 02 68 01',
    '{"kinds":{"kinds":{"int32":1,"bool":true}}}',
  ],
  ['groups that come twice are merged', '9b 01 68 01 9c 01 9b 01 18 02 9c 01', '{"group":{"int32":2,"bool":true}}'],
  ['a group whose fields are out of order', '9b 01 68 01 18 02 9c 01', '{"group":{"int32":2,"bool":true}}'],
  ['a packed field may be unpacked', 'a0 01 01 a0 01 02', '{"packed":[1,2]}'],
  ['an unpacked field may be packed', 'aa 01 02 01 02', '{"unpacked":[1,2]}'],
  ['a field may be packed and unpacked', 'a0 01 01 a2 01 02 02 03 a0 01 04', '{"packed":[1,2,3,4]}'],
  ['the values of a repeated field may lie apart', "b2 01 01 'a' 68 01 b2 01 01 'b'", '{"bool":true,"strings":["a","b"]}'],
  ['unknown fields may lie between the values of a repeated field', "b2 01 01 'a' d8 3e 01 b2 01 01 'b'", '{"strings":["a","b"]}'],
  ['unknown fields may lie between the entries of a map', 'ca 01 00 a5 01 00 00 00 00 ca 01 02 08 02', '{"toKinds":{"0":{},"2":{}}}'],
  ['the parts of a packed field may lie apart', 'a2 01 01 01 68 01 a2 01 01 02', '{"bool":true,"packed":[1,2]}'],
  ['an empty packed field is no field', 'a2 01 00', '{}'],
  ['the entries of a map may lie apart', "c2 01 05 0a 01 'a' 10 01 68 01 c2 01 05 0a 01 'b' 10 02", '{"bool":true,"toInt":{"a":1,"b":2}}'],
  [
    'of equal map keys the last counts',
    "c2 01 05 0a 01 'a' 10 01 c2 01 05 0a 01 'b' 10 02 c2 01 05 0a 01 'a' 10 03",
    '{"toInt":{"b":2,"a":3}}',
  ],
  [
    'of equal map keys that lie apart the last counts',
    "c2 01 05 0a 01 'a' 10 01 68 01 c2 01 05 0a 01 'a' 10 03",
    '{"bool":true,"toInt":{"a":3}}',
  ],
  [
    'a map entry lacks its value',
    "c2 01 03 0a 01 'a' ca 01 02 08 02 d2 01 00",
    '{"toInt":{"a":0},"toKinds":{"2":{}},"toOpen":{"false":"NONE"}}',
  ],
  ['a map entry lacks its key', 'c2 01 02 10 01 ca 01 02 12 00', '{"toInt":{"":1},"toKinds":{"0":{}}}'],
  ['a map entry has its value first, and unknown fields', "c2 01 07 10 01 18 05 0a 01 'a'", '{"toInt":{"a":1}}'],
  ['a map entry has its value twice', 'ca 01 0a 08 02 12 02 18 01 12 02 68 01', '{"toKinds":{"2":{"int32":1,"bool":true}}}'],
  ['a map entry has its key and scalar value twice', "c2 01 0a 0a 01 'a' 10 01 0a 01 'b' 10 02", '{"toInt":{"b":2}}'],
  ['of the members of a oneof the last counts', "da 01 01 'a' e2 01 00", '{"right":{}}'],
  ['of the members of a oneof, out of order, the last counts', "e2 01 00 da 01 01 'a'", '{"left":"a"}'],
  ['a member of a oneof is merged with what came since another', "e2 01 02 18 01 da 01 01 'a' e2 01 02 68 01", '{"right":{"bool":true}}'],
  ['a oneof member out of order, as Go writes it', "da 01 01 'a' 68 01", '{"bool":true,"left":"a"}'],
  [
    'unknown fields are left out',
    "08 01 d8 3e 01 d9 3e 00 00 00 00 00 00 00 00 da 3e 01 'x' db 3e 08 01 dc 3e dd 3e 00 00 00 00 18 05",
    '{"int32":5}',
  ],
  ['a field of the wrong wire type is unknown', "1a 01 'x' 70 05 18 05", '{"int32":5}'],
  ['an unknown number of a closed enum is an unknown field', '88 01 07', '{}'],
  ['an unknown number of a closed enum does not count', '88 01 03 88 01 07', '{"closed":"FIRST"}'],
  ['a closed enum counts behind an unknown number', '88 01 07 88 01 03', '{"closed":"FIRST"}'],
  ['a varint may be longer than needed', '18 85 80 80 00 68 81 80 00', '{"int32":5,"bool":true}'],
  ['a tag may be longer than needed', '98 80 00 05', '{"int32":5}'],
  ['a bool is any varint but zero', '68 80 80 80 80 80 80 80 80 80 01', '{"bool":true}'],
  ['an int32 is cut to 32 bits', '18 ff ff ff ff 1f', '{"int32":-1}'],
  ['control characters are escaped', '72 08 00 01 08 09 0a 0c 0d 1f', '{"string":"\\u0000\\u0001\\b\\t\\n\\f\\r\\u001f"}'],
  ['quotes and backslashes are escaped', "72 07 'a\"b\\c' 7f '/'", '{"string":"a\\"b\\\\c\x7f/"}'],
  ['a float is printed by its shortest digits', '15 ff ff 7f 7f', '{"float":3.4028235e+38}'],
  ['a small float is printed by its shortest digits', '15 01 00 00 00', '{"float":1e-45}'],
  ['a double that is large', '09 9c 75 00 88 3c e4 37 7e', '{"double":1e+300}'],
  ['a Value without a kind is null', '92 02 00', '{"value":null}'],
  ['of the kinds of a Value the last counts', "92 02 05 1a 01 'a' 20 01", '{"value":true}'],
  ['lists of a Value are merged', '92 02 0c 32 04 0a 02 08 00 32 04 0a 02 20 01', '{"value":[null,true]}'],
  ['Structs are merged', "8a 02 09 0a 07 0a 01 'a' 12 02 08 00 8a 02 09 0a 07 0a 01 'b' 12 02 08 00", '{"struct":{"a":null,"b":null}}'],
  ['a wrapper whose value comes twice', 'b2 02 04 08 05 08 06', '{"wrapped":"6"}'],
  ['Timestamps are merged', 'f2 01 02 10 01 f2 01 02 08 01', '{"time":"1970-01-01T00:00:01.000000001Z"}'],
  ['an Any without type and value', 'a2 02 00', '{"any":{}}'],
  ['an Any of an unknown type keeps its bytes', "a2 02 0d 0a 06 'x/none' 12 03 01 02 03", '{"any":{"@type":"x/none","@value":"AQID"}}'],
  [
    'an Any that cannot be decoded keeps its bytes',
    "a2 02 10 0a 0b 'x/all.Kinds' 12 01 18",
    '{"any":{"@type":"x/all.Kinds","@value":"GA=="}}',
  ],
  ['an Any whose content comes first', "a2 02 11 12 02 68 01 0a 0b 'x/all.Kinds'", '{"any":{"@type":"x/all.Kinds","bool":true}}'],
  [
    'an Any of a map with equal keys',
    "a2 02 1f 0a 0b 'x/all.Kinds' 12 10 c2 01 05 0a 01 'a' 10 01 c2 01 05 0a 01 'a' 10 02",
    '{"any":{"@type":"x/all.Kinds","toInt":{"a":2}}}',
  ],
];

for (const [name, bytes, json] of rows) {
  t.test(name, (t) => {
    t.equal(c.print(K, wire(bytes)), json);
    t.equal(new CodecCase(allKinds).print(K, wire(bytes)), json, 'and by plans that saw nothing before');
    t.doesNotThrow(() => JSON.parse(json));
    t.end();
  });
}

const broken: readonly [name: string, wire: string, message: string][] = [
  ['a varint that is cut off', '18', 'truncated'],
  ['a varint that is cut off in a message', '92 01 02 18 ff 18 01', 'truncated'],
  ['a varint of eleven bytes', '18 ff ff ff ff ff ff ff ff ff ff 01', 'varint of more than 10 bytes'],
  ['a string that is cut off', "72 03 'ab'", 'truncated'],
  ['a double that is cut off', '09 00 00', 'truncated'],
  ['a float that is cut off', '15 00 00', 'truncated'],
  ['a fixed64 that is cut off', '51 00 00', 'truncated'],
  ['a packed field that ends in a value', 'a2 01 01 ff', 'truncated'],
  ['a group without an end', '9b 01 68 01', 'truncated'],
  ['an unknown group without an end', 'db 3e 68 01', 'truncated'],
  ['a group that ends as another', '9b 01 a4 01', 'mismatched end of group'],
  ['an end of a group that did not begin', '9c 01', 'unexpected wire type 4'],
  ['wire type 6', '1e', 'unexpected wire type 6'],
  ['field number 0', '02 00', 'field number 0'],
  ['field number 0 behind the last field', "a2 06 01 'a' aa 06 01 01 00 00", 'field number 0'],
  ['a length past 2^31', '72 ff ff ff ff 0f', 'truncated'],
  ['a string that is not UTF-8', '72 02 c3 28', 'a string that is not UTF-8'],
  ['a string with a surrogate', '72 03 ed a0 80', 'a string that is not UTF-8'],
  ['a string that ends in a character', '72 02 e2 82', 'a string that is not UTF-8'],
  ['a map key that is not UTF-8', 'c2 01 03 0a 01 ff', 'a string that is not UTF-8'],
  ['a Timestamp past its range', 'f2 01 07 08 80 e6 a0 8a f0 07', 'a Timestamp out of range'],
  ['a Timestamp with negative nanos', 'f2 01 0b 10 ff ff ff ff ff ff ff ff ff 01', 'a Timestamp out of range'],
  ['a Duration of two signs', 'fa 01 0d 08 01 10 ff ff ff ff ff ff ff ff ff 01', 'a Duration out of range'],
  ['a FieldMask path in camelCase', "82 02 04 0a 02 'aB'", 'a FieldMask path without a JSON form'],
  ['a FieldMask path that ends with an underscore', "82 02 04 0a 02 'a_'", 'a FieldMask path without a JSON form'],
  ['a FieldMask path with a comma', "82 02 05 0a 03 'a,b'", 'a FieldMask path without a JSON form'],
  ['a Value that is not a number', '92 02 09 11 00 00 00 00 00 00 f8 7f', 'a Value that is not a finite number'],
];

for (const [name, bytes, message] of broken) {
  t.test(`${name} is an error`, (t) => {
    t.throws(() => new CodecCase(allKinds).print(K, wire(bytes)), { name: 'WireError', message });
    t.end();
  });
}

t.test('groups nest up to 100 levels', (t) => {
  const nested = (levels: number) => wire('9b 01 '.repeat(levels) + '9c 01 '.repeat(levels));
  t.equal(c.print(K, nested(99)), `${'{"group":'.repeat(99)}{}${'}'.repeat(99)}`);
  t.throws(() => c.print(K, nested(100)), { name: 'WireError', message: 'messages nested deeper than 100' });
  t.throws(() => c.print(K, wire('db 3e '.repeat(102))), { name: 'WireError', message: 'groups nested too deep' });
  t.end();
});

t.test('what is merged is bounded', (t) => {
  let bytes = wire(`72 a0 8d 06 '${'x'.repeat(100_000)}'`);
  const within = (inner: Buffer) => Buffer.concat([wire('92 01 00 92 01'), varint(inner.length), inner]);
  for (let level = 0; level < 5; level++) bytes = within(bytes);
  t.equal(c.print(K, bytes).length, 100_000 + 5 * '{"kinds":}'.length + '{"string":""}'.length);
  for (let level = 0; level < 20; level++) bytes = within(bytes);
  t.throws(() => c.print(K, bytes), { name: 'WireError', message: 'too many messages to merge' });
  t.end();
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

const options = new CodecCase(
  schemaOf({
    'o.proto': `
      syntax = "proto3";
      package o;
      import "google/protobuf/struct.proto";
      import "google/protobuf/wrappers.proto";
      enum Kind { NONE = 0; SOME = 1; }
      message M {
        string a_b = 1; int32 number = 2; int64 large = 3; bool flag = 4; bytes data = 5; Kind kind = 6; double size = 7;
        repeated string list = 8; map<string, uint64> map = 9; M inner = 10; optional int32 maybe = 11;
        oneof choice { string left = 12; } google.protobuf.NullValue null = 13; google.protobuf.Int64Value wrapped = 14;
        repeated M many = 15; map<string, M> by_name = 16; google.protobuf.Struct meta = 17;
      }`,
  }),
);
const defaults = '"aB":"","number":0,"large":"0","flag":false,"data":"","kind":"NONE","size":0,"list":[],"map":{}';
const rest = '"null":null,"many":[],"byName":{}';

t.test('defaults are printed for fields without presence, in order', (t) => {
  t.equal(options.print('o.M', wire(''), { defaults: true }), `{${defaults},${rest}}`);
  t.equal(options.print('o.M', wire('52 00'), { defaults: true }), `{${defaults},"inner":{${defaults},${rest}},${rest}}`);
  t.equal(options.print('o.M', wire('18 00 48 00'), { defaults: true }), `{${defaults},${rest}}`);
  t.end();
});

t.test('unset messages may be null, but not lists, optional scalars and members of a oneof', (t) => {
  t.equal(options.print('o.M', wire(''), { nulls: true }), '{"inner":null,"wrapped":null,"meta":null}');
  t.equal(
    options.print('o.M', wire('52 00'), { nulls: true }),
    '{"inner":{"inner":null,"wrapped":null,"meta":null},"wrapped":null,"meta":null}',
  );
  t.equal(
    options.print('o.M', wire(''), { nulls: true, defaults: true }),
    `{${defaults},"inner":null,"null":null,"wrapped":null,"many":[],"byName":{},"meta":null}`,
  );
  t.equal(options.print('o.M', wire("8a 01 05 0a 03 0a 01 'k'"), { nulls: true }), '{"inner":null,"wrapped":null,"meta":{"k":null}}');
  t.equal(options.print('o.M', wire("82 01 03 0a 01 'k'"), { nulls: true }).includes('"byName":{"k":{"inner":null,'), true);
  for (const at of ['inner', 'wrapped', 'meta']) t.equal(options.print('o.M', wire(''), { nulls: true, at }), 'null', at);
  t.equal(options.print('o.M', wire(''), { nulls: true, at: 'inner.number' }), '0');
  t.equal(options.print('o.M', wire(''), { nulls: true, fields: [options.chain('o.M', 'inner')] }), '{"inner":null}');
  t.end();
});

t.test('a default on the wire is not printed for a field without presence', (t) => {
  t.equal(
    options.print('o.M', wire('0a 00 10 00 18 00 20 00 2a 00 30 00 39 00 00 00 00 00 00 00 00 58 00 62 00')),
    '{"maybe":0,"left":""}',
  );
  t.equal(options.print('o.M', wire('39 00 00 00 00 00 00 00 80')), '{"size":-0}');
  t.equal(options.print('o.M', wire('10 05 10 00')), '{}');
  t.end();
});

t.test('names may be those of the proto file', (t) => {
  t.equal(options.print('o.M', wire("0a 01 'x' 82 01 03 0a 01 'k'"), { protoNames: true }), '{"a_b":"x","by_name":{"k":{}}}');
  t.end();
});

t.test('64-bit integers may be numbers, map keys stay strings', (t) => {
  t.equal(
    options.print('o.M', wire("18 ff ff ff ff ff ff ff ff 7f 4a 05 0a 01 'k' 10 07 72 02 08 05"), { int64: 'number' }),
    '{"large":9223372036854775807,"map":{"k":7},"wrapped":5}',
  );
  t.equal(c.print(K, wire('ca 01 04 08 02 12 00'), { int64: 'number' }), '{"toKinds":{"2":{}}}');
  t.equal(options.print('o.M', wire(''), { int64: 'number', defaults: true }), `{${defaults.replace('"0"', '0')},${rest}}`);
  t.end();
});

t.test('enum values may be numbers', (t) => {
  t.equal(options.print('o.M', wire('30 01'), { enumNumbers: true }), '{"kind":1}');
  t.equal(options.print('o.M', wire(''), { enumNumbers: true, defaults: true }), `{${defaults.replace('"NONE"', '0')},${rest}}`);
  t.equal(c.print(K, wire('d2 01 02 08 01 b8 02 00'), { enumNumbers: true }), '{"toOpen":{"true":0},"null":null}');
  t.end();
});

t.test('JSON may be laid out', (t) => {
  const bytes = wire("0a 03 'a\"{' 42 01 'x' 42 01 'y' 52 00 8a 01 00");
  const text = options.print('o.M', bytes, { pretty: true });
  t.equal(text, JSON.stringify(JSON.parse(options.print('o.M', bytes)), null, 2));
  t.end();
});

t.test('only selected fields are printed', (t) => {
  const bytes = wire("0a 01 'x' 10 05 52 05 0a 01 'y' 10 06 7a 05 0a 01 'z' 10 07 82 01 0a 0a 01 'k' 12 05 0a 01 'v' 10 08");
  const fields = (...paths: string[]) => paths.map((path) => chain(path));
  const chain = (path: string) =>
    path
      .split('.')
      .map((name) => options.chain('o.M', name)[0] ?? options.type('o.M').fields[0])
      .filter((f) => f !== undefined);
  t.equal(options.print('o.M', bytes, { fields: fields('number') }), '{"number":5}');
  t.equal(options.print('o.M', bytes, { fields: fields('inner.number', 'a_b') }), '{"aB":"x","inner":{"number":6}}');
  t.equal(options.print('o.M', bytes, { fields: fields('many.a_b', 'by_name.a_b') }), '{"many":[{"aB":"z"}],"byName":{"k":{"aB":"v"}}}');
  t.equal(options.print('o.M', bytes, { fields: fields('inner', 'inner.number') }), '{"inner":{"aB":"y","number":6}}');
  t.equal(options.print('o.M', bytes, { fields: fields('flag'), defaults: true }), '{"flag":false}');
  t.equal(options.print('o.M', bytes, { fields: fields('number'), at: 'inner' }), '{"number":6}');
  t.equal(options.print('o.M', bytes, { fields: [[]] }), options.print('o.M', bytes));
  t.end();
});

t.test('the value of a field is printed alone', (t) => {
  const bytes = wire("0a 01 'x' 18 07 42 01 'l' 4a 05 0a 01 'k' 10 07 52 06 0a 01 'y' 52 01 08 52 02 18 09 72 02 08 05");
  const inner = wire("0a 01 'x' 18 07 42 01 'l' 4a 05 0a 01 'k' 10 07 52 07 0a 01 'y' 52 02 10 08 52 02 18 09 72 02 08 05");
  t.throws(() => options.print('o.M', bytes), WireError);
  for (const [at, value] of [
    ['a_b', '"x"'],
    ['large', '"7"'],
    ['list', '["l"]'],
    ['map', '{"k":"7"}'],
    ['inner', '{"aB":"y","large":"9","inner":{"number":8}}'],
    ['inner.a_b', '"y"'],
    ['inner.inner.number', '8'],
    ['inner.inner', '{"number":8}'],
    ['wrapped', '"5"'],
  ] as const) {
    t.equal(options.print('o.M', inner, { at }), value, at);
  }
  t.end();
});

t.test('an unset field prints its default alone, an unset message null', (t) => {
  const unset = {
    a_b: '""',
    number: '0',
    large: '"0"',
    flag: 'false',
    data: '""',
    kind: '"NONE"',
    size: '0',
    list: '[]',
    map: '{}',
    inner: 'null',
    maybe: '0',
    'inner.inner.number': '0',
    'inner.list': '[]',
    wrapped: 'null',
    null: 'null',
    meta: 'null',
  };
  for (const [at, value] of Object.entries(unset)) {
    t.equal(options.print('o.M', wire(''), { at }), value, at);
    t.equal(options.print('o.M', wire('52 00'), { at: at === 'inner' ? 'inner.inner' : at }), value, at);
  }
  t.equal(options.print('o.M', wire(''), { at: 'kind', enumNumbers: true }), '0');
  t.end();
});

t.test('a sink has a limit', (t) => {
  const sink = c.codec.createSink(14);
  const print = c.codec.printer(c.type(K), [], { defaults: false, protoNames: false, int64: 'string' });
  const request = { pretty: false, enumNumbers: false, fields: undefined };
  t.throws(() => print(wire("72 05 'abcde'"), sink, request), { name: 'OutputLimit', message: 'the output is larger than 14 bytes' });
  print(wire('68 00'), sink, request);
  t.equal(Buffer.from(sink.take()).toString(), '{"bool":false}');
  t.end();
});
