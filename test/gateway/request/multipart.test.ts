import { resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import type { Message } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { startService } from '../service.js';
import { multipart, writeParts } from '../transcode/multipart.js';

const proto = resolve(import.meta.dirname, '../../../../test/gateway/protos/uploads.proto');
const type = { 'content-type': multipart };

async function start(t: { teardown(stop: () => unknown): void }, config: ConfigInput = {}) {
  const seen: Message[] = [];
  const create = ({ request }: { readonly request: Message }) => {
    seen.push(request);
    return {};
  };
  const service = { proto, name: 'uploads.v1.Uploads' };
  return { ...(await startService(t, service, { unary: { CreateAlbum: create } }, config, {})), seen };
}

test('what a browser sends of a form arrives as fields and files', async (t) => {
  const { url, seen } = await start(t);
  const form = new FormData();
  form.append('title', 'Käse "und" Brot');
  form.append('tags', 'a');
  form.append('tags', 'b');
  form.append('cover', new Blob([Uint8Array.of(1, 255, 13, 10)], { type: 'image/png' }), 'ü"ber.png');
  form.append('photos', new Blob(['x'.repeat(100_000)]), 'one');
  form.append('photos', new Blob([]), 'two');
  const reply = await fetch(`${url}/v1/albums/a`, { method: 'POST', body: form });
  t.equal(reply.status, 200, await reply.text());
  t.strictSame(seen, [
    {
      name: 'a',
      title: 'Käse "und" Brot',
      tags: ['a', 'b'],
      cover: { content_type: 'image/png', data: Buffer.of(1, 255, 13, 10) },
      photos: [Buffer.from('x'.repeat(100_000)), Buffer.of()],
    },
  ]);
});

test('a body of parts may be compressed', async (t) => {
  const { url, seen } = await start(t);
  const body = writeParts([{ name: 'photos', content: 'x'.repeat(100_000), file: 'x' }]);
  for (const [coding, compressed] of [
    ['gzip', gzipSync(body)],
    ['br', brotliCompressSync(body)],
  ] as const) {
    const reply = await send(url, 'POST', '/v1/albums/a', compressed, {
      ...type,
      'content-encoding': coding,
      'transfer-encoding': 'chunked',
    });
    t.equal(reply.status, 200, reply.text);
  }
  t.strictSame(seen, Array(2).fill({ name: 'a', photos: [Buffer.from('x'.repeat(100_000))] }));
});

test('maxBody holds for all parts together, to the byte', async (t) => {
  const { url } = await start(t, { policies: [{ select: '*', maxBody: 4096 }] });
  const empty = writeParts([{ name: 'photos', content: '', file: 'x' }]).length;
  const body = (bytes: number) => writeParts([{ name: 'photos', content: 'x'.repeat(bytes - empty), file: 'x' }]);
  for (const [compress, headers] of [
    [Buffer.from, type],
    [gzipSync, { ...type, 'content-encoding': 'gzip' }],
  ] as const) {
    t.equal((await send(url, 'POST', '/v1/albums/a', compress(body(4096)), headers)).status, 200);
    const refused = await send(url, 'POST', '/v1/albums/a', compress(body(4097)), headers);
    t.equal(refused.status, 413);
    t.equal(JSON.parse(refused.text).message, 'The request body is larger than 4096 bytes.');
  }
});

test('a body of parts that is refused names the field, and the next request is served', async (t) => {
  const { url } = await start(t);
  const rows = [
    [writeParts([{ name: 'tittle', content: 'x' }]), multipart, 'tittle', 'unknown form field; is "title" meant?'],
    [writeParts([{ name: 'name', content: 'b' }]), multipart, 'name', 'contradicts the path, which sets name'],
    [writeParts([]), 'multipart/form-data', 'content-type', 'must have a boundary of 1 to 70 characters'],
    [
      writeParts([{ name: 'tags', content: 'x' }]).subarray(0, -6),
      multipart,
      '',
      'The multipart body is incomplete: its last boundary is missing.',
    ],
  ] as const;
  for (const [body, contentType, field, description] of rows) {
    const reply = await send(url, 'POST', '/v1/albums/a', body, { 'content-type': contentType });
    t.equal(reply.status, 400, reply.text);
    t.strictSame(JSON.parse(reply.text).details[0].fieldViolations, [{ field, description }]);
  }
  t.equal((await send(url, 'POST', '/v1/albums/a', writeParts([]), type)).status, 200);
});

test('parts from a foreign page that was not asked for are refused', async (t) => {
  const { url } = await start(t);
  const reply = await send(url, 'POST', '/v1/albums/a', writeParts([]), { ...type, origin: 'https://evil.example' });
  t.equal(reply.status, 403);
  t.equal(JSON.parse(reply.text).message, 'A request from a page of another site is not allowed.');
});

test('many small parts cost no more than those that may be', async (t) => {
  const { url } = await start(t, { policies: [{ select: '*', maxBody: 64 * 2 ** 20 }] });
  const part = '--b\r\n\r\n\r\n';
  const bomb = gzipSync(part.repeat(Math.floor((60 * 2 ** 20) / part.length)));
  const before = process.memoryUsage().rss;
  const reply = await send(url, 'POST', '/v1/albums/a', bomb, {
    'content-type': 'multipart/form-data; boundary=b',
    'content-encoding': 'gzip',
  });
  t.equal(reply.status, 400);
  t.equal(JSON.parse(reply.text).message, 'Part 1 of the body has no Content-Disposition: form-data.');
  t.ok(process.memoryUsage().rss - before < 300 * 2 ** 20, 'memory is that of the body');
});
