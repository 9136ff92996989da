import fc from 'fast-check';
import { test } from 'tap';
import { wire } from '../../proto/json/codec-case.js';
import { kinds } from './kinds.js';

const protobuf = 'application/protobuf';

const rows: readonly { name: string; line: string; body: string; type?: string; expected: string }[] = [
  { name: 'the whole message', line: 'POST /b', body: "0a 01 'a' 10 05", expected: '{"text":"a","count":5}' },
  {
    name: 'under its old name',
    line: 'POST /b',
    body: "0a 01 'a'",
    type: 'application/x-protobuf; messageType="k.M"',
    expected: '{"text":"a"}',
  },
  {
    name: 'the message of a field, the rest from the query',
    line: 'POST /inner?text=q',
    body: "0a 01 'a'",
    expected: '{"text":"q","inner":{"text":"a"}}',
  },
  {
    name: 'a message with a JSON form of its own',
    line: 'POST /struct',
    body: "0a 07 0a 01 'a' 12 02 20 01",
    expected: '{"struct":{"a":true}}',
  },
  { name: 'unknown fields are passed on', line: 'POST /b', body: "10 05 ea 3e 01 'x'", expected: '{"count":5}' },
  { name: 'malformed bytes', line: 'POST /b', body: '0a', expected: '400 the message is malformed: truncated' },
  { name: 'JSON', line: 'POST /b', body: "'{}'", expected: '400 blobs: is not of the wire type of its field' },
  { name: 'another wire type', line: 'POST /b', body: '52 02 08 01', expected: '400 inner.text: is not of the wire type of its field' },
  { name: 'a string that is not UTF-8', line: 'POST /inner', body: '0a 01 ff', expected: '400 text: is not UTF-8' },
  { name: 'where the body is a list', line: 'POST /inners', body: '', expected: '{}' },
  {
    name: 'where the body is a list, not empty',
    line: 'POST /inners',
    body: '0a 00',
    expected: '415 The media type of the request body is not supported: send application/json.',
  },
  {
    name: 'where the body is a map',
    line: 'POST /labels',
    body: '0a 00',
    expected: '415 The media type of the request body is not supported: send application/json.',
  },
  {
    name: 'where the body is a scalar',
    line: 'POST /text',
    body: '0a 00',
    expected: '415 The media type of the request body is not supported: send application/json.',
  },
  { name: 'where no body belongs', line: 'GET /q', body: '0a 00', expected: '400 this method takes no request body' },
  { name: 'what the path says, again', line: 'POST /b/a', body: "52 05 0a 01 'a' 10 01", expected: '{"inner":{"text":"a","number":1}}' },
  { name: 'otherwise than the path', line: 'POST /b/a', body: "52 03 0a 01 'b'", expected: '400 inner.text: the path says otherwise' },
  {
    name: 'otherwise than the path, in a duplicate',
    line: 'POST /b/a',
    body: "52 03 0a 01 'a' 52 03 0a 01 'b'",
    expected: '400 inner.text: the path says otherwise',
  },
  {
    name: "otherwise than the path, within the body's message",
    line: 'PATCH /inner/a',
    body: "0a 01 'b'",
    expected: '400 text: the path says otherwise',
  },
  {
    name: 'no mask is made for a PATCH: zeros are not on the wire',
    line: 'PATCH /inner/a',
    body: '10 01',
    expected: '{"inner":{"text":"a","number":1}}',
  },
];

for (const { name, line, body, type = protobuf, expected } of rows) {
  test(`protobuf: ${name}`, async (t) => t.equal(kinds.send(line, wire(body), type), expected));
}

test('the path wins over a message where the policy says so', async (t) => {
  const send = (line: string, body: string) => kinds.send(line, wire(body), protobuf, { pathConflict: 'override' });
  t.equal(send('POST /b/a', "52 05 0a 01 'b' 10 01"), '{"inner":{"text":"a","number":1}}');
  t.equal(send('POST /count/5', '10 07 10 08'), '{"count":5}');
});

test('any bytes are a message or are refused', async (t) => {
  const known = fc.constantFrom(
    '0a 01',
    '10',
    '52 03 0a 01',
    '52 02 10',
    '7a 00',
    '82 01 02 0a 00',
    'a2 01 02 08',
    '0b',
    '0c',
    '98 02 01',
    'ff',
    "'a'",
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(known, { maxLength: 12 }).map((pieces) => wire(pieces.join(' '))),
  );
  const answers = new Set<string>();
  fc.assert(
    fc.property(bytes, fc.constantFrom('POST /b', 'POST /inner', 'PATCH /inner/x', 'POST /b/x', 'POST /struct'), (body, line) => {
      try {
        kinds.wire(line, body, protobuf);
        answers.add('sent');
        return true;
      } catch (e) {
        answers.add('refused');
        return e instanceof Error && e.name === 'JsonError';
      }
    }),
    { seed: 6, numRuns: 5000 },
  );
  t.equal(answers.size, 2);
});
