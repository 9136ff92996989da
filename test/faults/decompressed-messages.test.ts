import { deflateSync, gzipSync } from 'node:zlib';
import { test } from 'tap';
import { decompressAside, decompressNow } from '../../gateway/upstream/h2/decompress.js';

const MiB = 2 ** 20;

for (const [encoding, compress] of [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
] as const) {
  test(`in one turn of the event loop at most 1 MiB is decompressed (${encoding})`, async (t) => {
    const message = { bytes: compress(Buffer.alloc(MiB / 4 - 1)), encoding, max: 16 * MiB };
    for (let turn = 0; turn < 3; turn++) {
      await new Promise(setImmediate);
      for (let i = 0; i < 4; i++) t.type(decompressNow(message), Uint8Array);
      t.equal(decompressNow(message), undefined);
      const aside = await new Promise((done) => decompressAside(message, done));
      t.same(aside, Buffer.alloc(MiB / 4 - 1));
    }
  });

  test(`a message that grows to 16 MiB never holds the event loop (${encoding})`, async (t) => {
    const message = { bytes: compress(Buffer.alloc(16 * MiB)), encoding, max: 16 * MiB };
    await new Promise(setImmediate);
    const before = process.cpuUsage();
    t.equal(decompressNow(message), undefined);
    const { user, system } = process.cpuUsage(before);
    t.ok((user + system) / 1000 < 50, `${(user + system) / 1000} ms`);
    const aside = await new Promise<unknown>((done) => decompressAside(message, done));
    t.equal((aside as Uint8Array).length, 16 * MiB);
  });

  test(`what grows beyond its limit, or is malformed, is an error in both ways (${encoding})`, async (t) => {
    const rows = [
      [compress(Buffer.alloc(2 * MiB + 1)), { code: 8, message: `a message grows beyond ${2 * MiB} bytes when it is decompressed` }],
      [compress('x'.repeat(99)).subarray(0, -9), { code: 13, origin: 'local' }],
    ] as const;
    for (const [bytes, status] of rows) {
      const message = { bytes, encoding, max: 2 * MiB };
      t.match(await new Promise((done) => decompressAside(message, done)), status);
    }
    await new Promise(setImmediate);
    t.match(decompressNow({ bytes: rows[1][0], encoding, max: 2 * MiB }), rows[1][1]);
    const small = { bytes: compress(Buffer.alloc(101)), encoding, max: 100 };
    t.match(decompressNow(small), { code: 8, message: 'a message grows beyond 100 bytes when it is decompressed' });
  });
}
