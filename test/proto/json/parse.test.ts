import t from 'tap';
import { JsonError } from '../../../proto/json/codec.js';
import { WireWriter } from '../../../proto/wire/writer.js';
import { allKinds } from './all-kinds.js';
import { CodecCase, hex, wire } from './codec-case.js';

const c = new CodecCase(allKinds);
const K = 'all.Kinds';

/** What is parsed otherwise than it would be printed. */
const accepted: readonly [name: string, json: string, wire: string][] = [
  [
    'white space stands between all tokens',
    ' \t\r\n{ "int32" : 1 , "packed" : [ 1 , 2 ] , "toInt" : { "a" : 1 } } \n',
    "18 01 a2 01 02 01 02 c2 01 05 0a 01 'a' 10 01",
  ],
  ['a field has its proto name too', '{"to_int":{}, "to_kinds":{}, "int32":1}', '18 01'],
  ['fields come in any order', '{"int32":1,"float":0.5,"double":0}', '18 01 15 00 00 00 3f 09 00 00 00 00 00 00 00 00'],
  ['a key may have escapes', '{"int\\u00332":1}', '18 01'],
  ['null leaves a field unset', '{"double":null,"packed":null,"toInt":null,"kinds":null,"wrapped":null,"open":null}', ''],
  ['null leaves a oneof unset', '{"left":null,"right":{}}', 'e2 01 00'],
  ['an exponent makes an integer', '{"int32":1e2}', '18 64'],
  ['a negative exponent makes an integer', '{"int32":1500e-2}', '18 0f'],
  ['decimals that are zero make an integer', '{"int32":1.0}', '18 01'],
  ['many digits make an integer', '{"int64":0.0000000000000000000000000000001e31}', '20 01'],
  ['zero has any exponent', '{"int32":0e999999999999}', '18 00'],
  ['minus zero is an integer', '{"int32":-0,"uint64":-0}', '18 00 30 00'],
  ['a quoted integer may have an exponent', '{"int32":"1E+2"}', '18 64'],
  ['an unquoted int64 is exact', '{"int64":9007199254740993}', '20 81 80 80 80 80 80 80 10'],
  ['an unquoted uint64 is exact', '{"uint64":18446744073709551615}', '30 ff ff ff ff ff ff ff ff ff 01'],
  ['an int64 of sixteen digits with decimals is exact', '{"int64":9007199254740993.0}', '20 81 80 80 80 80 80 80 10'],
  ['the least int64 may be unquoted', '{"sfixed64":-9223372036854775808}', '61 00 00 00 00 00 00 00 80'],
  ['escapes stand in a quoted number', '{"int64":"\\u0031\\u0032"}', '20 0c'],
  ['a double may be quoted', '{"double":"1.5e0"}', '09 00 00 00 00 00 00 f8 3f'],
  ['a double is the nearest one', '{"double":0.1}', '09 9a 99 99 99 99 99 b9 3f'],
  ['a double has any number of digits', '{"double":0.1000000000000000055511151231257827}', '09 9a 99 99 99 99 99 b9 3f'],
  ['the largest float', '{"float":3.4028235e38}', '15 ff ff 7f 7f'],
  ['a float that is too small is zero', '{"float":7e-46}', '15 00 00 00 00'],
  ['a double that is too small is zero', '{"double":1e-400}', '09 00 00 00 00 00 00 00 00'],
  ['URL-safe base64', '{"bytes":"-_8="}', '7a 02 fb ff'],
  ['base64 without padding', '{"bytes":"-_8"}', '7a 02 fb ff'],
  ['base64 with an escaped slash', '{"bytes":"+\\/8="}', '7a 02 fb ff'],
  ['an enum by number', '{"open":1,"closed":3}', '80 01 01 88 01 03'],
  ['an enum by a number with decimals', '{"open":-1.0}', '80 01 ff ff ff ff ff ff ff ff ff 01'],
  ['escapes of every kind', '{"string":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"}', "72 0e '\"\\/' 08 0c 0a 0d 09 'é😀'"],
  ['a map key may have escapes', '{"toInt":{"\\u0061":1}}', "c2 01 05 0a 01 'a' 10 01"],
  ['a time of another zone', '{"time":"1970-01-01T01:00:01+01:00"}', 'f2 01 02 08 01'],
  ['a time with any decimals', '{"time":"1970-01-01T00:00:01.5Z"}', 'f2 01 08 08 01 10 80 ca b5 ee 01'],
  ['a leap day', '{"time":"2000-02-29T00:00:00Z"}', 'f2 01 06 08 80 98 ec c5 03'],
  ['the epoch is an empty message', '{"time":"1970-01-01T00:00:00Z"}', 'f2 01 00'],
  ['an empty field mask', '{"mask":""}', '82 02 00'],
  ['a NullValue by name and number', '{"null":"NULL_VALUE","none":0}', 'b8 02 00 e8 01 00'],
  ['a wrapper with a quoted value', '{"wrapped":5}', 'b2 02 02 08 05'],
  ['an Any whose type comes last', '{"any":{"bool":true,"@type":"x/all.Kinds"}}', "a2 02 11 0a 0b 'x/all.Kinds' 12 02 68 01"],
  ['an Any that is empty', '{"any":{}}', 'a2 02 00'],
  ['an Any of an empty message', '{"any":{"@type":"x/all.Kinds"}}', "a2 02 0d 0a 0b 'x/all.Kinds'"],
  ['an Any of Empty, either way', '{"any":{"@type":"x/google.protobuf.Empty","value":{}}}', "a2 02 19 0a 17 'x/google.protobuf.Empty'"],
  [
    'an Any in an Any whose types come last',
    '{"any":{"value":{"bool":true,"@type":"x/all.Kinds"},"@type":"x/google.protobuf.Any"}}',
    "a2 02 2a 0a 15 'x/google.protobuf.Any' 12 11 0a 0b 'x/all.Kinds' 12 02 68 01",
  ],
];

for (const [name, json, bytes] of accepted) {
  t.test(name, (t) => {
    t.equal(c.parse(K, json), wire(bytes).toString('hex'));
    t.end();
  });
}

const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);

const refused: readonly [name: string, json: string | Uint8Array, path: string, reason: string][] = [
  ['nothing', '', '', 'the JSON text ends where a value is expected'],
  ['an array as a message', '[]', '', 'an object is expected'],
  ['null as a message', 'null', '', 'an object is expected'],
  ['a text that is cut off', '{"int32":1', 'int32', "the JSON text ends where ',' or '}' is expected"],
  ['a string that is cut off', '{"string":"a', 'string', 'the string has no end'],
  ['a string that is cut off in an escape', '{"string":"a\\', 'string', 'the string has no end'],
  ['a literal that is cut off', '{"bool":tru', 'bool', 'a value is expected at offset 8'],
  ['a comma at the end of an object', '{"int32":1,}', '', 'a key in quotes is expected at offset 11'],
  ['a comma at the end of an array', '{"packed":[1,]}', 'packed[1]', 'a value is expected at offset 13'],
  ['a key without quotes', '{int32:1}', '', 'a key in quotes is expected at offset 1'],
  ['a key without a colon', '{"int32" 1}', 'int32', "':' is expected at offset 9"],
  ['single quotes', "{'int32':1}", '', 'a key in quotes is expected at offset 1'],
  ['a comment', '{/**/}', '', 'a key in quotes is expected at offset 1'],
  ['a second value', '{} {}', '', 'the JSON text goes on behind its end, at offset 3'],
  ['a NUL behind the value', '{}\0', '', 'the JSON text goes on behind its end, at offset 2'],
  ['a byte order mark', '\ufeff{}', '', 'the JSON text begins with a byte order mark, which must be left out'],
  ['an unknown field', '{"strnig":1}', 'strnig', 'unknown field; is "string" meant?'],
  ['an unknown field like none', '{"quite_another":1}', 'quite_another', 'unknown field'],
  ['an unknown field deep below', '{"many":[{},{"kinds":{"x":1}}]}', 'many[1].kinds.x', 'unknown field'],
  ['a wrong value in a map', '{"toInt":{"a":1,"b\\"":true}}', 'toInt["b\\""]', 'a number is expected'],
  ['a wrong value in a map of messages', '{"to_kinds":{"7":{"int32":true}}}', 'to_kinds["7"].int32', 'a number is expected'],
  ['a Struct with a key twice', '{"struct":{"a":{"b":1,"b":2}}}', 'struct["a"]["b"]', 'the key occurs twice'],
  ['a field twice', '{"int32":1,"int32":1}', 'int32', 'the field occurs twice'],
  ['a field twice by both names', '{"toInt":{},"to_int":{}}', 'to_int', 'the field occurs twice'],
  ['a field twice, once null', '{"int32":null,"int32":1}', 'int32', 'the field occurs twice'],
  ['a map key twice', '{"toInt":{"a":1,"a":2}}', 'toInt["a"]', 'the key occurs twice'],
  ['a map key twice by two spellings', '{"toKinds":{"1":{},"1.0":{}}}', 'toKinds["1.0"]', 'the key occurs twice'],
  ['two members of a oneof', '{"left":"","right":{}}', 'right', 'another member of the oneof choice is set'],
  ['null in a repeated field', '{"strings":["a",null]}', 'strings[1]', 'null is not a value of a repeated field'],
  ['null in a map', '{"toInt":{"a":null}}', 'toInt["a"]', 'null is not a value of a map'],
  ['an integer with decimals', '{"int32":1.5}', 'int32', 'an integer is expected'],
  ['an integer with a zero before it', '{"int32":01}', 'int32', 'an integer is expected'],
  ['a quoted integer with a zero before it', '{"int32":"01"}', 'int32', 'an integer is expected'],
  ['a quoted integer with a plus', '{"int32":"+1"}', 'int32', 'an integer is expected'],
  ['a quoted number that begins with a point', '{"double":".5"}', 'double', 'a number is expected'],
  ['a quoted number that ends with a point', '{"double":"5."}', 'double', 'a number is expected'],
  ['a quoted number with a space', '{"int32":" 1"}', 'int32', 'an integer is expected'],
  ['a quoted number with a space behind it', '{"int32":"1 "}', 'int32', 'a number is expected'],
  ['a hexadecimal number', '{"int32":"0x1"}', 'int32', 'a number is expected'],
  ['an empty number', '{"int32":""}', 'int32', 'an integer is expected'],
  ['a boolean as a number', '{"int32":true}', 'int32', 'a number is expected'],
  ['an int32 past its range', '{"int32":2147483648}', 'int32', 'the number is out of range'],
  ['an int32 below its range', '{"int32":-2147483649}', 'int32', 'the number is out of range'],
  ['a uint32 below zero', '{"uint32":-1}', 'uint32', 'the number is out of range'],
  ['an int64 past its range', '{"int64":9223372036854775808}', 'int64', 'the number is out of range'],
  ['an int64 below its range', '{"int64":"-9223372036854775809"}', 'int64', 'the number is out of range'],
  ['a uint64 past its range', '{"uint64":18446744073709551616}', 'uint64', 'the number is out of range'],
  ['a uint64 below zero', '{"uint64":"-1"}', 'uint64', 'the number is out of range'],
  ['an integer of many digits', `{"uint64":${'9'.repeat(400)}}`, 'uint64', 'the number is out of range'],
  ['an integer with a large exponent', '{"uint64":1e99999999999}', 'uint64', 'the number is out of range'],
  ['a double past its range', '{"double":1e309}', 'double', 'the number is out of range'],
  ['a float past its range', '{"float":3.4028236e38}', 'float', 'the number is out of range'],
  ['NaN without quotes', '{"double":NaN}', 'double', 'a value is expected at offset 10'],
  ['another infinity', '{"double":"+Infinity"}', 'double', 'a number is expected'],
  ['NaN in a Value', '{"value":NaN}', 'value', 'a value is expected at offset 9'],
  ['an infinite number in a Value', '{"value":1e400}', 'value', 'the number is out of range'],
  ['a boolean in quotes', '{"bool":"true"}', 'bool', 'true or false is expected'],
  ['a number as a string', '{"string":1}', 'string', 'a string is expected'],
  ['a lone high surrogate', '{"string":"\\ud83d"}', 'string', 'a lone surrogate'],
  ['a lone low surrogate', '{"string":"\\ude00"}', 'string', 'a lone surrogate'],
  ['two high surrogates', '{"string":"\\ud83d\\ud83d"}', 'string', 'a lone surrogate'],
  ['an unknown escape', '{"string":"\\x"}', 'string', 'an unknown escape'],
  ['an escape that is not hexadecimal', '{"string":"\\u12g4"}', 'string', 'an escape that is not hexadecimal'],
  ['an escape that is cut off', '{"string":"\\u12"}', 'string', 'an escape that is cut off'],
  ['a control character', '{"string":"a\n"}', 'string', 'a control character must be escaped, at offset 12'],
  ['a byte that is not UTF-8', wire('\'{"string":"\' ff \'"}\''), 'string', 'the text is not UTF-8 at offset 11'],
  ['a surrogate in UTF-8', wire('\'{"string":"\' ed a0 80 \'"}\''), 'string', 'the text is not UTF-8 at offset 11'],
  ['UTF-8 that is longer than needed', wire('\'{"string":"\' c0 80 \'"}\''), 'string', 'the text is not UTF-8 at offset 11'],
  ['UTF-8 that is cut off', wire('\'{"string":"\' e2 82 \'"}\''), 'string', 'the text is not UTF-8 at offset 11'],
  ['UTF-8 past U+10FFFF', wire('\'{"string":"\' f4 90 80 80 \'"}\''), 'string', 'the text is not UTF-8 at offset 11'],
  ['base64 with misplaced padding', '{"bytes":"QQ=="}'.replace('QQ==', 'Q=Q='), 'bytes', 'base64 text is expected'],
  ['base64 with too little padding', '{"bytes":"QQ="}', 'bytes', 'base64 text is padded wrongly'],
  ['base64 with too much padding', '{"bytes":"QUJD="}', 'bytes', 'base64 text is padded wrongly'],
  ['base64 of one letter', '{"bytes":"Q"}', 'bytes', 'base64 text is cut off'],
  ['padding alone', '{"bytes":"===="}', 'bytes', 'base64 text is expected'],
  ['an unknown enum name', '{"open":"ONEE"}', 'open', 'unknown enum value; is "ONE" meant?'],
  ['an enum number in quotes', '{"open":"1"}', 'open', 'unknown enum value'],
  ['a number that a closed enum lacks', '{"closed":4}', 'closed', 'unknown enum value'],
  ['an integer with zeros within', `{"int32":1${'0'.repeat(300_000)}1.0}`, 'int32', 'the number is out of range'],
  ['a time without a zone', '{"time":"1970-01-01T00:00:00"}', 'time', 'a time like 2006-01-02T15:04:05Z is expected'],
  ['a day that is none', '{"time":"1970-02-29T00:00:00Z"}', 'time', 'a time like 2006-01-02T15:04:05Z is expected'],
  ['a time before its range', '{"time":"0001-01-01T00:00:00+00:01"}', 'time', 'the time is out of range'],
  ['a duration without a unit', '{"duration":"1"}', 'duration', 'a duration like 1.5s is expected'],
  ['a duration past its range', '{"duration":"315576000001s"}', 'duration', 'the duration is out of range'],
  ['a field mask with an empty path', '{"mask":"a,,b"}', 'mask', 'a path of the field mask is empty'],
  ['a field mask that ends with a comma', '{"mask":"a,"}', 'mask', 'a path of the field mask is empty'],
  ['a field mask in snake_case', '{"mask":"page_size"}', 'mask', 'a path of the field mask must be in lowerCamelCase'],
  ['an Any without a type', '{"any":{"bool":true}}', 'any', '"@type" is missing'],
  ['an Any of an unknown type', '{"any":{"@type":"x/no.Type"}}', 'any.@type', 'the type is not known'],
  ['an Any of a type without a slash', '{"any":{"@type":"all.Kinds"}}', 'any.@type', 'the type is not known'],
  ['an Any with two types', '{"any":{"@type":"x/all.Kinds","@type":"x/all.Kinds"}}', 'any.@type', 'the key occurs twice'],
  [
    'an Any with two types behind',
    '{"any":{"bool":true,"@type":"x/all.Kinds","@type":"x/all.Kinds"}}',
    'any.@type',
    'the key occurs twice',
  ],
  ['an Any of a well-known type without a value', '{"any":{"@type":"x/google.protobuf.Duration"}}', 'any', '"value" is missing'],
  [
    'an Any of a well-known type with a member',
    '{"any":{"@type":"x/google.protobuf.Duration","a":1}}',
    'any.a',
    'unknown field; only "value" stands beside this type',
  ],
  ['a wrong member of an Any', '{"any":{"@type":"x/all.Kinds","bool":1}}', 'any.bool', 'true or false is expected'],
  ['an extension that is not known', '{"[all.none]":1}', '[all.none]', 'unknown field'],
  [
    'messages nested too deep',
    `${'{"kinds":'.repeat(101)}{}${'}'.repeat(101)}`,
    'kinds'.concat('.kinds'.repeat(99)),
    'nested deeper than 100',
  ],
  ['lists nested too deep', `{"list":${deep('[', ']', 100)}}`, `list${'[0]'.repeat(99)}`, 'nested deeper than 100'],
  [
    'objects in a Value nested too deep',
    `{"value":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`,
    `value${'["a"]'.repeat(99)}`,
    'nested deeper than 100',
  ],
  [
    'Anys nested too deep',
    `{"any":${'{"@type":"x/google.protobuf.Any","value":'.repeat(100)}{}${'}'.repeat(100)}}`,
    `any${'.value'.repeat(99)}`,
    'nested deeper than 100',
  ],
];

for (const [name, json, path, reason] of refused) {
  t.test(`${name} is refused`, (t) => {
    t.throws(() => c.parse(K, json), { name: 'JsonError', path, reason });
    t.end();
  });
}

t.test('messages of one type nest with lengths of one and two bytes', (t) => {
  const text = 'x'.repeat(130);
  const long = `{"kinds":{"kinds":{"string":"${text}"}},"many":[{"many":[{"string":"${text}"},{}]},{"kinds":{}}]}`;
  const string = new WireWriter().bytesField(14, text).finish();
  const inner = new WireWriter().bytesField(23, string).bytesField(23, '').finish();
  const expected = new WireWriter()
    .bytesField(18, new WireWriter().bytesField(18, string).finish())
    .bytesField(23, inner)
    .bytesField(23, wire('92 01 00'))
    .finish();
  for (let time = 0; time < 2; time++) {
    t.equal(c.parse(K, long), hex(expected));
    t.equal(c.parse(K, '{"kinds":{"kinds":{}}}'), '920103920100');
  }
  t.end();
});

t.test('100 levels are accepted', (t) => {
  t.equal(c.parse(K, `${'{"group":'.repeat(99)}{}${'}'.repeat(99)}`), '9b01'.repeat(99) + '9c01'.repeat(99));
  t.equal(c.parse(K, `{"list":${deep('[', ']', 99)}}`).length > 0, true);
  t.end();
});

const ignored: readonly [name: string, json: string, wire: string][] = [
  ['an unknown field', '{"x":[{"y":"\\u0041",  "z":[]},-1.5e3,true,false,null],"int32":1}', '18 01'],
  ['an unknown enum name', '{"open":"X","int32":1}', '18 01'],
  ['an unknown enum name in an array', '{"opens":["X","ONE","Y"]}', 'ca 02 01 01'],
  ['a number that a closed enum lacks', '{"closed":4,"int32":1}', '18 01'],
  ['an array of unknown enum names', '{"opens":["X"]}', ''],
  ['an unknown enum name in a map', '{"toOpen":{"true":"X","false":"ONE"}}', 'd2 01 04 08 00 10 01'],
  ['an unknown member of an Any', '{"any":{"@type":"x/all.Kinds","x":1}}', "a2 02 0d 0a 0b 'x/all.Kinds'"],
];

for (const [name, json, bytes] of ignored) {
  t.test(`${name} is ignored where unknown things are`, (t) => {
    t.equal(c.parse(K, json, { unknown: 'ignore' }), wire(bytes).toString('hex'));
    t.end();
  });
}

t.test('what is ignored must be JSON', (t) => {
  for (const json of [
    '{"x":01}',
    '{"x":[1,]}',
    '{"x":{"a"}}',
    '{"x":"\\uD800","y":tru}',
    '{"x":1.}',
    '{"x":-}',
    `{"x":${deep('[', ']', 101)}}`,
  ]) {
    t.throws(() => c.parse(K, json, { unknown: 'ignore' }), JsonError, json);
  }
  t.end();
});

t.test('a sink keeps what it had when a parse fails', (t) => {
  const sink = c.codec.createSink();
  sink.append(Buffer.from('kept'));
  const parse = c.codec.parser(c.type(K), [], { unknown: 'error' });
  t.throws(() => parse(Buffer.from('{"int32":1,"string":2}'), sink, { bound: [], conflict: 'error', mask: undefined }));
  t.equal(Buffer.from(sink.take()).toString(), 'kept');
  t.end();
});

t.test('a sink has a limit', (t) => {
  const sink = c.codec.createSink(10);
  const parse = c.codec.parser(c.type(K), [], { unknown: 'error' });
  const request = { bound: [], conflict: 'error' as const, mask: undefined };
  t.throws(() => parse(Buffer.from('{"string":"0123456789"}'), sink, request), {
    name: 'JsonError',
    reason: 'the output is larger than 10 bytes',
  });
  parse(Buffer.from('{"string":"01234567"}'), sink, request);
  t.equal(sink.length, 10);
  t.end();
});
