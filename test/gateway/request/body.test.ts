import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import { send, sendRaw } from '../../support/http.js';
import { startDesk } from '../desk.js';

const json = { 'content-type': 'application/json' };
const codings = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const;

async function start(t: Parameters<typeof startDesk>[0], config: ConfigInput = {}) {
  const seen: object[] = [];
  const desk = await startDesk(
    t,
    {
      unary: {
        CreateNote: (call) => {
          seen.push(call.request);
          return {};
        },
      },
    },
    config,
  );
  return { ...desk, seen };
}

test('a request body may be compressed (RFC 9110 section 8.4)', async (t) => {
  const { url, seen } = await start(t);
  for (const [coding, compress] of codings) {
    const reply = await send(url, 'POST', '/v1/notes', compress('{"title":"t"}'), { ...json, 'content-encoding': coding });
    t.equal(reply.status, 200, reply.text);
  }
  t.strictSame(seen, Array(codings.length).fill({ title: 't' }));
});

test('the identity coding is none', async (t) => {
  const { url, seen } = await start(t);
  t.equal((await send(url, 'POST', '/v1/notes', '{"title":"t"}', { ...json, 'content-encoding': 'identity' })).status, 200);
  t.strictSame(seen, [{ title: 't' }]);
});

test('a coding that is unknown, or one over another, is 415 and says what is accepted (RFC 9110 section 15.5.16)', async (t) => {
  const { url, seen } = await start(t);
  for (const coding of ['zstd', 'gzip, br', 'gzip, gzip', 'compress', 'gzip;q=1', ',']) {
    const reply = await send(url, 'POST', '/v1/notes', gzipSync('{}'), { ...json, 'content-encoding': coding });
    t.equal(reply.status, 415, coding);
    t.equal(reply.headers['accept-encoding'], 'gzip, deflate, br');
    t.equal(
      JSON.parse(reply.text).message,
      'The content encoding of the request body is not supported: send one of gzip, deflate, br, or none.',
    );
  }
  t.strictSame(seen, []);
});

const limit = 4096;
const small = { policies: [{ select: '*', maxBody: limit }] };
const bodyOf = (bytes: number) => `{"title":"${'x'.repeat(bytes - 12)}"}`;

test('the size limit holds for the decompressed body, to the byte', async (t) => {
  const { url } = await start(t, small);
  for (const [coding, compress] of codings) {
    const post = (bytes: number) => send(url, 'POST', '/v1/notes', compress(bodyOf(bytes)), { ...json, 'content-encoding': coding });
    t.equal((await post(limit)).status, 200, coding);
    const refused = await post(limit + 1);
    t.equal(refused.status, 413, coding);
    t.equal(JSON.parse(refused.text).message, 'The request body is larger than 4096 bytes.');
  }
});

test('and for what arrives, declared or not', async (t) => {
  const { url } = await start(t, small);
  // Empty members of a gzip file are 20 bytes each and stand for nothing.
  const members = (bytes: number) => {
    const filled = Buffer.concat([gzipSync('{}'), ...Array<Buffer>(Math.floor(bytes / 20)).fill(gzipSync(''))]);
    return filled;
  };
  t.equal(members(0).length, 22);
  for (const framing of [{}, { 'transfer-encoding': 'chunked' }]) {
    const post = (body: Buffer) => send(url, 'POST', '/v1/notes', body, { ...json, 'content-encoding': 'gzip', ...framing });
    t.equal((await post(members(4060))).status, 200);
    t.equal((await post(members(4080))).status, 413);
  }
});

test('a bomb is not decompressed past the limit', async (t) => {
  const { url } = await start(t);
  const bomb = gzipSync(Buffer.alloc(300 * 2 ** 20));
  const before = process.memoryUsage().rss;
  const reply = await send(url, 'POST', '/v1/notes', bomb, { ...json, 'content-encoding': 'gzip' });
  t.equal(reply.status, 413);
  t.ok(process.memoryUsage().rss - before < 100 * 2 ** 20, 'memory stays where it was');
});

test('what is not compressed as it says is 400', async (t) => {
  const { url, seen } = await start(t);
  const cut = gzipSync('{"title":"t"}').subarray(0, 20);
  const rows = [
    ['plain text', Buffer.from('{"title":"t"}')],
    ['a cut body', cut],
    ['another coding', deflateSync('{}')],
    ['bytes behind the end', Buffer.concat([gzipSync('{}'), Buffer.from('{"title":"t"}')])],
  ] as const;
  const [field, description] = ['content-encoding', 'is not how the request body is compressed'];
  for (const [name, body] of rows) {
    const reply = await send(url, 'POST', '/v1/notes', body, { ...json, 'content-encoding': 'gzip' });
    t.equal(reply.status, 400, name);
    const error = JSON.parse(reply.text);
    t.equal(error.message, `${field}: ${description}`, name);
    t.strictSame(error.details[0].fieldViolations, [{ field, description }], name);
  }
  const reply = await send(url, 'POST', '/v1/notes', Buffer.concat([deflateSync('{}'), Buffer.from('x')]), {
    ...json,
    'content-encoding': 'deflate',
  });
  t.equal(reply.status, 400);
  t.strictSame(seen, []);
});

test('a compressed body of nothing is an empty message', async (t) => {
  const { url, seen } = await start(t);
  t.equal((await send(url, 'POST', '/v1/notes', gzipSync(''), { ...json, 'content-encoding': 'gzip' })).status, 200);
  t.strictSame(seen, [{}]);
});

test('a body that comes byte by byte is whole', async (t) => {
  const { url, seen } = await start(t);
  const chunks = [...gzipSync('{"title":"t"}')].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`);
  const head = 'POST /v1/notes HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-encoding: gzip\r\ncontent-type: application/json\r\n';
  const answer = await sendRaw(url, Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`, 'latin1'));
  t.match(answer, /^HTTP\/1.1 200/);
  t.strictSame(seen, [{ title: 't' }]);
});

test('a compressed body that does not arrive in time is 408', async (t) => {
  const { url } = await start(t, { limits: { bodyTimeoutMs: 50 } });
  const head = 'POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-encoding: gzip\r\ncontent-length: 50\r\n\r\n';
  t.match(await sendRaw(url, `${head}x`), /^HTTP\/1.1 4/);
  t.match(await sendRaw(url, Buffer.concat([Buffer.from(head), gzipSync('{}').subarray(0, 15)])), /^HTTP\/1.1 408/);
});
