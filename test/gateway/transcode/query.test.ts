import { test } from 'tap';
import { kinds } from './kinds.js';
import { Transcoder } from './transcoder.js';

interface Row {
  readonly name: string;
  readonly query: string;
  /** The message as JSON in proto names; or `400 field: reason`. */
  readonly expected: string;
  readonly path?: string;
}

const rows: readonly Row[] = [
  // http.proto: "any fields in the request message which are not bound by the path template automatically become HTTP query parameters".
  { name: 'a value may have equals signs', query: 'text=a=b=c', expected: '{"text":"a=b=c"}' },
  { name: 'ampersands without a parameter are skipped', query: '&&text=a&', expected: '{"text":"a"}' },
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

test('unknown keys are skipped where the policy says so, unknown enum names are not', async (t) => {
  const send = (target: string) => kinds.send(`GET ${target}`, '', undefined, { unknown: 'ignore' });
  t.equal(send('/q?colour=x&text=a&labels=1&text[a]=b&inner.x=1'), '{"text":"a"}');
  t.equal(send('/q?color=BLUE&inner.text=a'), '400 color: unknown enum value');
  t.equal(send('/q?inner={"color":"BLUE","colour":1,"text":"a"}'), '{"inner":{"text":"a"}}');
});

test('an enum name in the path is one in any case', async (t) => {
  const grades = new Transcoder(`syntax = "proto3"; package g; import "google/api/annotations.proto";
    service S { rpc Get(M) returns (M) { option (google.api.http) = { get: "/{grade}" }; } }
    enum Grade { NONE = 0; SOME = 1; }
    message M { Grade grade = 1; }`);
  t.equal(grades.send('GET /SOME'), '{"grade":"SOME"}');
  for (const unknown of ['error', 'ignore'] as const)
    t.equal(grades.send('GET /ALL', '', undefined, { unknown }), '400 grade: unknown enum value', unknown);
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
