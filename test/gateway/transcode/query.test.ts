import { test } from 'tap';
import { kinds } from './kinds.js';

interface Row {
  readonly name: string;
  readonly query: string;
  /** The message as JSON in proto names; or `400 field: reason`. */
  readonly expected: string;
  readonly path?: string;
}

const rows: readonly Row[] = [
  // http.proto: "any fields in the request message which are not bound by the path template automatically become HTTP query parameters".
  { name: 'a string', query: 'text=a+b%26%3D%C3%A9', expected: '{"text":"a b&=é"}' },
  { name: 'an empty string is a value', query: 'maybe=', expected: '{"maybe":""}' },
  { name: 'a key alone has the empty value', query: 'maybe', expected: '{"maybe":""}' },
  { name: 'a value may have equals signs', query: 'text=a=b=c', expected: '{"text":"a=b=c"}' },
  { name: 'ampersands without a parameter are skipped', query: '&&text=a&', expected: '{"text":"a"}' },
  { name: 'a JSON name', query: 'pageToken=x', expected: '{"page_token":"x"}' },
  { name: 'a proto name', query: 'page_token=x', expected: '{"page_token":"x"}' },
  { name: 'an encoded key', query: 'page%5Ftoken=x', expected: '{"page_token":"x"}' },
  { name: 'int32', query: 'count=-7', expected: '{"count":-7}' },
  { name: 'int32 with an exponent', query: 'count=1e3', expected: '{"count":1000}' },
  { name: 'int32 out of range', query: 'count=2147483648', expected: '400 count: the number is out of range' },
  { name: 'int32 that is no number', query: 'count=x', expected: '400 count: an integer is expected' },
  { name: 'int32 that is empty', query: 'count=', expected: '400 count: an integer is expected' },
  { name: 'int64 is exact', query: 'big=9007199254740993', expected: '{"big":"9007199254740993"}' },
  { name: 'uint64 is exact', query: 'huge=18446744073709551615', expected: '{"huge":"18446744073709551615"}' },
  { name: 'uint64 is not negative', query: 'huge=-1', expected: '400 huge: the number is out of range' },
  { name: 'sint32', query: 'zig=-3', expected: '{"zig":-3}' },
  { name: 'fixed64', query: 'fixed=5', expected: '{"fixed":"5"}' },
  { name: 'double', query: 'real=0.5', expected: '{"real":0.5}' },
  { name: 'double that is infinite', query: 'real=-Infinity', expected: '{"real":"-Infinity"}' },
  { name: 'float', query: 'single=1.5', expected: '{"single":1.5}' },
  { name: 'bool', query: 'flag=true', expected: '{"flag":true}' },
  { name: 'bool is not a number', query: 'flag=1', expected: '400 flag: true or false is expected' },
  { name: 'enum by name', query: 'color=RED', expected: '{"color":"RED"}' },
  { name: 'enum by number', query: 'color=2', expected: '{"color":"GREEN"}' },
  { name: 'enum by a number that has no name', query: 'color=7', expected: '{"color":7}' },
  { name: 'enum by a name that is nearly one', query: 'color=REED', expected: '400 color: unknown enum value; is "RED" meant?' },
  { name: 'NullValue by name', query: 'nothing=NULL_VALUE', expected: '{}' },
  { name: 'bytes in the standard alphabet', query: 'blob=%2B%2F8%3D', expected: '{"blob":"+/8="}' },
  { name: 'bytes in the URL-safe alphabet', query: 'blob=-_8=', expected: '{"blob":"+/8="}' },
  { name: 'bytes without padding', query: 'blob=-_8', expected: '{"blob":"+/8="}' },
  { name: 'bytes, standard without padding', query: 'blob=%2B%2F8', expected: '{"blob":"+/8="}' },
  { name: 'bytes that are not base64', query: 'blob=-_8!', expected: '400 blob: base64 text is expected' },
  { name: 'a repeated scalar by repetition', query: 'numbers=1&text=x&numbers=2', expected: '{"text":"x","numbers":[1,2]}' },
  { name: 'repeated strings keep order and repeats', query: 'words=b&words=a&words=b', expected: '{"words":["b","a","b"]}' },
  { name: 'commas do not separate', query: 'words=a,b', expected: '{"words":["a,b"]}' },
  { name: 'repeated enums', query: 'colors=RED&colors=2', expected: '{"colors":["RED","GREEN"]}' },
  { name: 'repeated bytes', query: 'blobs=QQ&blobs=Qg==', expected: '{"blobs":["QQ==","Qg=="]}' },
  { name: 'repeated messages as JSON text', query: 'inners={"text":"a"}&inners={}', expected: '{"inners":[{"text":"a"},{}]}' },
  {
    name: 'repeated Timestamps',
    query: 'times=2024-01-31T00:00:00Z&times=2024-02-01T00:00:00Z',
    expected: '{"times":["2024-01-31T00:00:00Z","2024-02-01T00:00:00Z"]}',
  },
  { name: 'fields of a repeated message cannot be named', query: 'inners.text=a', expected: '400 inners.text: unknown query parameter' },
  { name: 'a nested field', query: 'inner.text=a&inner.inner.number=5', expected: '{"inner":{"text":"a","inner":{"number":5}}}' },
  { name: 'a nested repeated field', query: 'inner.tags=a&inner.tags=b', expected: '{"inner":{"tags":["a","b"]}}' },
  { name: 'a nested map', query: 'inner.notes[k]=v', expected: '{"inner":{"notes":{"k":"v"}}}' },
  { name: 'a message as JSON text', query: 'inner={"text":"a","tags":["b"]}', expected: '{"inner":{"text":"a","tags":["b"]}}' },
  {
    name: 'JSON text that does not fit',
    query: 'inner={"inner":{"number":"x"}}',
    expected: '400 inner.inner.number: an integer is expected',
  },
  {
    name: 'JSON text of a repeated message that does not fit',
    query: 'inners={"number":[]}',
    expected: '400 inners.number: a number is expected',
  },
  { name: 'a map with string keys', query: 'labels[a.b]=x&labels[]=y&labels[%5D]=z', expected: '{"labels":{"a.b":"x","":"y","]":"z"}}' },
  { name: 'a map of messages', query: 'byNumber[7]={"text":"a"}', expected: '{"byNumber":{"7":{"text":"a"}}}' },
  { name: 'a map of enums with bool keys', query: 'byFlag[true]=RED', expected: '{"byFlag":{"true":"RED"}}' },
  { name: 'a map of bytes', query: 'blobsByName[a]=-_8', expected: '{"blobsByName":{"a":"+/8="}}' },
  { name: 'a map key of the wrong kind', query: 'byNumber[x]={}', expected: '400 byNumber[x]: an integer is expected' },
  { name: 'a map value of the wrong kind', query: 'byFlag[true]=X', expected: '400 byFlag[true]: unknown enum value' },
  {
    name: 'a map value that does not fit',
    query: 'byNumber[1]={"number":"x"}',
    expected: '400 byNumber[1].number: an integer is expected',
  },
  { name: 'a map without a key', query: 'labels=x', expected: '400 labels: is a map: write labels[key]=value' },
  { name: 'a key for what is no map', query: 'text[a]=x', expected: '400 text[a]: is not a map' },
  { name: 'Timestamp', query: 'time=2024-01-31T01:02:03.5%2B01:00', expected: '{"time":"2024-01-31T00:02:03.500Z"}' },
  { name: 'Timestamp that is none', query: 'time=now', expected: '400 time: a time like 2006-01-02T15:04:05Z is expected' },
  { name: 'Duration', query: 'span=1.5s', expected: '{"span":"1.500s"}' },
  { name: 'FieldMask in lowerCamelCase', query: 'mask=pageToken,inner.text', expected: '{"mask":"pageToken,inner.text"}' },
  { name: 'FieldMask in snake_case', query: 'mask=page_token,inner.text', expected: '{"mask":"pageToken,inner.text"}' },
  { name: 'Struct', query: 'struct={"a":[1,null]}', expected: '{"struct":{"a":[1,null]}}' },
  { name: 'Value', query: 'value="x"', expected: '{"value":"x"}' },
  { name: 'Value that is null', query: 'value=null', expected: '{"value":null}' },
  { name: 'ListValue', query: 'list=[1,"a"]', expected: '{"list":[1,"a"]}' },
  { name: 'Int32Value', query: 'pages=5', expected: '{"pages":5}' },
  { name: 'Int32Value that is zero is set', query: 'pages=0', expected: '{"pages":0}' },
  { name: 'StringValue', query: 'note=a', expected: '{"note":"a"}' },
  { name: 'StringValue that is empty is set', query: 'note=', expected: '{"note":""}' },
  { name: 'BytesValue', query: 'data=-_8', expected: '{"data":"+/8="}' },
  { name: 'BoolValue', query: 'yes=false', expected: '{"yes":false}' },
  { name: 'DoubleValue', query: 'ratio=NaN', expected: '{"ratio":"NaN"}' },
  { name: 'Any', query: 'any={"@type":"x/k.Inner","text":"a"}', expected: '{"any":{"@type":"x/k.Inner","text":"a"}}' },
  { name: 'Empty', query: 'empty={}', expected: '{"empty":{}}' },
  { name: 'a member of a oneof', query: 'shelf=a', expected: '{"shelf":"a"}' },
  { name: 'a message of a oneof', query: 'desk.text=a&desk.number=1', expected: '{"desk":{"text":"a","number":1}}' },
  { name: 'two members of a oneof', query: 'shelf=a&row=1', expected: '400 row: is in one oneof with shelf: only one of them can be set' },
  {
    name: 'two members of a oneof, one by a field in it',
    query: 'desk.text=a&shelf=',
    expected: '400 shelf: is in one oneof with desk.text: only one of them can be set',
  },
  {
    name: 'two members of a nested oneof',
    query: 'inner.left=a&inner.right=b',
    expected: '400 inner.right: is in one oneof with inner.left: only one of them can be set',
  },
  { name: 'proto3 optional', query: 'perhaps=0', expected: '{"perhaps":0}' },
  { name: 'twice in two spellings', query: 'page_token=a&pageToken=a', expected: '400 pageToken: is given twice' },
  { name: 'a map key twice', query: 'labels[a]=1&labels[b]=2&labels[a]=1', expected: '400 labels[a]: is given twice' },
  { name: 'a message and a field of it', query: 'inner={}&inner.text=a', expected: '400 inner.text: is given twice: inner says it too' },
  {
    name: 'a field of a message and the message',
    query: 'inner.text=a&inner={}',
    expected: '400 inner: is given twice: inner.text says it too',
  },
  { name: 'an unknown key', query: 'colour=x', expected: '400 colour: unknown query parameter; is "color" meant?' },
  {
    name: 'an unknown key in snake_case',
    query: 'page_tokem=x',
    expected: '400 page_tokem: unknown query parameter; is "page_token" meant?',
  },
  {
    name: 'an unknown nested key',
    query: 'inner.inner.nunber=1',
    expected: '400 inner.inner.nunber: unknown query parameter; is "inner.inner.number" meant?',
  },
  { name: 'an unknown key that is like none', query: 'zzzzzz=x', expected: '400 zzzzzz: unknown query parameter' },
  { name: 'a key of Object.prototype', query: 'constructor=x&', expected: '400 constructor: unknown query parameter' },
  { name: 'an empty key', query: '=x', expected: '400 unknown query parameter' },
  {
    name: 'a key that is too deep',
    query: `${'inner.'.repeat(32)}text=x`,
    expected: `400 ${'inner.'.repeat(32)}text: unknown query parameter`,
  },
  {
    name: 'malformed percent-encoding of a value',
    query: 'text=%zz',
    expected: '400 text: malformed percent-encoding in a query parameter',
  },
  { name: 'malformed percent-encoding of a key', query: '%zz=a', expected: '400 malformed percent-encoding in a query parameter' },
  { name: 'invalid UTF-8', query: 'text=%ff', expected: '400 text: malformed percent-encoding in a query parameter' },
  // The path is authoritative.
  { name: 'the value of the path again', path: '/q/a', query: 'text=a', expected: '{"text":"a"}' },
  { name: 'another value than the path', path: '/q/a', query: 'text=b', expected: '400 text: contradicts the path, which sets text' },
  { name: 'an empty value for a field of the path is none', path: '/q/a', query: 'text=', expected: '{"text":"a"}' },
  { name: 'zero for a field of the path is none', path: '/count/5', query: 'count=0', expected: '{"count":5}' },
  { name: 'a sibling of a field of the path', path: '/in/a', query: 'inner.number=5', expected: '{"inner":{"text":"a","number":5}}' },
  {
    name: 'a message that says otherwise',
    path: '/in/a',
    query: 'inner={"text":"b"}',
    expected: '400 inner.text: the path says otherwise',
  },
  {
    name: 'a message that says the same',
    path: '/in/a',
    query: 'inner={"text":"a","number":1}',
    expected: '{"inner":{"text":"a","number":1}}',
  },
  {
    name: 'a field within a field of the path',
    path: '/time/1970-01-01T00:00:00Z',
    query: 'time.seconds=5',
    expected: '400 time.seconds: contradicts the path, which sets time',
  },
  {
    name: 'the value of a wrapper of the path',
    path: '/pages/0',
    query: 'pages.value=5',
    expected: '400 pages.value: contradicts the path, which sets pages',
  },
  {
    name: 'the same Timestamp in another spelling',
    path: '/time/1970-01-01T00:00:01Z',
    query: 'time=1970-01-01T01:00:01%2B01:00',
    expected: '{"time":"1970-01-01T00:00:01Z"}',
  },
  {
    name: 'another member of the oneof of the path',
    path: '/shelf/a',
    query: 'desk.number=1',
    expected: '400 desk.number: contradicts the path, which sets shelf',
  },
  {
    name: 'an empty other member of the oneof of the path',
    path: '/shelf/a',
    query: 'row=0',
    expected: '400 row: contradicts the path, which sets shelf',
  },
];

for (const { name, path = '/q', query, expected } of rows) {
  test(`query: ${name}`, async (t) => t.equal(kinds.send(`GET ${path}?${query}`), expected, query));
}

test('the path wins where the policy says so', async (t) => {
  const send = (target: string) => kinds.send(`GET ${target}`, '', undefined, { pathConflict: 'override' });
  t.equal(send('/q/a?text=b'), '{"text":"a"}');
  t.equal(send('/in/a?inner={"text":"b","number":1}'), '{"inner":{"text":"a","number":1}}');
  t.equal(send('/time/1970-01-01T00:00:00Z?time.seconds=5'), '{"time":"1970-01-01T00:00:00Z"}');
  t.equal(send('/shelf/a?desk.number=1&text=x'), '{"text":"x","shelf":"a"}');
});

test('unknown keys and enum names are skipped where the policy says so', async (t) => {
  const send = (target: string) => kinds.send(`GET ${target}`, '', undefined, { unknown: 'ignore' });
  t.equal(send('/q?colour=x&text=a&labels=1&text[a]=b&inner.x=1'), '{"text":"a"}');
  t.equal(send('/q?color=BLUE&inner.text=a'), '{"inner":{"text":"a"}}');
});

test('with body: "*" a query parameter is unknown, with a body field it names what the body does not', async (t) => {
  t.equal(kinds.send('POST /b?text=a', '{}'), '400 text: unknown query parameter: this method takes its fields from the body');
  t.equal(kinds.send('POST /inner?text=a', '{"text":"b"}'), '{"text":"a","inner":{"text":"b"}}');
  t.equal(kinds.send('POST /inner?inner.number=1', '{"text":"b"}'), '400 inner.number: is taken from the body, not from the query');
});

test('a query cannot set another member of the oneof that the body sets', async (t) => {
  t.equal(kinds.send('POST /desk?shelf=a', '{"text":"b"}'), '400 shelf: is in one oneof with desk: only one of them can be set');
  t.equal(
    kinds.send('POST /desk?shelf=a', 'text=b', 'application/x-www-form-urlencoded'),
    '400 shelf: is in one oneof with text: only one of them can be set',
  );
  t.equal(kinds.send('POST /desk?shelf=a'), '{"shelf":"a"}');
});

test('a query string has at most 1000 parameters', async (t) => {
  const query = (count: number) => kinds.send(`GET /q?${Array(count).fill('numbers=1').join('&')}`);
  t.equal(JSON.parse(query(1000)).numbers.length, 1000);
  t.equal(query(1001), '400 more than 1000 query parameters');
});
