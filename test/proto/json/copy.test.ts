import fc from 'fast-check';
import protobuf from 'protobufjs';
import { test } from 'tap';
import type { Bound } from '../../../proto/json/codec.js';
import { JsonError } from '../../../proto/json/codec.js';
import { schemaOf } from '../../support/schema.js';
import { CodecCase, hex, wire } from './codec-case.js';

const text = `
  syntax = "proto3";
  package c;
  message M {
    string name = 1; M m = 2; repeated M many = 3; map<string, M> by_name = 4; repeated int32 numbers = 5; repeated int32 loose = 6 [packed = false];
    repeated fixed32 four = 7; repeated double eight = 8; bytes data = 9; int32 count = 10; bool flag = 11; fixed64 fixed = 12; float real = 13;
    oneof one { string left = 14; M right = 15; } optional int32 maybe = 16;
  }`;
const c = new CodecCase(
  schemaOf({
    'c.proto': text,
    'g.proto':
      'edition = "2023"; package g; message G { G group = 1 [features.message_encoding = DELIMITED]; string name = 2; G plain = 3; }',
    'p2.proto': 'syntax = "proto2"; package p2; message P { optional string name = 1; }',
  }),
);
const M = 'c.M';

function copy(
  type: string,
  bytes: Uint8Array,
  options: { at?: string; bound?: readonly Bound[]; conflict?: 'error' | 'override' } = {},
): string {
  const sink = c.codec.createSink();
  sink.append(Uint8Array.of(0xaa));
  try {
    c.codec.copier(c.type(type), c.chain(type, options.at ?? ''))(bytes, sink, {
      bound: options.bound ?? [],
      conflict: options.conflict ?? 'error',
    });
    return hex(sink.take()).slice(2);
  } catch (e) {
    if (e instanceof JsonError) return e.message;
    throw e;
  }
}

test('a message is passed on as it came', async (t) => {
  const rows = [
    '',
    "0a 01 'A' 12 03 0a 01 'B' 1a 00 1a 02 50 05",
    "22 07 0a 01 'k' 12 02 50 01",
    '2a 03 01 02 03 28 04 32 02 01 02 30 05',
    '3a 04 00 00 00 00 3d 00 00 00 00 42 00 41 00 00 00 00 00 00 00 00',
    '50 ff ff ff ff ff ff ff ff ff 01',
    "a2 06 01 'x' a0 06 01 a5 06 00 00 00 00 a1 06 00 00 00 00 00 00 00 00 a3 06 08 01 a4 06",
  ];
  for (const row of rows) t.equal(copy(M, wire(row)), hex(wire(row)), row);
  t.equal(copy(M, wire('50 05'), { at: 'm' }), hex(wire('12 02 50 05')));
  t.equal(copy(M, wire(''), { at: 'm' }), hex(wire('12 00')));
  t.equal(copy('g.G', wire("12 01 'x'"), { at: 'group' }), hex(wire("0b 12 01 'x' 0c")));
  t.equal(copy('p2.P', wire('0a 01 ff')), '0a01ff', 'strings of proto2 are not checked');
});

test('bytes that are no message of the type are refused', async (t) => {
  const rows = [
    ['0a', 'the message is malformed: truncated'],
    ["0a 02 'A'", 'the message is cut off'],
    ["12 04 0a 03 'A' 50", 'm: the message is cut off'],
    ['50', 'the message is malformed: truncated'],
    ['61 00', 'the message is cut off'],
    ['6d 00', 'the message is cut off'],
    ['00', 'the message is malformed: field number 0'],
    ['0c', 'a group ends that did not begin'],
    ['12 01 0c', 'm: a group ends that did not begin'],
    ['a3 06 08 01', 'the message is cut off'],
    ['a3 06 ac 06', 'a group ends that did not begin'],
    ['0f', 'name: is not of the wire type of its field'],
    ['a7 06', 'has an unknown wire type'],
    ['08 01', 'name: is not of the wire type of its field'],
    ["52 01 'A'", 'count: is not of the wire type of its field'],
    ['13 14', 'm: is not of the wire type of its field'],
    ['12 02 08 01', 'm.name: is not of the wire type of its field'],
    ['22 02 08 01', 'by_name.key: is not of the wire type of its field'],
    ['0a 01 ff', 'name: is not UTF-8'],
    ['0a 02 c3 28', 'name: is not UTF-8'],
    ['22 03 0a 01 ff', 'by_name.key: is not UTF-8'],
    ['2a 01 80', 'numbers: is cut off'],
    ['3a 03 00 00 00', 'four: is cut off'],
    ['42 04 00 00 00 00', 'eight: is cut off'],
    ['50 ff ff ff ff ff ff ff ff ff ff 01', 'the message is malformed: varint of more than 10 bytes'],
    ["8a 80 80 80 80 00 01 'A'", 'the message has a number of more than 32 bits'],
    ["8a 80 80 80 10 01 'A'", 'the message has a number of more than 32 bits'],
    ["0a 81 80 80 80 10 'A'", 'the message has a number of more than 32 bits'],
  ] as const;
  for (const [row, reason] of rows) {
    const bytes = wire(row);
    if (row === '2a 01 80') {
      t.match(copy(M, bytes), /numbers: is cut off|truncated/, row);
      continue;
    }
    t.equal(copy(M, bytes), reason, row);
    t.equal(copy(M, bytes, { bound: [c.bound(M, 'm.m.name', 'x')] }), reason, `${row}, gone through`);
  }
});

test('messages are nested at most 100 deep', async (t) => {
  const nested = (depth: number) => {
    let bytes: Buffer = Buffer.alloc(0);
    for (let i = 1; i < depth; i++) bytes = Buffer.from(protobuf.Writer.create().uint32(0x12).bytes(bytes).finish());
    return bytes;
  };
  const groups = (depth: number) => wire('0b '.repeat(depth - 1) + '0c '.repeat(depth - 1));
  const refused = /messages are nested deeper than 100$/;
  for (const bound of [[], [c.bound(M, `${'m.'.repeat(101)}name`, 'x')]]) {
    t.equal(copy(M, nested(100), { bound }), hex(nested(100)));
    t.match(copy(M, nested(101), { bound }), refused);
  }
  t.equal(copy('g.G', groups(100)), hex(groups(100)));
  t.match(copy('g.G', groups(101)), refused);
  const unknown = (depth: number) => wire('a3 06 '.repeat(depth - 1) + 'a4 06 '.repeat(depth - 1));
  t.equal(copy(M, unknown(100)), hex(unknown(100)));
  t.match(copy(M, unknown(101)), refused);
});

test('what the path says is left out, wherever it stands', async (t) => {
  const name = c.bound(M, 'm.name', 'x');
  const rows = [
    ["12 03 0a 01 'x'", '12 00'],
    ["12 05 0a 01 'x' 50 05", '12 02 50 05'],
    ["12 03 0a 01 'x' 12 02 50 05 12 03 0a 01 'x'", '12 00 12 02 50 05 12 00'],
    ["12 06 0a 01 'x' 0a 01 'x'", '12 00'],
    ['12 02 0a 00', '12 00'],
    ["0a 01 'A' 12 00 50 01", "0a 01 'A' 12 00 50 01"],
    ["1a 03 0a 01 'y'", "1a 03 0a 01 'y'"],
  ] as const;
  for (const [row, expected] of rows) t.equal(copy(M, wire(row), { bound: [name] }), hex(wire(expected)), row);
  t.equal(copy(M, wire("0a 01 'x' 50 01"), { bound: [name], at: 'm' }), hex(wire('12 02 50 01')));
  const large = `12 88 01 0a 01 'x' 4a 82 01 ${'00 '.repeat(130)}`;
  t.equal(copy(M, wire(large), { bound: [name] }), hex(wire(`12 85 01 4a 82 01 ${'00 '.repeat(130)}`)));
  t.equal(copy('g.G', wire("0b 12 01 'x' 1a 00 0c"), { bound: [c.bound('g.G', 'group.name', 'x')] }), hex(wire('0b 1a 00 0c')));
});

test('what contradicts the path is refused, or left out', async (t) => {
  const rows = [
    ['m.name', 'x', "12 03 0a 01 'y'", 'm.name: the path says otherwise', '12 00'],
    ['m.name', 'x', "12 03 0a 01 'x' 12 03 0a 01 'y'", 'm.name: the path says otherwise', '12 00 12 00'],
    ['name', 'x', "0a 01 'x' 0a 01 'y' 50 01", 'name: the path says otherwise', '50 01'],
    ['count', '5', '50 85 00', 'count: the path says otherwise', ''],
    ['maybe', '5', '80 01 00', 'maybe: the path says otherwise', ''],
    ['left', 'x', '7a 00', 'right: the path sets another member of its oneof', ''],
    ['right.name', 'x', "72 01 'y'", 'left: the path sets another member of its oneof', ''],
    ['right.name', 'x', "72 00 7a 03 0a 01 'x'", 'left: the path sets another member of its oneof', '7a 00'],
  ] as const;
  for (const [path, value, row, reason, expected] of rows) {
    const bound = [c.bound(M, path, value)];
    t.equal(copy(M, wire(row), { bound }), reason, row);
    t.equal(copy(M, wire(row), { bound, conflict: 'override' }), hex(wire(expected)), row);
  }
});

test('a field of scalar kind has no message to copy', async (t) => {
  t.throws(() => copy(M, wire(''), { at: 'name' }), TypeError);
  t.throws(() => copy(M, wire(''), { at: 'many' }), TypeError);
});

test('content is written within the messages that enclose its field', async (t) => {
  const content = (type: string, path: string, ...pieces: readonly string[]) => {
    const sink = c.codec.createSink();
    c.codec.content(c.chain(type, path))(pieces.map(wire), sink);
    return hex(sink.take());
  };
  t.equal(content(M, '', '01', '02'), '0102');
  t.equal(content(M, 'data', '01', '', '02'), '4a020102');
  t.equal(content(M, 'm.m.data', ''), '120412024a00');
  t.equal(content(M, 'm.data', '00 '.repeat(126)), hex(wire(`12 80 01 4a 7e ${'00 '.repeat(126)}`)));
  t.equal(content(M, 'many', '50 01'), '1a025001');
  t.equal(content('g.G', 'group.plain.group', "12 01 'x'"), hex(wire("0b 1a 05 0b 12 01 'x' 0c 0c")));
  t.throws(() => content(M, 'count', ''), TypeError);
});

test('any bytes are copied so that protobufjs reads from them what it read before, or are refused', async (t) => {
  const type = protobuf.parse(text).root.lookupType('c.M');
  const value = fc.uint8Array({ maxLength: 6 });
  const field = fc
    .tuple(fc.integer({ min: 1, max: 17 }), fc.constantFrom(0, 1, 2, 2, 2, 5), value, fc.nat(200))
    .map(([number, wireType, bytes, varint]) => {
      const writer = protobuf.Writer.create().uint32((number << 3) | wireType);
      if (wireType === 0) writer.uint32(varint);
      else if (wireType === 2) writer.bytes(bytes);
      else if (wireType === 1) writer.fixed64(varint);
      else writer.fixed32(varint);
      return writer.finish();
    });
  const message = fc.oneof(
    fc.array(field, { maxLength: 4 }).map((fields) => Buffer.concat(fields)),
    fc.uint8Array({ maxLength: 12 }),
  );
  let copied = 0;
  fc.assert(
    fc.property(message, fc.boolean(), (bytes, isBound) => {
      const result = copy(M, bytes, { bound: isBound ? [c.bound(M, 'm.m.name', 'x')] : [] });
      if (!/^[0-9a-f]*$/.test(result)) return true;
      copied += 1;
      const read = (b: Uint8Array) => JSON.stringify(type.toObject(type.decode(b), { bytes: String, longs: String }));
      return read(Buffer.from(result, 'hex')) === read(bytes);
    }),
    { seed: 6, numRuns: 20_000 },
  );
  t.ok(copied > 2000, `${copied} were messages`);
});
