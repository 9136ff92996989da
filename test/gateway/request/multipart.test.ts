import { resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import type { Message, Received } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { startService } from '../service.js';
import { multipart, writeParts } from '../transcode/multipart.js';

const proto = resolve(import.meta.dirname, '../../../../test/gateway/protos/uploads.proto');
const type = { 'content-type': multipart };

async function start(t: { teardown(stop: () => unknown): void }, config: ConfigInput = {}) {
  const seen: Message[] = [];
  const names: (readonly (string | Buffer)[])[] = [];
  const create = ({ request, metadata }: Pick<Received, 'request' | 'metadata'>) => {
    seen.push(request);
    names.push(metadata.get('x-http-body-filename'));
    return {};
  };
  const service = { proto, name: 'uploads.v1.Uploads' };
  return { ...(await startService(t, service, { unary: { CreateAlbum: create } }, config, {})), seen, names };
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

test('metadata.fileNames: the server gets the names of the files, field by field, and no client can say others', async (t) => {
  const { url, names } = await start(t, { metadata: { fileNames: true, forward: ['x-http-*'], forwardPrefixed: true } });
  const form = new FormData();
  form.append('title', 'no file');
  form.append('cover', new Blob(['c'], { type: 'image/png' }), 'K\u00e4se "1".png');
  form.append('photos', new Blob(['1']), 'a&b.jpg');
  form.append('photos', new Blob(['2']), '../c.jpg');
  const headers = { 'x-http-body-filename': 'evil', 'grpc-metadata-x-http-body-filename': 'evil' };
  t.equal((await fetch(`${url}/v1/albums/a`, { method: 'POST', body: form, headers })).status, 200);
  const nameless = writeParts([{ name: 'photos', content: 'x', type: 'image/png' }]);
  t.equal((await send(url, 'POST', '/v1/albums/a', nameless, type)).status, 200);
  // The server's library joins entries.
  t.strictSame(names, [['cover=K%C3%A4se%20%221%22.png, photos=a%26b.jpg, photos=..%2Fc.jpg'], ['photos=']]);

  const long = writeParts([
    { name: 'photos', content: 'x', file: 'x'.repeat(3000) },
    { name: 'photos', content: 'x', file: 'x'.repeat(1100) },
  ]);
  const refused = await send(url, 'POST', '/v1/albums/a', long, type);
  t.strictSame([refused.status, JSON.parse(refused.text).message], [413, 'photos: the names of files are more than 4096 bytes']);
  const latin1 = await send(
    url,
    'POST',
    '/v1/albums/a',
    Buffer.from(
      writeParts([{ name: 'photos', content: '', file: 'NAME' }])
        .toString()
        .replace('NAME', '\xe4'),
      'latin1',
    ),
    type,
  );
  t.strictSame([latin1.status, JSON.parse(latin1.text).message], [400, 'photos: has a file name that is not UTF-8']);
});

test('without it they stay here', async (t) => {
  const { url, names } = await start(t);
  t.equal((await send(url, 'POST', '/v1/albums/a', writeParts([{ name: 'photos', content: 'x', file: 'a.jpg' }]), type)).status, 200);
  t.strictSame(names, [[]]);
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
