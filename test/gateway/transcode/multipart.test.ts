import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { test } from 'tap';
import { policyDefaults } from '../../../gateway/config/policy.js';
import { MAX_TEXT } from '../../../gateway/transcode/bind-parts.js';
import { MAX_HEADERS, MAX_NAME, type Part } from '../../../gateway/transcode/part.js';
import { kinds } from './kinds.js';
import { BOUNDARY, multipart, type WrittenPart, writeParts } from './multipart.js';
import { partsOf } from './transcoder.js';

const MAX_PARTS = policyDefaults.maxParts;

interface Row {
  readonly name: string;
  readonly line?: string;
  readonly parts: readonly WrittenPart[];
  readonly expected: string;
}

const png = Uint8Array.of(0x89, 0x50, 0xff, 0x0d, 0x0a);

const rows: readonly Row[] = [
  { name: 'no part is an empty message', parts: [], expected: '{}' },
  {
    name: 'text binds as form fields do',
    parts: [
      { name: 'text', content: 'a b+%20' },
      { name: 'pageToken', content: 'é' },
      { name: 'words', content: 'a' },
      { name: 'words', content: 'b\r\n' },
      { name: 'inner.number', content: '5' },
      { name: 'labels[k]', content: 'v' },
      { name: 'time', content: '1970-01-01T00:00:01Z' },
    ],
    expected:
      '{"text":"a b+%20","inner":{"number":5},"words":["a","b\\r\\n"],"labels":{"k":"v"},"time":"1970-01-01T00:00:01Z","page_token":"é"}',
  },
  { name: 'text/plain is text', parts: [{ name: 'blob', content: 'QQ', type: 'text/plain; charset=utf-8' }], expected: '{"blob":"QQ=="}' },
  { name: 'a text part for bytes is base64', parts: [{ name: 'blob', content: '-_8' }], expected: '{"blob":"+/8="}' },
  { name: 'a file for bytes is taken as it is', parts: [{ name: 'blob', content: png, file: 'a.png' }], expected: '{"blob":"iVD/DQo="}' },
  { name: 'an empty file', parts: [{ name: 'data', content: '', file: '' }], expected: '{"data":""}' },
  { name: 'a file for nested bytes', parts: [{ name: 'inner.blob', content: png, file: 'a' }], expected: '{"inner":{"blob":"iVD/DQo="}}' },
  {
    name: 'files for repeated bytes',
    parts: [
      { name: 'blobs', content: 'a', file: 'a' },
      { name: 'blobs', content: 'b', file: 'b' },
    ],
    expected: '{"blobs":["YQ==","Yg=="]}',
  },
  {
    name: 'a file for a map of bytes',
    parts: [{ name: 'blobsByName[a.b]', content: 'a', file: 'a' }],
    expected: '{"blobsByName":{"a.b":"YQ=="}}',
  },
  { name: 'a file for BytesValue', parts: [{ name: 'data', content: 'a', file: 'a' }], expected: '{"data":"YQ=="}' },
  {
    name: 'a file for google.api.HttpBody keeps its media type',
    parts: [{ name: 'file', content: png, file: 'a.png', type: 'image/png' }],
    expected: '{"file":{"content_type":"image/png","data":"iVD/DQo="}}',
  },
  {
    name: 'what has a media type of its own is a file without a file name too',
    parts: [{ name: 'file', content: 'a,b', type: 'text/csv; charset=utf-8' }],
    expected: '{"file":{"content_type":"text/csv; charset=utf-8","data":"YSxi"}}',
  },
  { name: 'a file without a media type', parts: [{ name: 'file', content: 'a', file: 'a' }], expected: '{"file":{"data":"YQ=="}}' },
  {
    name: 'files for repeated google.api.HttpBody',
    parts: [
      { name: 'files', content: 'a', file: 'a', type: 'text/plain' },
      { name: 'files', content: 'b', file: 'b', type: 'text/csv' },
    ],
    expected: '{"files":[{"content_type":"text/plain","data":"YQ=="},{"content_type":"text/csv","data":"Yg=="}]}',
  },
  {
    name: 'JSON for a message, as browsers send it',
    parts: [{ name: 'inner', content: '{"text":"a"}', file: 'blob', type: 'application/json' }],
    expected: '{"inner":{"text":"a"}}',
  },
  { name: 'a file of text for a string', parts: [{ name: 'text', content: 'a', file: 'a.txt' }], expected: '{"text":"a"}' },
  {
    name: "fields of the body's message",
    line: 'POST /inner?count=5',
    parts: [
      { name: 'text', content: 'a' },
      { name: 'blob', content: 'b', file: 'b' },
    ],
    expected: '{"count":5,"inner":{"text":"a","blob":"Yg=="}}',
  },
  {
    name: 'the parts make the mask of a PATCH',
    line: 'PATCH /inner/x',
    parts: [
      { name: 'number', content: '1' },
      { name: 'blob', content: 'b', file: 'b' },
    ],
    expected: '{"inner":{"text":"x","number":1,"blob":"Yg=="},"mask":"number,blob"}',
  },
  {
    name: 'the characters that browsers escape in names',
    parts: [{ name: 'labels[%22%0D%0A%41]', content: 'v' }],
    expected: '{"labels":{"\\"\\r\\n%41":"v"}}',
  },
  {
    name: 'the quotes that curl escapes in names',
    parts: [{ name: 'labels[\\"\\\\]', content: 'v' }],
    expected: '{"labels":{"\\"\\\\":"v"}}',
  },
  { name: 'names in UTF-8', parts: [{ name: 'labels[é]', content: 'v' }], expected: '{"labels":{"é":"v"}}' },
  // Refusals.
  { name: 'an unknown field', parts: [{ name: 'colour', content: 'x' }], expected: '400 colour: unknown form field; is "color" meant?' },
  {
    name: 'an unknown file',
    parts: [{ name: 'blobb', content: 'x', file: 'x' }],
    expected: '400 blobb: unknown form field; is "blob" meant?',
  },
  { name: 'an empty name', parts: [{ name: '', content: 'x' }], expected: '400 unknown form field' },
  {
    name: 'twice a singular field',
    parts: [
      { name: 'page_token', content: 'x' },
      { name: 'pageToken', content: 'x' },
    ],
    expected: '400 pageToken: is given twice',
  },
  {
    name: 'twice a singular file',
    parts: [
      { name: 'blob', content: 'x', file: 'x' },
      { name: 'blob', content: 'x', file: 'x' },
    ],
    expected: '400 blob: is given twice',
  },
  {
    name: 'a google.api.HttpBody and a field of it',
    parts: [
      { name: 'file', content: 'x', file: 'x' },
      { name: 'file.contentType', content: 'text/csv' },
    ],
    expected: '400 file.contentType: is given twice: file says it too',
  },
  {
    name: 'two members of a oneof',
    parts: [
      { name: 'shelf', content: 'x' },
      { name: 'row', content: '1' },
    ],
    expected: '400 row: is in one oneof with shelf: only one of them can be set',
  },
  {
    name: 'a value that does not fit',
    parts: [{ name: 'inner.number', content: 'x' }],
    expected: '400 inner.number: an integer is expected',
  },
  { name: 'text that is not UTF-8', parts: [{ name: 'text', content: png }], expected: '400 text: is not UTF-8' },
  { name: 'a file for a number', parts: [{ name: 'count', content: png, file: 'x' }], expected: '400 count: is not UTF-8' },
  {
    name: 'otherwise than the path',
    line: 'POST /b/a',
    parts: [{ name: 'inner.text', content: 'b' }],
    expected: '400 inner.text: contradicts the path, which sets inner.text',
  },
  {
    name: 'otherwise than the path, as JSON',
    line: 'POST /b/a',
    parts: [{ name: 'inner', content: '{"text":"b"}', file: 'blob', type: 'application/json' }],
    expected: '400 inner.text: the path says otherwise',
  },
  {
    name: 'what the path says, again',
    line: 'POST /b/a',
    parts: [{ name: 'inner.text', content: 'a' }],
    expected: '{"inner":{"text":"a"}}',
  },
  {
    name: 'where the body is a list',
    line: 'POST /inners',
    parts: [],
    expected: '415 The media type of the request body is not supported: send application/json.',
  },
  { name: 'where no body belongs', line: 'GET /q', parts: [], expected: '400 this method takes no request body' },
];

test('an unknown part is skipped where unknown fields are', async (t) => {
  const parts = writeParts([
    { name: 'colour', content: 'x' },
    { name: 'text', content: 'a' },
  ]);
  t.equal(await kinds.sendParts('POST /b', parts, multipart, { unknown: 'ignore' }), '{"text":"a"}');
});

test('a file cannot change what the path says', async (t) => {
  const file = writeParts([{ name: 'blob', content: 'B', file: 'b' }]);
  t.equal(await kinds.sendParts('POST /blob/QQ', file, multipart), '400 blob: contradicts the path, which sets blob');
  t.equal(await kinds.sendParts('POST /blob/QQ', file, multipart, { pathConflict: 'override' }), '{"blob":"QQ=="}');
  const typed = writeParts([{ name: 'file', content: 'B', file: 'b', type: 'image/png' }]);
  t.equal(await kinds.sendParts('POST /file/text/csv', typed, multipart), '{"file":{"content_type":"text/csv","data":"Qg=="}}');
});

for (const { name, line = 'POST /b', parts, expected } of rows) {
  test(`multipart: ${name}`, async (t) => t.equal(await kinds.sendParts(line, writeParts(parts), multipart), expected));
}

const disposition = 'Content-Disposition: form-data; name="text"';
const lines = (...texts: readonly string[]) => texts.join('\r\n');
const end = `--${BOUNDARY}--`;

interface RawRow {
  readonly name: string;
  readonly body: string;
  readonly type?: string;
  readonly expected: string;
}

const incomplete = '400 The multipart body is incomplete: its last boundary is missing.';
const noBoundary = '400 content-type: must have a boundary of 1 to 70 characters';

const rawRows: readonly RawRow[] = [
  { name: 'as RFC 7578 has it', body: lines(`--${BOUNDARY}`, disposition, '', 'a', end, ''), expected: '{"text":"a"}' },
  {
    name: 'text before the first boundary and behind the last is skipped (RFC 2046 section 5.1.1)',
    body: lines('x', `--${BOUNDARY}`, disposition, '', 'a', end, 'y'),
    expected: '{"text":"a"}',
  },
  {
    name: 'spaces behind a boundary, as mail gateways may add them (RFC 2046 section 5.1.1)',
    body: lines(`--${BOUNDARY}  `, disposition, '', 'a', end),
    expected: '400 Part 1 of the body has no Content-Disposition: form-data.',
  },
  { name: 'a quoted boundary', type: `multipart/form-data; boundary="${BOUNDARY}"; charset=utf-8`, body: end, expected: '{}' },
  {
    name: 'letter case of headers',
    body: lines(`--${BOUNDARY}`, 'content-disposition: FORM-DATA;NAME=text', '', 'a', end),
    expected: '{"text":"a"}',
  },
  { name: 'no boundary', type: 'multipart/form-data', body: end, expected: noBoundary },
  { name: 'an empty boundary', type: 'multipart/form-data; boundary=""', body: end, expected: noBoundary },
  {
    name: 'a boundary of 70 characters',
    type: `multipart/form-data; boundary=${'b'.repeat(70)}`,
    body: `--${'b'.repeat(70)}--`,
    expected: '{}',
  },
  {
    name: 'a boundary of 71',
    type: `multipart/form-data; boundary=${'b'.repeat(71)}`,
    body: `--${'b'.repeat(71)}--`,
    expected: noBoundary,
  },
  { name: 'no part and no end', body: 'x', expected: incomplete },
  { name: 'cut within a header', body: lines(`--${BOUNDARY}`, 'Content-Dis'), expected: incomplete },
  { name: 'cut within a content', body: lines(`--${BOUNDARY}`, disposition, '', 'a'), expected: incomplete },
  { name: 'cut within the last boundary', body: lines(`--${BOUNDARY}`, disposition, '', 'a', `--${BOUNDARY}`), expected: incomplete },
  {
    name: 'a boundary within the headers',
    body: lines(`--${BOUNDARY}`, disposition, `--${BOUNDARY}`, disposition, '', 'a', end),
    expected: '400 Part 1 of the body has no end of its headers.',
  },
  {
    name: 'no headers',
    body: lines(`--${BOUNDARY}`, '', 'a', end),
    expected: '400 Part 1 of the body has no Content-Disposition: form-data.',
  },
  {
    name: 'another disposition',
    body: lines(`--${BOUNDARY}`, 'Content-Disposition: attachment; name="text"', '', 'a', end),
    expected: '400 Part 1 of the body has no Content-Disposition: form-data.',
  },
  {
    name: 'two dispositions',
    body: lines(`--${BOUNDARY}`, disposition, disposition, '', 'a', end),
    expected: '400 Part 1 of the body has content-disposition twice.',
  },
  {
    name: 'no name',
    body: lines(`--${BOUNDARY}`, disposition, '', 'a', `--${BOUNDARY}`, 'Content-Disposition: form-data; filename="a"', '', 'a', end),
    expected: '400 Part 2 of the body has no name.',
  },
  {
    name: 'a name that looks like a file name',
    body: lines(`--${BOUNDARY}`, 'Content-Disposition: form-data; name="labels[;filename=x]"', '', 'a', end),
    expected: '{"labels":{";filename=x":"a"}}',
  },
  {
    name: 'an encoded file name',
    body: lines(`--${BOUNDARY}`, "Content-Disposition: form-data; name=blob; filename*=utf-8''%C3%A9", '', 'a', end),
    expected: '{"blob":"YQ=="}',
  },
  {
    name: 'a media type that no header could hold',
    body: lines(`--${BOUNDARY}`, 'Content-Disposition: form-data; name="file"', 'Content-Type: a/b\0', '', 'a', end),
    expected: '400 Part 1 of the body has a Content-Type that is not printable ASCII.',
  },
  {
    name: 'a name without its end',
    body: lines(`--${BOUNDARY}`, 'Content-Disposition: form-data; name="text', '', 'a', end),
    expected: '400 Part 1 of the body has no name.',
  },
  {
    name: 'an encoding that RFC 7578 section 4.7 has deprecated',
    body: lines(`--${BOUNDARY}`, disposition, 'Content-Transfer-Encoding: base64', '', 'QQ==', end),
    expected: '400 Part 1 of the body has a Content-Transfer-Encoding, which is not undone.',
  },
  {
    name: 'an encoding that is none',
    body: lines(`--${BOUNDARY}`, disposition, 'Content-Transfer-Encoding: 8bit', '', 'a', end),
    expected: '{"text":"a"}',
  },
];

for (const { name, body, type = multipart, expected } of rawRows) {
  test(`multipart syntax: ${name}`, async (t) => t.equal(await kinds.sendParts('POST /b', body, type), expected));
}

test('a name that is not UTF-8 is refused', async (t) => {
  const body = Buffer.from(writeParts([{ name: 'caf\u00e9', content: '' }]).toString(), 'latin1');
  t.equal(await kinds.sendParts('POST /b', body, multipart), '400 Part 1 of the body has a name that is not UTF-8.');
});

test(`a body has at most ${MAX_PARTS} parts`, async (t) => {
  const send = (count: number) => kinds.sendParts('POST /b', writeParts(Array(count).fill({ name: 'numbers', content: '1' })), multipart);
  t.equal(JSON.parse(await send(MAX_PARTS)).numbers.length, MAX_PARTS);
  t.equal(await send(MAX_PARTS + 1), `400 The body has more than ${MAX_PARTS} parts.`);
});

test(`a name has at most ${MAX_NAME} bytes`, async (t) => {
  const send = (bytes: number) =>
    kinds.sendParts('POST /b', writeParts([{ name: `labels[${'k'.repeat(bytes - 8)}]`, content: 'v' }]), multipart);
  t.strictSame(JSON.parse(await send(MAX_NAME)), { labels: { ['k'.repeat(MAX_NAME - 8)]: 'v' } });
  t.equal(await send(MAX_NAME + 1), `400 Part 1 of the body has a name of more than ${MAX_NAME} bytes.`);
});

test(`the headers of a part have at most ${MAX_HEADERS} bytes`, async (t) => {
  const own = 'content-dispositionform-data; name="text"x-fill'.length;
  const send = (bytes: number) =>
    kinds.sendParts('POST /b', lines(`--${BOUNDARY}`, disposition, `X-Fill: ${'x'.repeat(bytes - own)}`, '', 'a', end), multipart);
  t.equal(await send(MAX_HEADERS), '{"text":"a"}');
  t.equal(await send(MAX_HEADERS + 1), `400 Part 1 of the body has more than ${MAX_HEADERS} bytes of headers.`);
  t.equal(await send(1_000_000), `400 Part 1 of the body has more than ${MAX_HEADERS} bytes of headers.`);
});

test(`a part that is text has at most ${MAX_TEXT} bytes, a file as many as the body`, async (t) => {
  const send = (bytes: number, file: { file?: string }) =>
    kinds.sendParts(
      'POST /b',
      writeParts([{ name: file.file === undefined ? 'text' : 'blob', content: Buffer.alloc(bytes, 'a'), ...file }]),
      multipart,
    );
  t.equal(JSON.parse(await send(MAX_TEXT, {})).text.length, MAX_TEXT);
  t.equal(await send(MAX_TEXT + 1, {}), `413 text: is text of more than ${MAX_TEXT} bytes`);
  t.equal(Buffer.from(JSON.parse(await send(MAX_TEXT + 1, { file: 'a' })).blob, 'base64').length, MAX_TEXT + 1);
  const wrapped = writeParts([{ name: 'data', content: Buffer.alloc(MAX_TEXT + 1), file: 'a' }]);
  t.equal(Buffer.from(JSON.parse(await kinds.sendParts('POST /b', wrapped, multipart)).data, 'base64').length, MAX_TEXT + 1);
});

const near = fc.constantFrom(
  '\r',
  '\n',
  '-',
  '--',
  `\r\n--${BOUNDARY.slice(0, -1)}`,
  `--${BOUNDARY}`,
  '\r\n\r\n',
  '\0',
  'a'.repeat(16_380),
  'é',
);
const content = fc.array(near, { maxLength: 8 }).map((pieces) => Buffer.from(pieces.join('').replaceAll(`--${BOUNDARY}`, '')));
const written: fc.Arbitrary<WrittenPart> = fc.record(
  {
    name: fc.constantFrom('a', 'labels[x]', 'é'),
    content,
    file: fc.constantFrom('', 'x'),
    type: fc.constantFrom('text/csv', 'text/plain'),
  },
  { requiredKeys: ['name', 'content'] },
);

test('parts that are written are read again, wherever the reader stops on its way', async (t) => {
  const joined = ({ name, content, type }: Part) => ({ name, type, content: Buffer.concat(content) });
  const check = fc.asyncProperty(fc.array(written, { maxLength: 6 }), async (parts) => {
    const read = await partsOf({ kind: 'multipart', type: multipart, bytes: writeParts(parts) });
    const expected = parts.map(({ name, content, type = '' }) => ({ name, type, content: Buffer.from(content) }));
    return isDeepStrictEqual(read.parts.map(joined), expected);
  });
  await t.resolves(fc.assert(check, { seed: 8, numRuns: 500 }));
});

test('any bytes are parts or are refused', async (t) => {
  const piece = fc.constantFrom(
    `--${BOUNDARY}`,
    `\r\n--${BOUNDARY}`,
    '--',
    '-',
    '\r\n',
    '\r\n\r\n',
    `${disposition}\r\n\r\n`,
    disposition,
    ':',
    ' ',
    '"',
    'a: b\r\n',
    '\0',
    'é',
    'a'.repeat(16_380),
  );
  const bytes = fc.oneof(
    { weight: 9, arbitrary: fc.array(piece, { maxLength: 20 }).map((pieces) => Buffer.from(pieces.join(''))) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 100 }) },
  );
  const answers = new Set<string>();
  const check = fc.asyncProperty(bytes, async (body) => {
    const answer = await kinds.sendParts('POST /b', body, multipart);
    answers.add(answer.slice(0, 4));
    return /^(\{|400 )/.test(answer);
  });
  await t.resolves(fc.assert(check, { seed: 8, numRuns: 2000 }));
  t.ok(answers.size > 1 && answers.has('400 '));
});
