import fc from 'fast-check';
import { test } from 'tap';
import { kinds } from './kinds.js';

const form = 'application/x-www-form-urlencoded';

const rows: readonly { name: string; line: string; body: string | Uint8Array; expected: string }[] = [
  {
    name: 'fields of the whole message',
    line: 'POST /b',
    body: 'text=a+b&pageToken=x&count=5',
    expected: '{"text":"a b","count":5,"page_token":"x"}',
  },
  {
    name: 'every form of value that a query has',
    line: 'POST /b',
    body: 'words=a&words=b&labels[k]=v&inner.inner.text=c&time=1970-01-01T00:00:01Z&struct={"a":1}',
    expected: '{"inner":{"inner":{"text":"c"}},"words":["a","b"],"labels":{"k":"v"},"time":"1970-01-01T00:00:01Z","struct":{"a":1}}',
  },
  { name: 'UTF-8 that is not percent-encoded', line: 'POST /b', body: 'text=é', expected: '{"text":"é"}' },
  { name: 'UTF-8 that is', line: 'POST /b', body: 'text=%C3%A9', expected: '{"text":"é"}' },
  {
    name: 'fields of the message that the body sets',
    line: 'POST /inner?text=q',
    body: 'text=a&tags=b&tags=c',
    expected: '{"text":"q","inner":{"text":"a","tags":["b","c"]}}',
  },
  { name: 'fields outside of it', line: 'POST /inner', body: 'count=5', expected: '400 count: unknown form field' },
  {
    name: 'a field that is nearly one',
    line: 'POST /b',
    body: 'colour=RED',
    expected: '400 colour: unknown form field; is "color" meant?',
  },
  { name: 'JSON in disguise', line: 'POST /b', body: ' {"text":"a"}', expected: '{"text":"a"}' },
  { name: 'a value that does not fit', line: 'POST /b', body: 'inner.number=x', expected: '400 inner.number: an integer is expected' },
  { name: 'twice a singular field', line: 'POST /b', body: 'text=a&text=a', expected: '400 text: is given twice' },
  {
    name: 'two members of a oneof',
    line: 'POST /b',
    body: 'shelf=a&row=1',
    expected: '400 row: is in one oneof with shelf: only one of them can be set',
  },
  { name: 'invalid UTF-8', line: 'POST /b', body: Uint8Array.of(0x74, 0x3d, 0xff), expected: '400 the form is not UTF-8' },
  {
    name: 'malformed percent-encoding',
    line: 'POST /b',
    body: 'text=%z',
    expected: '400 text: malformed percent-encoding in a form field',
  },
  { name: 'where no body belongs', line: 'GET /q', body: 'text=a', expected: '400 this method takes no request body' },
  {
    name: 'where the body is no message',
    line: 'POST /text',
    body: 'text=a',
    expected: '415 The media type of the request body is not supported: send application/json.',
  },
  {
    name: 'where the body is a list',
    line: 'POST /inners',
    body: 'text=a',
    expected: '415 The media type of the request body is not supported: send application/json.',
  },
  {
    name: 'where the body is free of form',
    line: 'POST /struct',
    body: 'text=a',
    expected: '415 The media type of the request body is not supported: send application/json, application/protobuf.',
  },
  { name: 'what the path says, again', line: 'POST /b/a', body: 'inner.text=a&count=1', expected: '{"count":1,"inner":{"text":"a"}}' },
  {
    name: 'an input that was left empty, of what the path says',
    line: 'POST /b/a',
    body: 'inner.text=&count=1',
    expected: '{"count":1,"inner":{"text":"a"}}',
  },
  {
    name: 'otherwise than the path',
    line: 'POST /b/a',
    body: 'inner.text=b',
    expected: '400 inner.text: contradicts the path, which sets inner.text',
  },
  {
    name: 'otherwise than the path, by JSON text',
    line: 'POST /b/a',
    body: 'inner={"text":"b"}',
    expected: '400 inner.text: the path says otherwise',
  },
  {
    name: "otherwise than the path, within the body's message",
    line: 'PATCH /inner/a',
    body: 'text=b',
    expected: '400 text: contradicts the path, which sets inner.text',
  },
];

for (const { name, line, body, expected } of rows) {
  test(`form: ${name}`, async (t) => t.equal(kinds.send(line, body, form), expected));
}

test('the keys of a form make the mask of a PATCH as the keys of a JSON body do', async (t) => {
  const rows = [
    ['number=1', '{"number":1}'],
    ['tags=a&tags=b&inner.text=c', '{"tags":["a","b"],"inner":{"text":"c"}}'],
    ['inner={"text":"a","inner":{}}&notes[k]=v', '{"inner":{"text":"a","inner":{}},"notes":{"k":"v"}}'],
  ] as const;
  for (const [fields, json] of rows) {
    t.equal(kinds.send('PATCH /inner/x', fields, form), kinds.send('PATCH /inner/x', json, 'application/json'), fields);
  }
  t.match(kinds.send('PATCH /inner/x', 'tags=a&inner.text=c', form), /"mask":"tags,inner.text"/);
});

test('a form has at most 1000 fields', async (t) => {
  const body = (count: number) => kinds.send('POST /b', Array(count).fill('numbers=1').join('&'), form);
  t.equal(JSON.parse(body(1000)).numbers.length, 1000);
  t.equal(body(1001), '400 more than 1000 form fields');
});

test('any bytes are a form or are refused', async (t) => {
  const piece = fc.constantFrom(
    'text',
    'inner',
    '.',
    '[',
    ']',
    '=',
    '&',
    '%',
    '+',
    'labels',
    '{"',
    '"}',
    '%5B',
    '\u0000',
    'é',
    'a'.repeat(200),
    '__proto__',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
  );
  const answers = new Set<string>();
  fc.assert(
    fc.property(bytes, fc.constantFrom('POST /b', 'POST /inner', 'PATCH /inner/x', 'POST /b/x'), (body, line) => {
      const answer = kinds.send(line, body, form);
      answers.add(answer.slice(0, 3));
      return /^(\{|400 )/.test(answer);
    }),
    { seed: 6, numRuns: 3000 },
  );
  t.ok(answers.has('400') && answers.size > 1);
});
