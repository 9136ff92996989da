import t from 'tap';
import { schemaOf } from '../../support/schema.js';
import { CodecCase, wire } from './codec-case.js';

const c = new CodecCase(
  schemaOf({
    'r.proto': `
      syntax = "proto3";
      package r;
      import "google/protobuf/duration.proto";
      import "google/protobuf/field_mask.proto";
      import "google/protobuf/struct.proto";
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";
      enum Kind { NONE = 0; SOME = 1; }
      message Author { string full_name = 1; int32 born_year = 2; map<string, int32> awards = 3; }
      message Book {
        string name = 1; Author author = 2; repeated Author editors = 3; bool sold = 4; bytes data = 5; Kind kind = 6;
        google.protobuf.Timestamp time = 7; google.protobuf.FieldMask mask = 8; google.protobuf.Struct meta = 9; google.protobuf.Value any = 10;
        google.protobuf.Int64Value pages = 11; google.protobuf.Duration length = 12; double price = 13; repeated int32 sizes = 14;
        oneof place { string shelf = 15; Author desk = 16; } optional string maybe = 17; map<int32, Kind> kinds = 18; google.protobuf.StringValue note = 19;
        google.protobuf.ListValue list = 20; google.protobuf.BytesValue blob = 21;
      }
      message Update { Book book = 1; string parent = 2; repeated Book books = 3; map<string, Book> by_name = 4; int32 count = 5; oneof x { Book left = 6; Book right = 7; } }`,
    'g.proto': `
      edition = "2023";
      package g;
      message G { G group = 1 [features.message_encoding = DELIMITED]; string name = 2; }`,
  }),
);
const U = 'r.Update';
const B = 'r.Book';

t.test('a body is written within the messages that enclose its field', (t) => {
  const rows: readonly [at: string, json: string, wire: string][] = [
    ['book', '{"name":"x"}', "0a 03 0a 01 'x'"],
    ['book', '{}', '0a 00'],
    ['book', 'null', ''],
    ['book.author', '{"bornYear":7}', '0a 04 12 02 10 07'],
    ['book.author', ' null ', ''],
    ['book.name', '"x"', "0a 03 0a 01 'x'"],
    ['book.name', '""', ''],
    ['book.author.awards', '{"a":1}', "0a 09 12 07 1a 05 0a 01 'a' 10 01"],
    ['book.sizes', '[1,2]', '0a 04 72 02 01 02'],
    ['book.time', '"1970-01-01T00:00:01Z"', '0a 04 3a 02 08 01'],
    ['books', '[{},{"sold":true}]', '1a 00 1a 02 20 01'],
    ['count', '5', '28 05'],
  ];
  for (const [at, json, bytes] of rows) t.equal(c.parse(U, json, { at }), wire(bytes).toString('hex'), `${at} ${json}`);
  t.equal(c.parse('g.G', '{"name":"x"}', { at: 'group.group' }), wire("0b 0b 12 01 'x' 0c 0c").toString('hex'));
  t.throws(() => c.parse(U, '{"author":{"x":1}}', { at: 'book' }), { name: 'JsonError', path: 'author.x', reason: 'unknown field' });
  t.throws(() => c.parse(U, '[{},{"sold":1}]', { at: 'books' }), { name: 'JsonError', path: '[1].sold' });
  t.throws(() => c.parse(U, '{"k":{"sold":1}}', { at: 'by_name' }), { name: 'JsonError', path: '["k"].sold' });
  t.throws(() => c.parse(U, '{"x":{}}', { at: 'book.author.awards' }), {
    name: 'JsonError',
    path: '["x"]',
    reason: 'a number is expected',
  });
  t.throws(() => c.parse(U, '7', { at: 'book' }), { name: 'JsonError', path: '', reason: 'an object is expected' });
  t.end();
});

t.test('a body that says what the path says is accepted, and the path alone is written', (t) => {
  const name = c.bound(U, 'book.name', 'x');
  const rows: readonly [at: string, json: string, wire: string][] = [
    ['book', '{"name":"x","sold":true}', '0a 02 20 01'],
    ['book', '{"name":"","sold":true}', '0a 02 20 01'],
    ['book', '{"name":null,"sold":true}', '0a 02 20 01'],
    ['', '{"book":{"name":"x"},"parent":"p"}', "0a 00 12 01 'p'"],
    ['', '{"book":null}', ''],
    ['book.author', '{"bornYear":1}', '0a 04 12 02 10 01'],
    ['books', '[{"name":"y"}]', "1a 03 0a 01 'y'"],
  ];
  for (const [at, json, bytes] of rows) t.equal(c.parse(U, json, { at, bound: [name] }), wire(bytes).toString('hex'), `${at} ${json}`);
  t.end();
});

t.test('a body that contradicts the path is refused, or overridden', (t) => {
  const rows: readonly [path: string, text: string, json: string, at: string, reason: string, wire: string][] = [
    ['book.name', 'x', '{"book":{"name":"y"}}', 'book.name', 'the path says otherwise', '0a 00'],
    ['parent', 'x', '{"parent":"y","count":1}', 'parent', 'the path says otherwise', '28 01'],
    ['count', '0', '{"count":1}', 'count', 'the path says otherwise', ''],
    ['book.maybe', 'x', '{"book":{"maybe":""}}', 'book.maybe', 'the path says otherwise', '0a 00'],
    ['book.shelf', 'x', '{"book":{"desk":{}}}', 'book.desk', 'the path sets another member of its oneof', '0a 00'],
    ['book.desk.full_name', 'x', '{"book":{"shelf":""}}', 'book.shelf', 'the path sets another member of its oneof', '0a 00'],
    ['book.desk.full_name', 'x', '{"book":{"desk":{"full_name":"y"}}}', 'book.desk.full_name', 'the path says otherwise', '0a 03 82 01 00'],
    ['left.name', 'x', '{"right":{}}', 'right', 'the path sets another member of its oneof', ''],
    ['book.time', '1970-01-01T00:00:01Z', '{"book":{"time":"1970-01-01T00:00:02Z"}}', 'book.time', 'the path says otherwise', '0a 00'],
  ];
  for (const [path, text, json, errorPath, reason, bytes] of rows) {
    const bound = [c.bound(U, path, text)];
    t.throws(() => c.parse(U, json, { bound }), { name: 'JsonError', path: errorPath, reason }, json);
    t.equal(c.parse(U, json, { bound, conflict: 'override' }), wire(bytes).toString('hex'), json);
  }
  const group = [c.bound('g.G', 'group.group.name', 'x')];
  t.equal(c.parse('g.G', '{"group":{"group":{"name":"x"}}}', { bound: group }), '0b0b0c0c');
  t.throws(() => c.parse('g.G', '{"group":{"group":{"name":"y"}}}', { bound: group }), { name: 'JsonError', path: 'group.group.name' });
  t.end();
});

t.test('an equal Timestamp is accepted in another spelling', (t) => {
  const bound = [c.bound(B, 'time', '1970-01-01T00:00:01Z')];
  t.equal(c.parse(B, '{"time":"1970-01-01T01:00:01.000+01:00"}', { bound }), '');
  t.end();
});

t.test('the fields that a body names make a mask', (t) => {
  const rows: readonly [json: string, paths: readonly string[]][] = [
    ['{}', []],
    ['{"name":"x","sold":false}', ['name', 'sold']],
    ['{"author":{"fullName":"x","born_year":1}}', ['author.full_name', 'author.born_year']],
    ['{"author":{}}', ['author']],
    ['{"author":null,"name":null}', ['author', 'name']],
    ['{"author":{"awards":{"a":1}}}', ['author.awards']],
    [
      ' { "editors" : [ { "fullName" : "},]" } ] , "meta" : { "a" : [ {} ] } , "time":"1970-01-01T00:00:00Z" } ',
      ['editors', 'meta', 'time'],
    ],
    ['{"n\\u0061me":"\\""}', ['name']],
    ['{"desk":{"bornYear":1}}', ['desk.born_year']],
  ];
  for (const [json, paths] of rows) {
    const mask: string[] = [];
    c.parse(B, json, { mask });
    t.same(mask, paths, json);
    const within: string[] = [];
    c.parse(U, json, { mask: within, at: 'book' });
    t.same(within, paths, `${json} at book`);
  }
  const ignoring: string[] = [];
  c.parse(B, '{"x":{"name":1},"name":"y"}', { mask: ignoring, unknown: 'ignore' });
  t.same(ignoring, ['name']);
  const none: string[] = [];
  c.parse(U, '[{"name":"x"}]', { mask: none, at: 'books' });
  c.parse(U, 'null', { mask: none, at: 'book' });
  t.same(none, []);
  t.end();
});

t.test('text of a path, query or form becomes a field', (t) => {
  const rows: readonly [path: string, text: string, wire: string][] = [
    ['name', 'a"\\é', "0a 05 'a\"\\é'"],
    ['name', '', '0a 00'],
    ['author.full_name', 'x', "12 03 0a 01 'x'"],
    ['author.born_year', '-1', '12 0b 10 ff ff ff ff ff ff ff ff ff 01'],
    ['author.born_year', '1e2', '12 02 10 64'],
    ['sold', 'true', '20 01'],
    ['sold', 'false', '20 00'],
    ['data', '+/8=', '2a 02 fb ff'],
    ['data', '-_8', '2a 02 fb ff'],
    ['kind', 'SOME', '30 01'],
    ['kind', '1', '30 01'],
    ['kind', '7', '30 07'],
    ['time', '1970-01-01T00:00:01Z', '3a 02 08 01'],
    ['length', '1s', '62 02 08 01'],
    ['mask', 'bornYear,author', "42 13 0a 09 'born_year' 0a 06 'author'"],
    ['mask', 'born_year,author.full_name', "42 1d 0a 09 'born_year' 0a 10 'author.full_name'"],
    ['mask', '', '42 00'],
    ['meta', ' {"a":null} ', "4a 09 0a 07 0a 01 'a' 12 02 08 00"],
    ['any', '"x"', "52 03 1a 01 'x'"],
    ['any', 'null', '52 02 08 00'],
    ['list', '[true]', 'a2 01 04 0a 02 20 01'],
    ['author', '{"bornYear":1}', '12 02 10 01'],
    ['editors', '{"bornYear":1}', '1a 02 10 01'],
    ['author.awards', '{"a":1}', "12 07 1a 05 0a 01 'a' 10 01"],
    ['pages', '5', '5a 02 08 05'],
    ['note', 'n', "9a 01 03 0a 01 'n'"],
    ['blob', '-_8', 'aa 01 04 0a 02 fb ff'],
    ['price', 'NaN', '69 00 00 00 00 00 00 f8 7f'],
    ['price', '0.5', '69 00 00 00 00 00 00 e0 3f'],
    ['sizes', '5', '70 05'],
    ['shelf', '', '7a 00'],
    ['maybe', 'x', "8a 01 01 'x'"],
  ];
  for (const [path, text, bytes] of rows) t.equal(c.scalar(B, path, text), wire(bytes).toString('hex'), `${path}=${text}`);
  t.equal(c.scalar('g.G', 'group.name', 'x'), wire("0b 12 01 'x' 0c").toString('hex'));
  t.equal(c.scalar(B, 'kind', 'X', { unknown: 'ignore' }), '');
  t.equal(c.scalar(U, 'book.kind', 'X', { unknown: 'ignore' }), '');
  t.end();
});

t.test('text that does not fit a field is refused by its proto name', (t) => {
  const rows: readonly [path: string, text: string, errorPath: string, reason: string][] = [
    ['author.born_year', 'x', 'author.born_year', 'an integer is expected'],
    ['author.born_year', '', 'author.born_year', 'an integer is expected'],
    ['author.born_year', '1 ', 'author.born_year', 'a number is expected'],
    ['author.born_year', '2147483648', 'author.born_year', 'the number is out of range'],
    ['sold', '1', 'sold', 'true or false is expected'],
    ['data', '$', 'data', 'base64 text is expected'],
    ['kind', 'SOMME', 'kind', 'unknown enum value; is "SOME" meant?'],
    ['kind', '1x', 'kind', 'the name or number of an enum value is expected'],
    ['kind', '', 'kind', 'unknown enum value'],
    ['time', 'now', 'time', 'a time like 2006-01-02T15:04:05Z is expected'],
    ['mask', 'a_b,cD,e_fG', 'mask', 'a path of the field mask must be in lowerCamelCase'],
    ['meta', '[]', 'meta', 'an object is expected'],
    ['meta', '{"a":{"b":1,"b":2}}', 'meta["a"]["b"]', 'the key occurs twice'],
    ['author', '{"x":1}', 'author.x', 'unknown field'],
    ['author', '{} x', 'author', 'the JSON text goes on behind its end, at offset 3'],
    ['any', 'x', 'any', 'a value is expected at offset 0'],
    ['name', 'a\ud800', 'name', 'a lone surrogate'],
  ];
  for (const [path, text, errorPath, reason] of rows) {
    t.throws(() => c.scalar(B, path, text), { name: 'JsonError', path: errorPath, reason }, `${path}=${text}`);
  }
  t.end();
});

t.test('texts of a key and a value become an entry of a map', (t) => {
  const entry = (path: string, key: string, value: string, unknown: 'error' | 'ignore' = 'error') => {
    const sink = c.codec.createSink();
    c.codec.entry(c.chain(B, path), { unknown })(key, value, sink);
    return Buffer.from(sink.take()).toString('hex');
  };
  t.equal(entry('author.awards', 'a', '1'), wire("12 07 1a 05 0a 01 'a' 10 01").toString('hex'));
  t.equal(entry('kinds', '-1', 'SOME'), wire('92 01 0d 08 ff ff ff ff ff ff ff ff ff 01 10 01').toString('hex'));
  t.equal(entry('kinds', '1', 'X', 'ignore'), '');
  t.throws(() => entry('kinds', 'x', 'SOME'), { name: 'JsonError', path: 'kinds', reason: 'an integer is expected' });
  t.throws(() => entry('kinds', '1', 'X'), { name: 'JsonError', path: 'kinds["1"]', reason: 'unknown enum value' });
  t.throws(() => entry('name', '1', 'X'), TypeError);
  t.throws(() => c.codec.scalar([], { unknown: 'error' }), TypeError);
  t.end();
});

t.test('a sink of another codec is refused', (t) => {
  const sink = { length: 0, append() {}, take: () => new Uint8Array(0), reset() {} };
  t.throws(() => c.codec.scalar(c.chain(B, 'name'), { unknown: 'error' })('x', sink), TypeError);
  t.throws(
    () =>
      c.codec.printer(c.type(B), [], { defaults: false, protoNames: false, int64: 'string' })(new Uint8Array(0), sink, {
        pretty: false,
        enumNumbers: false,
        fields: undefined,
      }),
    TypeError,
  );
  t.end();
});
