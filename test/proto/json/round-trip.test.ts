import t from 'tap';
import { allKinds } from './all-kinds.js';
import { CodecCase, wire } from './codec-case.js';

const c = new CodecCase(allKinds);

const rows: readonly [name: string, json: string, wire: string][] = [
  ['a double', '{"double":1.5}', '09 00 00 00 00 00 00 f8 3f'],
  ['a double below zero that is zero', '{"double":-0}', '09 00 00 00 00 00 00 00 80'],
  ['a double that is not a number', '{"double":"NaN"}', '09 00 00 00 00 00 00 f8 7f'],
  ['an infinite double', '{"double":"-Infinity"}', '09 00 00 00 00 00 00 f0 ff'],
  ['a float by its shortest digits', '{"float":0.1}', '15 cd cc cc 3d'],
  ['a negative int32 in ten bytes', '{"int32":-1}', '18 ff ff ff ff ff ff ff ff ff 01'],
  ['the least int64', '{"int64":"-9223372036854775808"}', '20 80 80 80 80 80 80 80 80 80 01'],
  ['an int64 past 2^53', '{"int64":"9007199254740993"}', '20 81 80 80 80 80 80 80 10'],
  ['the largest uint32', '{"uint32":4294967295}', '28 ff ff ff ff 0f'],
  ['the largest uint64', '{"uint64":"18446744073709551615"}', '30 ff ff ff ff ff ff ff ff ff 01'],
  ['a sint32', '{"sint32":-2147483648}', '38 ff ff ff ff 0f'],
  ['a sint64', '{"sint64":"-9223372036854775808"}', '40 ff ff ff ff ff ff ff ff ff 01'],
  ['a fixed32', '{"fixed32":4294967295}', '4d ff ff ff ff'],
  ['a fixed64', '{"fixed64":"18446744073709551615"}', '51 ff ff ff ff ff ff ff ff'],
  ['a sfixed32', '{"sfixed32":-2}', '5d fe ff ff ff'],
  ['a sfixed64', '{"sfixed64":"-2"}', '61 fe ff ff ff ff ff ff ff'],
  ['a bool', '{"bool":true}', '68 01'],
  ['a string with characters of one to four bytes', '{"string":"aé€😀"}', "72 0a 'aé€😀'"],
  ['bytes in padded base64', '{"bytes":"+/8="}', '7a 02 fb ff'],
  ['an enum by name', '{"open":"MINUS"}', '80 01 ff ff ff ff ff ff ff ff ff 01'],
  ['an unknown number of an open enum', '{"open":7}', '80 01 07'],
  ['a closed enum', '{"closed":"FIRST"}', '88 01 03'],
  ['a message', '{"kinds":{"kinds":{}}}', '92 01 03 92 01 00'],
  ['a group', '{"group":{"bool":true}}', '9b 01 68 01 9c 01'],
  ['groups within groups', '{"group":{"group":{}}}', '9b 01 9b 01 9c 01 9c 01'],
  ['a packed field', '{"packed":[1,-1,300]}', 'a2 01 0d 01 ff ff ff ff ff ff ff ff ff 01 ac 02'],
  ['an unpacked field', '{"unpacked":[1,2]}', 'a8 01 01 a8 01 02'],
  ['a repeated string', '{"strings":["","a"]}', "b2 01 00 b2 01 01 'a'"],
  ['repeated messages', '{"many":[{},{"bool":true}]}', 'ba 01 00 ba 01 02 68 01'],
  ['a map of strings', '{"toInt":{"a":1,"":0}}', "c2 01 05 0a 01 'a' 10 01 c2 01 04 0a 00 10 00"],
  ['a map of messages', '{"toKinds":{"-1":{}}}', 'ca 01 0d 08 ff ff ff ff ff ff ff ff ff 01 12 00'],
  ['a map of enums by bool', '{"toOpen":{"true":"ONE"}}', 'd2 01 04 08 01 10 01'],
  ['a oneof string', '{"left":""}', 'da 01 00'],
  ['a oneof message', '{"right":{}}', 'e2 01 00'],
  ['a oneof null', '{"none":null}', 'e8 01 00'],
  ['a Timestamp', '{"time":"2026-11-21T01:02:03.000000004Z"}', 'f2 01 08 08 8b db 83 d8 06 10 04'],
  ['the first Timestamp', '{"time":"0001-01-01T00:00:00Z"}', 'f2 01 0b 08 80 92 b8 c3 98 fe ff ff ff 01'],
  ['a negative Duration', '{"duration":"-1.500s"}', 'fa 01 16 08 ff ff ff ff ff ff ff ff ff 01 10 80 b6 ca 91 fe ff ff ff ff 01'],
  ['a FieldMask', '{"mask":"pageSize,book.isbn"}', "82 02 16 0a 09 'page_size' 0a 09 'book.isbn'"],
  [
    'a Struct',
    '{"struct":{"a":[null,1,"b",true,{}]}}',
    "8a 02 25 0a 23 0a 01 'a' 12 1e 32 1c 0a 02 08 00 0a 09 11 00 00 00 00 00 00 f0 3f 0a 03 1a 01 'b' 0a 02 20 01 0a 02 2a 00",
  ],
  ['a Value that is null', '{"value":null}', '92 02 02 08 00'],
  ['a ListValue', '{"list":[]}', '9a 02 00'],
  ['an Any', '{"any":{"@type":"x/all.Kinds","bool":true}}', "a2 02 11 0a 0b 'x/all.Kinds' 12 02 68 01"],
  [
    'an Any of a well-known type',
    '{"any":{"@type":"x/google.protobuf.Duration","value":"1s"}}',
    "a2 02 20 0a 1a 'x/google.protobuf.Duration' 12 02 08 01",
  ],
  ['an Empty', '{"empty":{}}', 'aa 02 00'],
  ['a wrapper of zero', '{"wrapped":"0"}', 'b2 02 00'],
  ['a wrapper', '{"wrapped":"5"}', 'b2 02 02 08 05'],
  ['a NullValue', '{"null":null}', 'b8 02 00'],
  ['repeated Values', '{"values":[null,1]}', 'c2 02 02 08 00 c2 02 09 11 00 00 00 00 00 00 f0 3f'],
  ['repeated enums', '{"opens":["NONE",9]}', 'ca 02 02 00 09'],
  ['an extension', '{"[all.ext]":"a"}', "a2 06 01 'a'"],
  ['a repeated extension', '{"[all.exts]":[1]}', 'aa 06 01 01'],
  ['nothing', '{}', ''],
];

for (const [name, json, bytes] of rows) {
  t.test(`${name} is printed and parsed`, (t) => {
    const expected = wire(bytes);
    t.equal(c.print('all.Kinds', expected), json);
    t.equal(c.parse('all.Kinds', json), expected.toString('hex'));
    t.end();
  });
}
