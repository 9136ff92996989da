import { gzipSync } from 'node:zlib';
import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import { send, sendRaw } from '../../support/http.js';
import { startDesk } from '../desk.js';
import { multipart, writeParts } from '../transcode/multipart.js';

const config: ConfigInput = { metadata: { forward: ['x-*'] }, policies: [{ select: '*', maxBody: 4096 }] };
const json = { 'content-type': 'application/json' };
const gzip = { ...json, 'content-encoding': 'gzip' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const parts = { 'content-type': multipart };
const protobuf = { 'content-type': 'application/protobuf' };

/** What a google.rpc.BadRequest says of a request line with a body. */
interface Row {
  readonly request: readonly [line: string, body?: string | Uint8Array, headers?: Readonly<Record<string, string>>];
  readonly field: string;
  readonly says: string;
}

const dots = 'the path has a "." or ".." segment';
const escapes = 'the path has malformed percent-encoding or invalid UTF-8';
const nowhere = 'this method takes no request body';

const rows: readonly Row[] = [
  // The path.
  { request: ['GET /v1/notes/%00'], field: '', says: 'the path contains a NUL character' },
  { request: ['GET /v1/notes/..'], field: '', says: dots },
  { request: ['GET /v1/notes/%2E'], field: '', says: dots },
  { request: ['GET /v1/notes/%zz'], field: '', says: escapes },
  { request: ['GET /v1/notes/%ff'], field: '', says: escapes },
  // The query.
  { request: ['GET /v1/notes/1?page_size=x'], field: 'page_size', says: 'an integer is expected' },
  { request: ['GET /v1/notes/1?filter.years=1.5'], field: 'filter.years', says: 'an integer is expected' },
  { request: ['GET /v1/notes/1?page_size=1&pageSize=1'], field: 'pageSize', says: 'is given twice' },
  { request: ['GET /v1/notes/1?filter.tagg=x'], field: 'filter.tagg', says: 'unknown query parameter; is "filter.tag" meant?' },
  { request: ['GET /v1/notes/1?zzzzzz=x'], field: 'zzzzzz', says: 'unknown query parameter' },
  { request: ['GET /v1/notes/1?page_size=%zz'], field: 'page_size', says: 'malformed percent-encoding in a query parameter' },
  { request: ['GET /v1/notes/1?%zz'], field: '', says: 'malformed percent-encoding in a query parameter' },
  { request: [`GET /v1/notes/1?${'filter.years=1&'.repeat(1001)}`], field: '', says: 'more than 1000 query parameters' },
  { request: ['GET /v1/notes/1?name=notes/2'], field: 'name', says: 'contradicts the path, which sets name' },
  {
    request: ['POST /v1/notes?title=x', '{}', json],
    field: 'title',
    says: 'unknown query parameter: this method takes its fields from the body',
  },
  { request: ['PATCH /v1/notes/1?note.title=x', '{}', json], field: 'note.title', says: 'is taken from the body, not from the query' },
  // System parameters.
  { request: ['GET /v1/notes/1?$prettyprint=1'], field: '$prettyprint', says: 'unknown system parameter; is "$prettyPrint" meant?' },
  { request: ['GET /v1/notes/1?$prettyPrint=1'], field: '$prettyPrint', says: 'must be true or false' },
  { request: ['GET /v1/notes/1?$alt=xml'], field: '$alt', says: 'must be json, proto or sse' },
  { request: ['GET /v1/notes/1?$alt=json&$alt=json'], field: '$alt', says: 'is given twice' },
  { request: ['GET /v1/notes/1?$fields=titel'], field: '$fields', says: 'the reply has no field "titel"; is "title" meant?' },
  // JSON.
  { request: ['POST /v1/notes', '{"title":', json], field: 'title', says: 'the JSON text ends where a value is expected' },
  { request: ['POST /v1/notes', '{"title":"a",}', json], field: '', says: 'a key in quotes is expected at offset 13' },
  { request: ['POST /v1/notes', '{} {}', json], field: '', says: 'the JSON text goes on behind its end, at offset 3' },
  { request: ['POST /v1/notes', '[]', json], field: '', says: 'an object is expected' },
  { request: ['POST /v1/notes', '{"tags":["a",1]}', json], field: 'tags[1]', says: 'a string is expected' },
  { request: ['POST /v1/notes', '{"parent":{"words":1.5}}', json], field: 'parent.words', says: 'an integer is expected' },
  { request: ['POST /v1/notes', '{"parent":{"titles":1}}', json], field: 'parent.titles', says: 'unknown field; is "title" meant?' },
  { request: ['POST /v1/notes', '{"title":"a","title":"b"}', json], field: 'title', says: 'the field occurs twice' },
  { request: ['POST /v1/notes', '{"shelf":"a","box":"b"}', json], field: 'box', says: 'another member of the oneof place is set' },
  { request: ['POST /v1/notes', '{"title":"\\ud800"}', json], field: 'title', says: 'a lone surrogate' },
  { request: ['PATCH /v1/notes/1', '{"name":"notes/2"}', json], field: 'name', says: 'the path says otherwise' },
  // Other bodies.
  { request: ['GET /v1/notes/1', '{"title":"x"}'], field: '', says: nowhere },
  { request: ['DELETE /v1/notes/1', 'x', form], field: '', says: nowhere },
  { request: ['POST /v1/notes', 'titles=1', form], field: 'titles', says: 'unknown form field; is "title" meant?' },
  { request: ['POST /v1/notes', 'title=%zz', form], field: 'title', says: 'malformed percent-encoding in a form field' },
  {
    request: ['POST /v1/notes', writeParts([{ name: 'titles', content: '' }]), parts],
    field: 'titles',
    says: 'unknown form field; is "title" meant?',
  },
  { request: ['POST /v1/notes', 'x', parts], field: '', says: 'The multipart body is incomplete: its last boundary is missing.' },
  {
    request: ['POST /v1/notes', 'x', { 'content-type': 'multipart/form-data' }],
    field: 'content-type',
    says: 'must have a boundary of 1 to 70 characters',
  },
  { request: ['POST /v1/notes', 'x', protobuf], field: '', says: 'the message is malformed: truncated' },
  { request: ['POST /v1/notes', Uint8Array.of(0x12, 1, 0xff), protobuf], field: 'title', says: 'is not UTF-8' },
  { request: ['POST /v1/notes', '{}', gzip], field: 'content-encoding', says: 'is not how the request body is compressed' },
  { request: ['POST /v1/notes', gzipSync('{"titles":1}'), gzip], field: 'titles', says: 'unknown field; is "title" meant?' },
  // Headers.
  {
    request: ['POST /v1/notes', '{}', { ...json, 'grpc-timeout': '1x' }],
    field: 'grpc-timeout',
    says: 'must be 1 to 8 digits and one of the units H M S m u n',
  },
  { request: ['POST /v1/notes', '{}', { ...json, 'x-a-bin': '!' }], field: 'x-a-bin', says: 'must be base64' },
  { request: ['POST /v1/notes', '{}', { ...json, authorization: 'ä' }], field: 'authorization', says: 'must be printable ASCII' },
];

test('every 400 names the field and what is wrong with it, in a google.rpc.BadRequest', async (t) => {
  const { url } = await startDesk(t, {}, config);
  for (const { request, field, says } of rows) {
    const [line, body, headers] = request;
    const [method = '', path = ''] = line.split(' ');
    const reply = await send(url, method, path, body, headers);
    const message = field === '' ? says : `${field}: ${says}`;
    const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description: says }] }];
    t.strictSame({ status: reply.status, ...JSON.parse(reply.text) }, { status: 400, code: 3, message, details }, line.slice(0, 80));
  }
});

const broken = [
  ['GET /v1/notes/1 HTTP/1.1\r\n\r\n', 'host', 'is missing'],
  ['GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n', 'host', 'is given twice'],
  ['GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\nx y: 1\r\n\r\n', '', 'The request is not valid HTTP.'],
  ['GET x HTTP/1.1\r\nhost: a\r\n\r\n', '', 'The request is not valid HTTP.'],
] as const;

test('so does a 400 for what is no HTTP', async (t) => {
  const { url } = await startDesk(t, {});
  for (const [bytes, field, description] of broken) {
    const answer = await sendRaw(url, bytes);
    t.match(answer, /^HTTP\/1.1 400 /);
    t.strictSame(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))).details[0].fieldViolations, [{ field, description }], bytes);
  }
});

const fields = 'application/json, application/x-www-form-urlencoded, multipart/form-data, application/protobuf';

test('415 says in its message and headers what is taken (RFC 9110 section 15.5.16)', async (t) => {
  const { url } = await startDesk(t, {});
  const rows = [
    ['POST', '/v1/notes', 'text/xml', { accept: fields, 'accept-post': fields }],
    ['POST', '/v1/notes', 'nonsense', { accept: fields, 'accept-post': fields }],
    ['PATCH', '/v1/notes/1', 'text/xml', { accept: fields, 'accept-patch': fields }],
  ] as const;
  for (const [method, path, type, headers] of rows) {
    const reply = await send(url, method, path, 'x', { 'content-type': type });
    t.equal(reply.status, 415, type);
    t.match(reply.headers, headers, type);
    t.equal(JSON.parse(reply.text).message, `The media type of the request body is not supported: send ${fields}.`, type);
  }
});

test('413 and 431 say the limit', async (t) => {
  const { url } = await startDesk(t, {}, { ...config, limits: { headers: 8192 } });
  const reply = await send(url, 'POST', '/v1/notes', 'x'.repeat(4097), json);
  t.strictSame([reply.status, JSON.parse(reply.text).message], [413, 'The request body is larger than 4096 bytes.']);
  const answer = await sendRaw(url, `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(8192)}\r\n\r\n`);
  t.match(answer, /^HTTP\/1.1 431 /);
  t.match(answer, '"message":"The request line and headers are larger than 8192 bytes."');
});

test('405 names the methods that the path allows', async (t) => {
  const { url } = await startDesk(t, {});
  const reply = await send(url, 'PUT', '/v1/notes/1');
  t.strictSame([reply.status, reply.headers.allow], [405, 'DELETE, GET, HEAD, PATCH']);
});

test('404 says nothing of what else there is', async (t) => {
  const { url } = await startDesk(t, {});
  const reply = await send(url, 'GET', '/v1/note/1');
  t.strictSame([reply.status, reply.text], [404, '{"code":5,"message":"Not found.","details":[]}']);
});
