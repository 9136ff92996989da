import { test } from 'tap';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { ErrorCode, Frame, Setting } from '../../../../gateway/upstream/h2/protocol.js';
import { answer, framed, raw } from '../contract/raw.js';
import { turns } from '../contract/recorder.js';
import { NONE, open, start, unary, within } from '../contract/suite.js';
import { fine, frame, type Peer, peer, setting, uint32 } from './peer.js';

/** A server that allows so many streams a connection. */
const allowing = (streams: number): Buffer => frame(Frame.SETTINGS, 0, 0, setting(Setting.MAX_CONCURRENT_STREAMS, streams));

test('a full connection gets company, as many as there are calls to carry', async (t) => {
  const requests: (() => void)[] = [];
  const server = await peer(t, (p, stream) => requests.push(() => p.send(fine(stream))), allowing(2));
  const transport = open(t, h2Lane, server.address);
  const calls = Array.from({ length: 5 }, () => unary(transport, '', within(10_000)));
  while (requests.length < 5) await turns(1);
  t.equal(server.peers.length, 3);
  for (const reply of requests) reply();
  t.same(await Promise.all(calls.map(async (r) => (await r.ended).code)), [0, 0, 0, 0, 0]);
});

test('there are at most 16 connections; the other calls wait for their turn', async (t) => {
  const requests: (() => void)[] = [];
  const server = await peer(t, (p, stream) => requests.push(() => p.send(fine(stream))), allowing(1));
  const transport = open(t, h2Lane, server.address);
  const calls = Array.from({ length: 20 }, () => unary(transport, '', within(10_000)));
  while (requests.length < 16) await turns(1);
  await turns();
  t.equal(requests.length, 16);
  t.equal(transport.load, 20);
  for (let i = 0; i < 20; i++) {
    while (requests[i] === undefined) await turns(1);
    requests[i]?.();
  }
  t.same(await Promise.all(calls.map(async (r) => (await r.ended).code)), Array(20).fill(0));
  t.equal(server.peers.length, 16);
});

test('no call is lost while connection after connection says GOAWAY', async (t) => {
  const counts = new Map<unknown, number>();
  const server = await raw(t, ({ stream }) => {
    const session = stream.session;
    const count = (counts.get(session) ?? 0) + 1;
    counts.set(session, count);
    answer(stream, [framed('x')], { 'grpc-status': '0' });
    if (count === 20) session?.close();
  });
  const transport = open(t, h2Lane, server.address);
  const codes: number[] = [];
  const worker = async (): Promise<void> => {
    for (let i = 0; i < 40; i++) codes.push((await unary(transport, '', within(20_000)).ended).code);
  };
  await Promise.all(Array.from({ length: 30 }, worker));
  t.equal(codes.length, 1200);
  t.same(
    codes.filter((code) => code !== 0),
    [],
  );
  t.ok(counts.size > 10, `${counts.size} connections`);
});

test('a call that is refused again and again is sent three times', async (t) => {
  let requests = 0;
  const server = await peer(t, (p, stream) => {
    requests += 1;
    p.send(frame(Frame.RST_STREAM, 0, stream, uint32(ErrorCode.REFUSED_STREAM)));
  });
  const r = unary(open(t, h2Lane, server.address), 'x', within(10_000));
  t.match(await r.ended, { code: 14, origin: 'local', processed: false });
  t.equal(requests, 3);
});

test('what was sent of a stream cannot be sent again', async (t) => {
  let requests = 0;
  const server = await peer(t, (p, stream) => {
    requests += 1;
    p.send(frame(Frame.RST_STREAM, 0, stream, uint32(ErrorCode.REFUSED_STREAM)));
  });
  const r = start(open(t, h2Lane, server.address), 'ClientStream', NONE);
  r.call.send(Buffer.from('one'));
  r.call.halfClose();
  t.match(await r.ended, { code: 14, origin: 'local', processed: false });
  t.equal(requests, 1);
});

test('what waits for a window is sent with the next attempt', async (t) => {
  const settings = (window: number): Buffer => frame(Frame.SETTINGS, 0, 0, setting(Setting.INITIAL_WINDOW_SIZE, window));
  const server = await peer(t, (p, stream) => p.send(fine(stream)), settings(0));
  const r = start(open(t, h2Lane, server.address), 'ClientStream', within(10_000));
  r.call.send(Buffer.from('one'));
  r.call.send(Buffer.from('two'));
  r.call.halfClose();
  r.call.pull(1);
  while (server.peers[0] === undefined) await turns(1);
  const p = server.peers[0];
  await turns();
  p.send(frame(Frame.RST_STREAM, 0, 1, uint32(ErrorCode.REFUSED_STREAM)), settings(100));
  t.equal((await r.ended).code, 0);
  t.same(
    p.seen.filter((line) => line.startsWith('DATA')),
    ['DATA 3 16'],
  );
});

test('a server that lets nothing begin is not called again and again', async (t) => {
  for (const [what, streams, then] of [
    ['it closes', 0, (p: Peer) => p.socket.end()],
    ['it goes away', 0, (p: Peer) => p.send(frame(Frame.GOAWAY, 0, 0, Buffer.alloc(8)))],
    ['it stays', 0, () => {}],
  ] as const) {
    await t.test(what, async (t) => {
      const server = await peer(t, () => {}, allowing(streams), then);
      const r = unary(open(t, h2Lane, server.address), '', within(400));
      await r.ended;
      t.ok(server.peers.length <= 5, `${server.peers.length} connections`);
    });
  }
});

test('calls that wait for a connection which goes away get another', async (t) => {
  const server = await peer(t, (p, stream) => p.connection === 2 && p.send(fine(stream)), allowing(1));
  const transport = open(t, h2Lane, server.address);
  const first = unary(transport, '', within(10_000));
  while (server.peers[0] === undefined || server.peers[0].seen.length === 0) await turns(1);
  const { seen, send } = server.peers[0];
  send(allowing(0), frame(Frame.PING, 0, 0, 'settings'));
  while (!seen.includes('PING settings')) await turns(1);
  const second = unary(transport, '', within(10_000));
  await turns();
  t.equal(server.peers.length, 1);
  send(frame(Frame.GOAWAY, 0, 0, Buffer.concat([uint32(1), uint32(0)])));
  t.equal((await second.ended).code, 0);
  send(fine(1));
  t.equal((await first.ended).code, 0);
});

test('a server that sends every connection away while it keeps its calls gets twice as many connections as there may be', async (t) => {
  const taken: { p: Peer; stream: number }[] = [];
  const server = await peer(t, (p, stream) => {
    taken.push({ p, stream });
    p.send(frame(Frame.GOAWAY, 0, 0, Buffer.concat([uint32(stream), uint32(0)])));
  });
  const transport = open(t, h2Lane, server.address, { limits: { connections: 2, pending: 10, pendingMs: 60_000 } });
  const calls: ReturnType<typeof unary>[] = [];
  for (let i = 1; i <= 4; i++) {
    calls.push(unary(transport, '', within(60_000)));
    while (taken.length < i) await turns(1);
    await turns();
  }
  calls.push(unary(transport, '', within(60_000)));
  await turns(100);
  t.equal(server.peers.length, 4);
  for (let i = 0; i < 5; i++) {
    while (taken[i] === undefined) await turns(1);
    taken[i]?.p.send(fine(taken[i]?.stream ?? 0));
  }
  t.same(await Promise.all(calls.map(async (r) => (await r.ended).code)), [0, 0, 0, 0, 0]);
  t.equal(server.peers.length, 5);
});

test('a connection ends when its last stream does, once the server has said GOAWAY', async (t) => {
  const waiting: { p: Peer; stream: number }[] = [];
  const server = await peer(t, (p, stream) => waiting.push({ p, stream }));
  const transport = open(t, h2Lane, server.address);
  const r = unary(transport, '', within(10_000));
  while (waiting.length === 0) await turns(1);
  const first = waiting[0];
  first?.p.send(frame(Frame.GOAWAY, 0, 0, Buffer.concat([uint32(1), uint32(0)])));
  await turns();
  t.equal(first?.p.socket.readyState, 'open');
  first?.p.send(fine(1));
  t.equal((await r.ended).code, 0);
  while (first?.p.socket.readyState === 'open') await turns(1);
  t.same(first?.p.seen, ['DATA 1 5', 'GOAWAY 0']);
  t.equal(transport.state, 'idle');
});
