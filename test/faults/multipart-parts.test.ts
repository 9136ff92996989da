import { resolve } from 'node:path';
import { test } from 'tap';
import { policyDefaults } from '../../gateway/config/policy.js';
import { readParts } from '../../gateway/transcode/multipart.js';
import { startService } from '../gateway/service.js';
import { BOUNDARY, multipart, writeParts } from '../gateway/transcode/multipart.js';
import { send } from '../support/http.js';

const service = { proto: resolve(import.meta.dirname, '../../../test/gateway/protos/uploads.proto'), name: 'uploads.v1.Uploads' };
const MiB = 2 ** 20;
const filled = (part: string) => Buffer.from(`${part.repeat(Math.floor((MiB - 100) / part.length))}--${BOUNDARY}--\r\n`);
const disposition = 'Content-Disposition: form-data; name="tags"';

const rows = [
  ['parts without headers', filled(`--${BOUNDARY}\r\n`), 'Part 1 of the body has no end of its headers.'],
  ['parts whose headers do not end', filled(`--${BOUNDARY}\r\nx\r\n`), 'Part 1 of the body has no end of its headers.'],
  ['empty parts', filled(`--${BOUNDARY}\r\n\r\n\r\n`), 'Part 1 of the body has no Content-Disposition: form-data.'],
  ['good parts', filled(`--${BOUNDARY}\r\n${disposition}\r\n\r\n\r\n`), 'The body has more than 1000 parts.'],
  ['header lines', filled(`--${BOUNDARY}\r\n${'a:\r\n'.repeat(33)}\r\n\r\n`), 'Part 1 of the body has more than 32 header lines.'],
] as const;

test('a body of ever more parts costs no more than those that may be', async (t) => {
  for (const [name, bytes, message] of rows) {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const before = process.cpuUsage();
      const error = await new Promise<Error | undefined>((done) => {
        readParts({ kind: 'multipart', type: multipart, bytes }, policyDefaults.maxParts, done);
      });
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
      t.equal(error?.message, message, name);
    }
    // 20 ms, five times over.
    t.ok(Math.min(...times) < 100, `${name}: ${times} ms`);
  }
});

test('a body of too many parts is 400, on every way', async (t) => {
  for (const config of [{}, { trustProxy: ['192.0.2.1'] }]) {
    const { url } = await startService(t, service, { unary: { CreateAlbum: () => ({}) } }, config, {});
    for (const [name, bytes, message] of rows) {
      const reply = await send(url, 'POST', '/v1/albums/a', bytes, { 'content-type': multipart });
      t.equal(reply.status, 400, name);
      t.equal(JSON.parse(reply.text).message, message, name);
    }
  }
});

test('maxParts of a policy says how many parts there may be', async (t) => {
  const policies = [{ select: '*', maxParts: 2 }];
  const { url } = await startService(t, service, { unary: { CreateAlbum: () => ({}) } }, { policies }, {});
  const post = (count: number) =>
    send(url, 'POST', '/v1/albums/a', writeParts(Array(count).fill({ name: 'tags', content: 'a' })), { 'content-type': multipart });
  t.equal((await post(2)).status, 200);
  const refused = await post(3);
  t.equal(refused.status, 400);
  t.equal(JSON.parse(refused.text).message, 'The body has more than 2 parts.');
});
