import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { test } from 'tap';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { Flag, Frame, Setting } from '../../../../gateway/upstream/h2/protocol.js';
import { reachableBytes } from '../../../support/memory.js';
import { Recorder, turns } from '../contract/recorder.js';
import { method } from '../contract/server.js';
import { NONE, open, unary, within } from '../contract/suite.js';
import { block, fine, frame, HEAD, headers, type Peer, peer, setting, uint32 } from './peer.js';

const { END_HEADERS, END_STREAM, PADDED, ACK } = Flag;
const times = (n: number, b: Buffer): Buffer => Buffer.concat(Array.from({ length: n }, () => b));

/** What the server sends upon the first request (stream 1), and the GOAWAY code that the client answers with. The call ends UNAVAILABLE. */
const connectionErrors: readonly { what: string; send: Buffer; goaway: number }[] = [
  { what: 'a frame that is too long', send: frame(Frame.DATA, 0, 1, Buffer.alloc(16_385)), goaway: 6 },
  { what: 'DATA on stream 0', send: frame(Frame.DATA, 0, 0, 'x'), goaway: 1 },
  { what: 'DATA on a stream that never was', send: frame(Frame.DATA, 0, 99, 'x'), goaway: 1 },
  { what: 'DATA padded beyond its end', send: frame(Frame.DATA, PADDED, 1, '\x05abc'), goaway: 1 },
  { what: 'HEADERS on stream 0', send: headers(0, HEAD), goaway: 1 },
  { what: 'HEADERS on a stream of the server', send: headers(2, HEAD), goaway: 1 },
  { what: 'HEADERS on a stream that never was', send: headers(99, HEAD), goaway: 1 },
  { what: 'HEADERS padded beyond their end', send: frame(Frame.HEADERS, END_HEADERS | PADDED, 1, '\x05abc'), goaway: 1 },
  { what: 'HEADERS with half a priority', send: frame(Frame.HEADERS, END_HEADERS | Flag.PRIORITY, 1, 'abc'), goaway: 1 },
  { what: 'a header block that does not decode', send: frame(Frame.HEADERS, END_HEADERS, 1, '\x80'), goaway: 9 },
  { what: 'a header table beyond what was allowed', send: frame(Frame.HEADERS, END_HEADERS, 1, '\x3f\xe2\x1f'), goaway: 9 },
  { what: 'CONTINUATION of nothing', send: frame(Frame.CONTINUATION, END_HEADERS, 1, ''), goaway: 1 },
  {
    what: 'another frame inside of a header block',
    send: Buffer.concat([frame(Frame.HEADERS, 0, 1, ''), frame(Frame.PING, 0, 0, '12345678')]),
    goaway: 1,
  },
  { what: 'DATA inside of a header block', send: Buffer.concat([frame(Frame.HEADERS, 0, 1, ''), frame(Frame.DATA, 0, 1, '')]), goaway: 1 },
  {
    what: 'CONTINUATION of another stream',
    send: Buffer.concat([frame(Frame.HEADERS, 0, 1, ''), frame(Frame.CONTINUATION, END_HEADERS, 3, '')]),
    goaway: 1,
  },
  {
    what: 'a flood of empty CONTINUATION',
    send: Buffer.concat([frame(Frame.HEADERS, 0, 1, ''), times(100, frame(Frame.CONTINUATION, 0, 1, ''))]),
    goaway: 11,
  },
  {
    what: 'a header block without end',
    send: Buffer.concat([frame(Frame.HEADERS, 0, 1, ''), times(10, frame(Frame.CONTINUATION, 0, 1, Buffer.alloc(16_384)))]),
    goaway: 11,
  },
  { what: 'PUSH_PROMISE', send: frame(Frame.PUSH_PROMISE, END_HEADERS, 1, uint32(2)), goaway: 1 },
  { what: 'SETTINGS cut short', send: frame(Frame.SETTINGS, 0, 0, 'abcde'), goaway: 6 },
  { what: 'SETTINGS on a stream', send: frame(Frame.SETTINGS, 0, 1, ''), goaway: 1 },
  { what: 'an acknowledgement with settings', send: frame(Frame.SETTINGS, ACK, 0, setting(Setting.MAX_FRAME_SIZE, 16_384)), goaway: 6 },
  { what: 'push enabled', send: frame(Frame.SETTINGS, 0, 0, setting(Setting.ENABLE_PUSH, 1)), goaway: 1 },
  {
    what: 'an initial window that is too large',
    send: frame(Frame.SETTINGS, 0, 0, setting(Setting.INITIAL_WINDOW_SIZE, 2 ** 31)),
    goaway: 3,
  },
  { what: 'a frame size that is too small', send: frame(Frame.SETTINGS, 0, 0, setting(Setting.MAX_FRAME_SIZE, 16_383)), goaway: 1 },
  { what: 'PING of seven octets', send: frame(Frame.PING, 0, 0, '1234567'), goaway: 6 },
  { what: 'PING on a stream', send: frame(Frame.PING, 0, 1, '12345678'), goaway: 1 },
  { what: 'PRIORITY of four octets', send: frame(Frame.PRIORITY, 0, 1, 'abcd'), goaway: 6 },
  { what: 'GOAWAY cut short', send: frame(Frame.GOAWAY, 0, 0, 'abcd'), goaway: 6 },
  { what: 'GOAWAY on a stream', send: frame(Frame.GOAWAY, 0, 1, 'abcdefgh'), goaway: 1 },
  { what: 'RST_STREAM of five octets', send: frame(Frame.RST_STREAM, 0, 1, 'abcde'), goaway: 6 },
  { what: 'RST_STREAM on a stream that never was', send: frame(Frame.RST_STREAM, 0, 99, 'abcd'), goaway: 1 },
  { what: 'WINDOW_UPDATE of three octets', send: frame(Frame.WINDOW_UPDATE, 0, 0, 'abc'), goaway: 6 },
  { what: 'a connection window widened by nothing', send: frame(Frame.WINDOW_UPDATE, 0, 0, uint32(0)), goaway: 1 },
  { what: 'a connection window beyond 2^31-1', send: frame(Frame.WINDOW_UPDATE, 0, 0, uint32(2 ** 31 - 1)), goaway: 3 },
  { what: 'WINDOW_UPDATE on a stream that never was', send: frame(Frame.WINDOW_UPDATE, 0, 99, uint32(1)), goaway: 1 },
  { what: 'a flood of PING', send: times(10_001, frame(Frame.PING, 0, 0, '12345678')), goaway: 11 },
  { what: 'a flood of SETTINGS', send: times(10_001, frame(Frame.SETTINGS, 0, 0, '')), goaway: 11 },
  { what: 'a flood of empty DATA', send: Buffer.concat([headers(1, HEAD), times(10_001, frame(Frame.DATA, 0, 1, ''))]), goaway: 11 },
  { what: 'a flood of informational headers', send: times(10_001, headers(1, [[':status', '103']])), goaway: 11 },
  { what: 'a flood of GOAWAY', send: times(10_001, frame(Frame.GOAWAY, 0, 0, Buffer.concat([uint32(1), uint32(0)]))), goaway: 11 },
  { what: 'a flood of PRIORITY', send: times(10_001, frame(Frame.PRIORITY, 0, 1, 'abcde')), goaway: 11 },
  { what: 'a flood of frames nobody knows', send: times(10_001, frame(0xaa, 0, 1, '')), goaway: 11 },
  { what: 'a flood of windows widened by one', send: times(10_001, frame(Frame.WINDOW_UPDATE, 0, 0, uint32(1))), goaway: 11 },
];

test('a server that breaks the connection loses it: GOAWAY, UNAVAILABLE, and the next call has a new one', async (t) => {
  for (const { what, send, goaway } of connectionErrors) {
    await t.test(what, async (t) => {
      const server = await peer(t, (p, stream) => p.send(p.connection === 1 ? send : fine(stream)));
      const transport = open(t, h2Lane, server.address);
      const r = unary(transport, '', within(10_000));
      t.match(await r.ended, { code: 14, origin: 'local', processed: true });
      t.equal((await unary(transport, '', within(10_000)).ended).code, 0);
      t.match(server.peers[0]?.seen.at(-1), `GOAWAY ${goaway}`);
    });
  }
});

/** What the server sends upon the first request, how the call ends, and what the client says to the stream. The connection serves on. */
const streamErrors: readonly { what: string; send: Buffer; code: number; reset: number | undefined }[] = [
  { what: 'DATA before headers', send: frame(Frame.DATA, 0, 1, 'x'), code: 13, reset: 1 },
  { what: 'headers without :status', send: headers(1, [['content-type', 'application/grpc']]), code: 13, reset: 1 },
  { what: 'a :status that is no number', send: headers(1, [[':status', 'ok']]), code: 13, reset: 1 },
  { what: 'two :status', send: headers(1, [...HEAD.slice(0, 1), ...HEAD]), code: 13, reset: 1 },
  { what: ':status behind a field', send: headers(1, [['x', 'y'], ...HEAD]), code: 13, reset: 1 },
  { what: 'another pseudo-header', send: headers(1, [...HEAD.slice(0, 1), [':path', '/']]), code: 13, reset: 1 },
  { what: 'capitals in a name', send: headers(1, [...HEAD, ['X-A', 'b']]), code: 13, reset: 1 },
  { what: 'an empty name', send: headers(1, [...HEAD, ['', 'b']]), code: 13, reset: 1 },
  { what: 'a field of the connection', send: headers(1, [...HEAD, ['connection', 'close']]), code: 13, reset: 1 },
  {
    what: 'a header list that is too long',
    send: headers(1, [...HEAD, ...Array.from({ length: 250 }, (): [string, string] => ['x-a', 'b'.repeat(30)])]),
    code: 0,
    reset: undefined,
  },
  { what: 'trailers with :status', send: Buffer.concat([headers(1, HEAD), headers(1, HEAD, true)]), code: 13, reset: 1 },
  {
    what: 'trailers that do not end the stream',
    send: Buffer.concat([headers(1, HEAD), headers(1, [['grpc-status', '0']])]),
    code: 13,
    reset: 1,
  },
  { what: 'a window widened by nothing', send: frame(Frame.WINDOW_UPDATE, 0, 1, uint32(0)), code: 13, reset: 1 },
  { what: 'a window beyond 2^31-1', send: frame(Frame.WINDOW_UPDATE, 0, 1, uint32(2 ** 31 - 1)), code: 13, reset: 3 },
  {
    what: 'a message beyond the limit',
    send: Buffer.concat([headers(1, HEAD), frame(Frame.DATA, 0, 1, '\0\xff\xff\xff\xff')]),
    code: 8,
    reset: 8,
  },
  {
    what: 'OK inside of a message',
    send: Buffer.concat([headers(1, HEAD), frame(Frame.DATA, 0, 1, '\0\0\0\0\x05abc'), headers(1, [['grpc-status', '0']], true)]),
    code: 13,
    reset: undefined,
  },
  {
    what: 'an error inside of a message',
    send: Buffer.concat([headers(1, HEAD), frame(Frame.DATA, 0, 1, '\0\0\0\0\x05abc'), headers(1, [['grpc-status', '5']], true)]),
    code: 5,
    reset: undefined,
  },
  {
    what: 'END_STREAM on DATA',
    send: Buffer.concat([headers(1, HEAD), frame(Frame.DATA, END_STREAM, 1, '\0\0\0\0\0')]),
    code: 13,
    reset: undefined,
  },
];

/** What something else than a gRPC server sends upon the first request, without an end. */
const pages: readonly { what: string; head: readonly (readonly [string, string])[]; code: number }[] = [
  {
    what: 'an error page',
    head: [
      [':status', '502'],
      ['content-type', 'text/html'],
    ],
    code: 14,
  },
  {
    what: 'a page',
    head: [
      [':status', '200'],
      ['content-type', 'text/html'],
    ],
    code: 2,
  },
  { what: 'an answer of no type', head: [[':status', '200']], code: 2 },
  {
    what: 'gRPC-Web',
    head: [
      [':status', '200'],
      ['content-type', 'application/grpc-web+proto'],
    ],
    code: 2,
  },
];

test('an answer that is not gRPC ends the call at once', async (t) => {
  for (const { what, head, code } of pages) {
    await t.test(what, async (t) => {
      const server = await peer(t, (p, stream) => p.send(stream === 1 ? headers(1, head) : fine(stream)));
      const transport = open(t, h2Lane, server.address);
      const r = unary(transport, '', within(5000));
      t.match(await r.ended, { code, origin: 'local', processed: true });
      t.same(r.log, [`end:${code}`]);
      t.equal((await unary(transport, '', within(10_000)).ended).code, 0);
      t.ok(server.peers[0]?.seen.includes('RST_STREAM 1 8'));
    });
  }
});

test('a server that breaks one stream loses that one, and the connection serves on', async (t) => {
  for (const { what, send, code, reset } of streamErrors.filter((row) => row.code !== 0)) {
    await t.test(what, async (t) => {
      const server = await peer(t, (p, stream) => p.send(stream === 1 ? send : fine(stream)));
      const transport = open(t, h2Lane, server.address);
      t.match(await unary(transport, '', within(10_000)).ended, { code });
      t.equal((await unary(transport, '', within(10_000)).ended).code, 0);
      t.equal(server.peers.length, 1);
      t.same(
        server.peers[0]?.seen.filter((line) => line.startsWith('RST')),
        reset === undefined ? [] : [`RST_STREAM 1 ${reset}`],
      );
    });
  }
});

/** What is unusual but right: the call succeeds. */
const legal: readonly { what: string; send: readonly Buffer[] }[] = [
  {
    what: 'informational headers first',
    send: [
      headers(1, [
        [':status', '103'],
        ['link', '</x>'],
      ]),
      fine(1),
    ],
  },
  { what: 'frames nobody knows', send: [frame(0xaa, 0xff, 1, 'what'), frame(0xbb, 0, 0, ''), fine(1)] },
  { what: 'PRIORITY', send: [frame(Frame.PRIORITY, 0, 1, 'abcde'), fine(1)] },
  { what: 'settings nobody knows', send: [frame(Frame.SETTINGS, 0, 0, setting(0xff, 1)), fine(1)] },
  {
    what: 'padding and priority in every frame',
    send: [
      frame(
        Frame.HEADERS,
        END_HEADERS | PADDED | Flag.PRIORITY,
        1,
        Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 9]), block(HEAD), Buffer.alloc(3)]),
      ),
      frame(Frame.DATA, PADDED, 1, '\x04\0\0\0\0\x04fi\0\0\0\0'),
      frame(Frame.DATA, PADDED, 1, '\0ne'),
      frame(
        Frame.HEADERS,
        END_HEADERS | END_STREAM | PADDED,
        1,
        Buffer.concat([Buffer.from([1]), block([['grpc-status', '0']]), Buffer.alloc(1)]),
      ),
    ],
  },
  {
    what: 'header blocks cut at every octet',
    send: [
      frame(Frame.HEADERS, 0, 1, ''),
      ...[...block(HEAD)].map((octet, i, all) =>
        frame(Frame.CONTINUATION, i === all.length - 1 ? END_HEADERS : 0, 1, Buffer.from([octet])),
      ),
      frame(Frame.DATA, 0, 1, '\0\0\0\0\x04fine'),
      headers(1, [['grpc-status', '0']], true),
    ],
  },
  {
    what: 'frames on the stream after its end',
    send: [fine(1), frame(Frame.WINDOW_UPDATE, 0, 1, uint32(9)), frame(Frame.RST_STREAM, 0, 1, uint32(0)), frame(Frame.DATA, 0, 1, 'late')],
  },
];

test('what is unusual but right does no harm', async (t) => {
  for (const { what, send } of legal) {
    await t.test(what, async (t) => {
      const server = await peer(t, (p, stream) => p.send(...(stream === 1 ? send : [fine(stream)])));
      const transport = open(t, h2Lane, server.address);
      for (let i = 0; i < 2; i++) {
        const r = unary(transport, '', within(10_000));
        await r.ended;
        t.same(r.log, ['headers', 'message:fine', 'end:0']);
      }
      t.equal(server.peers.length, 1);
    });
  }
});

test('a server that does not speak HTTP/2 is UNAVAILABLE and not processed', async (t) => {
  for (const greeting of [
    'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
    '\x15\x03\x01\x00\x02\x02\x46',
    'SSH-2.0-OpenSSH_9.9\r\n',
  ]) {
    const server = await peer(t, () => {}, Buffer.from(greeting, 'latin1'));
    const r = unary(open(t, h2Lane, server.address), '', within(10_000));
    t.match(await r.ended, { code: 14, origin: 'local', processed: false, message: /the server does not speak HTTP\/2/ });
  }
});

test('a PING is answered with its own octets', async (t) => {
  const server = await peer(t, (p, stream) => p.send(frame(Frame.PING, 0, 0, 'abcdefgh'), fine(stream)));
  const transport = open(t, h2Lane, server.address);
  await unary(transport).ended;
  await unary(transport).ended;
  t.ok(server.peers[0]?.seen.includes('PING abcdefgh'));
});

test('a server that overruns the window of a stream breaks it', async (t) => {
  const server = await peer(t, (p, stream) => {
    p.send(headers(stream, HEAD), times(5, frame(Frame.DATA, 0, stream, times(100, Buffer.from('\0\0\0\0\x7b'.padEnd(128, 'x'))))));
    if (stream > 1) p.send(fine(stream));
  });
  const transport = open(t, h2Lane, server.address);
  const r = new Recorder();
  // 64,000 octets are within the window, 76,800 are not; nothing is pulled.
  const one = transport.invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r);
  await r.until(() => r.initial !== undefined);
  await turns();
  t.equal(r.ends, 0);
  server.peers[0]?.send(frame(Frame.DATA, 0, 1, Buffer.alloc(12_800)));
  while (!server.peers[0]?.seen.includes('RST_STREAM 1 3')) await turns(1);
  t.equal(r.ends, 0, 'what came before waits to be pulled');
  one.pull(10_000);
  t.match(await r.ended, { code: 13, origin: 'local' });
  t.equal(r.messages.length, 500);
});

test('what was on its way when streams were cancelled is no flood', async (t) => {
  const message = frame(Frame.DATA, 0, 1, '\0\0\0\0\x01x');
  const server = await peer(t, (p, stream) => {
    if (stream === 21) p.send(fine(stream));
  });
  const transport = open(t, h2Lane, server.address);
  for (let stream = 1; stream < 20; stream += 2) {
    const r = unary(transport, '', within(10_000));
    while (!server.peers[0]?.seen.includes(`DATA ${stream} 5`)) await turns(1);
    r.call.cancel('client');
    await r.ended;
  }
  for (let stream = 1; stream < 20; stream += 2) {
    message.writeUInt32BE(stream, 5);
    server.peers[0]?.send(headers(stream, HEAD), times(10_000, message), headers(stream, [['grpc-status', '0']], true));
  }
  t.equal((await unary(transport, '', within(10_000)).ended).code, 0);
  t.equal(server.peers.length, 1);
});

test('a call whose deadline passes while the connection is made is not sent', async (t) => {
  const server = await peer(t, (p, stream) => p.send(fine(stream)));
  const options = within(50);
  const transport = open(t, h2Lane, server.address, {
    onConnect() {
      while (performance.now() < options.deadline);
    },
  });
  t.match(await unary(transport, '', options).ended, { code: 4, origin: 'local' });
  t.equal((await unary(transport, '', within(10_000)).ended).code, 0);
  t.same(server.peers[0]?.seen, ['DATA 1 5']);
});

test('compressed messages wait as they came', async (t) => {
  const zipped = gzipSync(Buffer.alloc(1_000_000));
  const message = Buffer.concat([Buffer.from([1]), uint32(zipped.length), zipped]);
  const server = await peer(t, (p, stream) =>
    p.send(
      headers(stream, [...HEAD, ['grpc-encoding', 'gzip']]),
      ...Array.from({ length: 60 }, () => frame(Frame.DATA, 0, stream, message)),
    ),
  );
  const before = reachableBytes();
  const r = new Recorder();
  const call = open(t, h2Lane, server.address).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r);
  await r.until(() => r.initial !== undefined);
  await turns();
  const kept = reachableBytes() - before;
  t.ok(kept < 5_000_000, `${kept} bytes are kept`);
  call.pull(60);
  await r.received(60);
  t.ok(r.messages.every((m) => m.length === 1_000_000));
});

test('a call with more metadata than the server takes is not sent', async (t) => {
  const server = await peer(
    t,
    (p, stream) => p.send(fine(stream)),
    frame(Frame.SETTINGS, 0, 0, setting(Setting.MAX_HEADER_LIST_SIZE, 8192)),
  );
  const transport = open(t, h2Lane, server.address);
  // 7,500 octets on the wire, but 32 more for each field of the list.
  const metadata = Array.from({ length: 150 }, (): [string, string] => ['x-a', 'v'.repeat(45)]);
  t.match(await unary(transport, '', within(10_000, metadata)).ended, { code: 8, origin: 'local', processed: false });
  t.equal((await unary(transport, '', within(10_000, metadata.slice(0, 90))).ended).code, 0);
  t.same(server.peers[0]?.seen, ['DATA 1 5']);
});

test('calls take turns where the window of the connection is small', async (t) => {
  const server = await peer(t, () => {}, frame(Frame.SETTINGS, 0, 0, setting(Setting.INITIAL_WINDOW_SIZE, 2 ** 30)));
  const transport = open(t, h2Lane, server.address);
  unary(transport, Buffer.alloc(200_000));
  unary(transport, Buffer.alloc(100));
  while (server.peers[0] === undefined) await turns(1);
  const { seen, send } = server.peers[0];
  while (!seen.includes('DATA 1 16383')) await turns(1);
  for (let i = 0; i < 2; i++) send(frame(Frame.WINDOW_UPDATE, 0, 0, uint32(1000)));
  while (!seen.includes('DATA 1 895')) await turns(1);
  t.same(seen.slice(-3), ['DATA 1 1000', 'DATA 3 105', 'DATA 1 895']);
});

test('windows are granted as messages are pulled, and all at once for one large message', async (t) => {
  const size = 1_000_000;
  const server = await peer(t, (p, stream) => {
    const head = Buffer.concat([Buffer.from([0]), uint32(size)]);
    p.send(headers(stream, HEAD), frame(Frame.DATA, 0, stream, Buffer.concat([head, Buffer.alloc(1000)])));
  });
  const transport = open(t, h2Lane, server.address);
  const r = new Recorder();
  const call = transport.invoker(method('Unary')).unary(Buffer.from(''), NONE, r);
  await r.until(() => r.initial !== undefined);
  await turns();
  t.same(server.peers[0]?.seen, ['DATA 1 5'], 'nothing was pulled');
  call.pull(1);
  await turns();
  // What is missing of the message and a window beyond it, less what was not used yet.
  t.same(server.peers[0]?.seen, ['DATA 1 5', `WINDOW_UPDATE 1 ${65_535 + (size - 1000) - (65_535 - 1005)}`]);
});

test('a small window of the server holds back, piece by piece, and is not forgotten', async (t) => {
  let got = 0;
  const server = await peer(t, () => {}, frame(Frame.SETTINGS, 0, 0, setting(Setting.INITIAL_WINDOW_SIZE, 10)));
  const transport = open(t, h2Lane, server.address);
  const r = unary(transport, Buffer.alloc(95), within(10_000));
  const data = (): number =>
    (server.peers[0]?.seen ?? []).filter((line) => line.startsWith('DATA 1')).reduce((sum, line) => sum + Number(line.split(' ')[2]), 0);
  for (let i = 1; i <= 10; i++) {
    while (data() < 10 * i) await new Promise((resolve) => setImmediate(resolve));
    got = data();
    t.equal(got, 10 * i);
    if (i < 5) server.peers[0]?.send(frame(Frame.WINDOW_UPDATE, 0, 1, uint32(10)));
    // A change of the initial window is a change of every stream (RFC 9113, 6.9.2).
    else server.peers[0]?.send(frame(Frame.SETTINGS, 0, 0, setting(Setting.INITIAL_WINDOW_SIZE, 10 + 10 * (i - 4))));
  }
  server.peers[0]?.send(fine(1));
  t.equal((await r.ended).code, 0);
});

test('a window that the settings made negative has to be made up for first', async (t) => {
  const server = await peer(t, () => {});
  const transport = open(t, h2Lane, server.address);
  const r = unary(transport, Buffer.alloc(70_000 - 5), within(10_000));
  const p = (): Peer | undefined => server.peers[0];
  const data = (): number =>
    (p()?.seen ?? []).filter((line) => line.startsWith('DATA 1')).reduce((sum, line) => sum + Number(line.split(' ')[2]), 0);
  while (data() < 65_535) await new Promise((resolve) => setImmediate(resolve));
  p()?.send(frame(Frame.WINDOW_UPDATE, 0, 0, uint32(100_000)), frame(Frame.SETTINGS, 0, 0, setting(Setting.INITIAL_WINDOW_SIZE, 60_000)));
  p()?.send(frame(Frame.WINDOW_UPDATE, 0, 1, uint32(5535)));
  await turns();
  t.equal(data(), 65_535);
  p()?.send(frame(Frame.WINDOW_UPDATE, 0, 1, uint32(4465)));
  while (data() < 70_000) await new Promise((resolve) => setImmediate(resolve));
  p()?.send(fine(1));
  t.equal((await r.ended).code, 0);
});

test('whatever octets a server sends, the call ends, and the next one is served', async (t) => {
  const piece = fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b)) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          fc.integer({ min: 0, max: 12 }),
          fc.constantFrom(0, 1, 4, 5, 8, 9, 12, 13, 0x20, 0x2c),
          fc.constantFrom(0, 1, 1, 1, 2, 3, 5),
          fc.uint8Array({ maxLength: 60 }),
        )
        .map(([type, flags, stream, payload]) => frame(type, flags, stream, payload)),
    },
    { weight: 2, arbitrary: fc.constantFrom(headers(1, HEAD), headers(1, HEAD, true), headers(1, [['grpc-status', '0']], true), fine(1)) },
  );
  let script: readonly Buffer[] = [];
  let hostile: Peer | undefined;
  const server = await peer(t, (p, stream) => {
    if (hostile === undefined) hostile = p;
    if (p === hostile && stream === 1) p.send(...script);
    else p.send(fine(stream));
  });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      script = pieces;
      hostile = undefined;
      const transport = h2Lane.open(
        { id: 'x', address: server.address, weight: 1 },
        { tls: undefined, maxMessage: 1000, connectTimeoutMs: 1000 },
      );
      const r = unary(transport, '', within(30));
      await r.ended;
      t.equal(r.ends, 1);
      // Half a frame leaves a connection that waits for the rest: a server that stays broken is cut off in the end.
      (hostile as Peer | undefined)?.socket.destroy();
      let next = await unary(transport, '', within(5000)).ended;
      for (let i = 0; i < 3 && next.code !== 0; i++) next = await unary(transport, '', within(5000)).ended;
      await transport.close(0);
      t.equal(next.code, 0);
    }),
    { numRuns: Math.ceil(Number(process.env.PROTOGATE_H2_FUZZ_INPUTS ?? 0) / 20) || 150 },
  );
});
