import { constants, type OutgoingHttpHeaders } from 'node:http2';
import { deflateSync, gzipSync } from 'node:zlib';
import { answer, framed, GRPC, raw } from './raw.js';
import { pullAll, Recorder, values } from './recorder.js';
import { method } from './server.js';
import type { Case } from './suite.js';
import { NONE, open, unary } from './suite.js';

const OK: OutgoingHttpHeaders = { 'grpc-status': '0' };

/** What a status line means. */
const statuses: readonly { name: string; headers: OutgoingHttpHeaders; expect: object }[] = [
  {
    name: 'a trailers-only answer has a status and no headers event',
    headers: { ...GRPC, 'grpc-status': '5', 'grpc-message': 'no%20such%20book', 'x-t': 'v' },
    expect: { code: 5, message: 'no such book', origin: 'upstream', processed: true },
  },
  {
    name: 'a trailers-only answer may say application/grpc+proto',
    headers: { ...GRPC, 'content-type': 'application/grpc+proto', 'grpc-status': '7' },
    expect: { code: 7, message: '', origin: 'upstream' },
  },
  {
    name: 'a status code nobody knows is UNKNOWN',
    headers: { ...GRPC, 'grpc-status': '99', 'grpc-message': 'm' },
    expect: { code: 2, message: 'm', origin: 'upstream' },
  },
  {
    name: 'a status code that is no number is UNKNOWN',
    headers: { ...GRPC, 'grpc-status': 'five' },
    expect: { code: 2, origin: 'upstream' },
  },
  { name: 'HTTP 400 is INTERNAL', headers: { ':status': 400, 'content-type': 'text/html' }, expect: { code: 13, origin: 'local' } },
  { name: 'HTTP 401 is UNAUTHENTICATED', headers: { ':status': 401 }, expect: { code: 16, origin: 'local' } },
  { name: 'HTTP 403 is PERMISSION_DENIED', headers: { ':status': 403 }, expect: { code: 7, origin: 'local' } },
  { name: 'HTTP 404 is UNIMPLEMENTED', headers: { ':status': 404 }, expect: { code: 12, origin: 'local' } },
  { name: 'HTTP 429 is UNAVAILABLE', headers: { ':status': 429 }, expect: { code: 14, origin: 'local' } },
  { name: 'HTTP 503 is UNAVAILABLE', headers: { ':status': 503 }, expect: { code: 14, origin: 'local' } },
  { name: 'HTTP 500 is UNKNOWN', headers: { ':status': 500 }, expect: { code: 2, origin: 'local' } },
  { name: 'HTTP 200 without a gRPC status is UNKNOWN', headers: GRPC, expect: { code: 2, origin: 'local' } },
];

const escapes: readonly { text: string; message: string; hard?: true }[] = [
  { text: 'plain', message: 'plain' },
  { text: '%E2%98%BA', message: '\u263a' },
  { text: '%e2%98%ba 100%25', message: '\u263a 100%' },
  { text: '%F0%9F%98%88', message: '\u{1f608}' },
  { text: '100% sure %zz', message: '100% sure %zz' },
  { text: '%23%2F%3F', message: '#/?', hard: true },
  { text: '%zz%41', message: '%zzA', hard: true },
];

/** What the connection says of one stream. */
const resets: readonly { name: string; code: number; expect: object }[] = [
  { name: 'CANCEL is CANCELLED', code: constants.NGHTTP2_CANCEL, expect: { code: 1, origin: 'local', processed: true } },
  { name: 'INTERNAL_ERROR is INTERNAL', code: constants.NGHTTP2_INTERNAL_ERROR, expect: { code: 13, origin: 'local', processed: true } },
  { name: 'PROTOCOL_ERROR is INTERNAL', code: constants.NGHTTP2_PROTOCOL_ERROR, expect: { code: 13, origin: 'local', processed: true } },
  {
    name: 'REFUSED_STREAM is UNAVAILABLE and not processed',
    code: constants.NGHTTP2_REFUSED_STREAM,
    expect: { code: 14, origin: 'local', processed: false },
  },
  {
    name: 'ENHANCE_YOUR_CALM is RESOURCE_EXHAUSTED',
    code: constants.NGHTTP2_ENHANCE_YOUR_CALM,
    expect: { code: 8, origin: 'local', processed: true },
  },
  {
    name: 'INADEQUATE_SECURITY is PERMISSION_DENIED',
    code: constants.NGHTTP2_INADEQUATE_SECURITY,
    expect: { code: 7, origin: 'local', processed: true },
  },
];

const text = 'to be compressed '.repeat(100);
const encodings: readonly { name: string; encoding: string | undefined; message: Uint8Array; flag?: 0; end: number }[] = [
  { name: 'a gzip message is decompressed', encoding: 'gzip', message: gzipSync(text), end: 0 },
  { name: 'a deflate message is decompressed', encoding: 'deflate', message: deflateSync(text), end: 0 },
  { name: 'an uncompressed message may follow grpc-encoding', encoding: 'gzip', message: Buffer.from(text), flag: 0, end: 0 },
  { name: 'a message that is no gzip is INTERNAL', encoding: 'gzip', message: Buffer.from('no gzip'), end: 13 },
  { name: 'a compressed message without grpc-encoding is INTERNAL', encoding: undefined, message: gzipSync(text), end: 13 },
  { name: 'an encoding nobody asked for is INTERNAL', encoding: 'br', message: Buffer.from('?'), end: 13 },
  {
    name: 'a message that grows over maxMessage is RESOURCE_EXHAUSTED',
    encoding: 'gzip',
    message: gzipSync(Buffer.alloc(2_000_000)),
    end: 8,
  },
];

export const wire: readonly Case[] = [
  ...statuses.map(
    ({ name, headers, expect }): Case => ({
      name,
      async run(t, lane) {
        const server = await raw(t, ({ stream }) => stream.respond(headers, { endStream: true }));
        const r = unary(open(t, lane, server.address));
        const status = await r.ended;
        t.match(status, expect);
        t.same(r.log, [`end:${status.code}`]);
        t.same(values(status.trailers, 'x-t'), 'x-t' in headers ? ['v'] : []);
      },
    }),
  ),
  ...escapes.map(
    ({ text, message, hard }): Case => ({
      name: `grpc-message ${text} reads ${message}`,
      async run(t, lane, limits) {
        const server = await raw(t, ({ stream }) =>
          stream.respond({ ...GRPC, 'grpc-status': '2', 'grpc-message': text }, { endStream: true }),
        );
        const status = await unary(open(t, lane, server.address)).ended;
        t.equal(status.message, hard && !limits.decodesAllEscapes ? text : message);
      },
    }),
  ),
  ...resets.map(
    ({ name, code, expect }): Case => ({
      name: `a stream reset with ${name}, and the connection serves on`,
      async run(t, lane) {
        const server = await raw(t, ({ stream, headers }) => {
          if (headers['x-reset'] === 'yes') stream.close(code);
          else answer(stream, [framed('fine')], OK);
        });
        const transport = open(t, lane, server.address);
        const r = unary(transport, '', { ...NONE, metadata: [['x-reset', 'yes']] });
        t.match(await r.ended, expect);
        t.equal((await unary(transport).ended).code, 0);
      },
    }),
  ),
  ...encodings.map(
    ({ name, encoding, message, flag, end }): Case => ({
      name,
      async run(t, lane) {
        let accepted: unknown;
        const server = await raw(t, ({ stream, headers }) => {
          accepted = headers['grpc-accept-encoding'];
          answer(stream, [framed(message, flag ?? 1)], OK, encoding === undefined ? GRPC : { ...GRPC, 'grpc-encoding': encoding });
        });
        const r = unary(open(t, lane, server.address, { maxMessage: 1_000_000 }));
        const status = await r.ended;
        t.match(status, { code: end, origin: end === 0 ? 'upstream' : 'local', processed: true });
        t.same(r.messages.map(String), end === 0 ? [text] : []);
        t.match(accepted, /gzip/);
      },
    }),
  ),
  {
    name: 'compressed messages that are large come whole and in their order, before the status',
    async run(t, lane) {
      const sizes = [3_000_000, 10, 2_000_000, 0, 1_500_000, 700_000, 700_000];
      const server = await raw(t, ({ stream }) => {
        const messages = sizes.map((size, i) => framed(gzipSync(Buffer.alloc(size, i)), 1));
        answer(stream, messages, OK, { ...GRPC, 'grpc-encoding': 'gzip' });
      });
      const r = new Recorder();
      pullAll(open(t, lane, server.address, { maxMessage: 4_000_000 }).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r));
      t.match(await r.ended, { code: 0, origin: 'upstream' });
      t.same(
        r.messages.map((m) => m.length),
        sizes,
      );
      t.ok(r.messages.every((m, i) => m.every((byte) => byte === i)));
    },
  },
  {
    name: 'a call may be given up while a large message is decompressed',
    async run(t, lane) {
      const server = await raw(t, ({ stream }) => {
        const messages = [framed('first'), framed(gzipSync(Buffer.alloc(3_000_000)), 1)];
        answer(stream, messages, OK, { ...GRPC, 'grpc-encoding': 'gzip' });
      });
      const r = new Recorder();
      const call = open(t, lane, server.address, { maxMessage: 4_000_000 }).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r);
      call.pull(2);
      await r.received(1);
      call.cancel('client');
      t.match(await r.ended, { code: 1, origin: 'local' });
      t.same(r.log, ['headers', 'message:first', 'end:1']);
    },
  },
  {
    name: 'messages may be cut anywhere by DATA frames',
    async run(t, lane) {
      const bytes = Buffer.concat(['', 'a', 'some words', '', 'end'].map((s) => framed(s)));
      const server = await raw(t, ({ stream, index }) => {
        const size = index + 1;
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
        answer(stream, chunks, OK);
      });
      const transport = open(t, lane, server.address);
      for (let size = 1; size <= bytes.length; size++) {
        const r = new Recorder();
        pullAll(transport.invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r));
        await r.ended;
        t.same(
          r.log,
          ['headers', 'message:', 'message:a', 'message:some words', 'message:', 'message:end', 'end:0'],
          `${size} bytes a frame`,
        );
      }
    },
  },
  {
    name: 'an answer that is not gRPC is UNKNOWN, and its body is no message',
    async run(t, lane) {
      const server = await raw(t, ({ stream }) => {
        stream.respond({ ':status': 200, 'content-type': 'text/html' });
        stream.end('<html>hello from another server</html>');
      });
      const r = unary(open(t, lane, server.address));
      t.match(await r.ended, { code: 2, origin: 'local', processed: true });
      t.equal(r.messages.length, 0);
    },
  },
  {
    name: 'an error page of a proxy has the code of its HTTP status',
    async run(t, lane) {
      const server = await raw(t, ({ stream }) => {
        stream.respond({ ':status': 502, 'content-type': 'text/html' });
        stream.end('<html>bad gateway</html>');
      });
      const r = unary(open(t, lane, server.address));
      t.match(await r.ended, { code: 14, origin: 'local' });
      t.equal(r.messages.length, 0);
    },
  },
  {
    name: 'a -bin value may lack its padding and share its line with others',
    async run(t, lane) {
      const server = await raw(t, ({ stream }) => answer(stream, [framed('x')], { ...OK, 'x-raw-bin': 'AQI,AwQ=' }));
      const status = await unary(open(t, lane, server.address)).ended;
      t.same(
        values(status.trailers, 'x-raw-bin').map((v) => Buffer.from(v).toString('hex')),
        ['0102', '0304'],
      );
    },
  },
  {
    name: 'metadata keeps the order of names',
    async run(t, lane, limits) {
      let sent: string[] = [];
      const server = await raw(t, ({ stream }) => answer(stream, [framed('x')], OK));
      server.server.on('stream', (...args: unknown[]) => {
        sent = args[3] as string[];
      });
      const metadata = ['x-b', 'x-a', 'x-b', 'x-c'].map((name, i) => [name, String(i)] as const);
      await unary(open(t, lane, server.address), '', { ...NONE, metadata }).ended;
      const order = sent.filter((_, i) => i % 2 === 0 && sent[i]?.startsWith('x-')).join(' ');
      t.equal(order, limits.keepsNameOrder ? 'x-b x-a x-b x-c' : 'x-b x-b x-a x-c');
    },
  },
  {
    name: 'a call that GOAWAY says was not looked at is sent again, or ends as not processed',
    async run(t, lane) {
      const server = await raw(t, ({ stream, index }) => {
        if (index === 0) answer(stream, [framed('first')], OK);
        else if (index === 1) stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 1);
        else answer(stream, [framed('again')], OK);
      });
      const transport = open(t, lane, server.address);
      t.equal((await unary(transport).ended).code, 0);
      const r = unary(transport);
      const status = await r.ended;
      if (status.code === 0) t.same(r.log, ['headers', 'message:again', 'end:0']);
      else t.match(status, { code: 14, origin: 'local', processed: false });
      t.equal((await unary(transport).ended).code, 0);
    },
  },
  {
    name: 'no more streams are open on a connection than the server allows, and every call has its turn',
    async run(t, lane) {
      const open_ = new Map<unknown, number>();
      let most = 0;
      const server = await raw(t, ({ stream }) => {
        const now = (open_.get(stream.session) ?? 0) + 1;
        open_.set(stream.session, now);
        most = Math.max(most, now);
        setImmediate(() => {
          open_.set(stream.session, now - 1);
          answer(stream, [framed('x')], OK);
        });
      });
      server.server.updateSettings({ maxConcurrentStreams: 1 });
      const transport = open(t, lane, server.address);
      const calls = Array.from({ length: 20 }, () => unary(transport));
      t.same(await Promise.all(calls.map(async (r) => (await r.ended).code)), Array(20).fill(0));
      t.equal(most, 1);
    },
  },
];
