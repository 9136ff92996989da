import { test } from 'tap';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { ErrorCode, Flag, Frame } from '../../../../gateway/upstream/h2/protocol.js';
import { turns } from '../contract/recorder.js';
import { open, unary, within } from '../contract/suite.js';
import { fine, frame, type Peer, peer, uint32 } from './peer.js';

const PING = `PING ${'\0'.repeat(8)}`;
const PONG = frame(Frame.PING, Flag.ACK, 0, '\0'.repeat(8));

/** Waits, going round the event loop, until it holds; the test's own time-out is the limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turns(1);
}

test('a server that does not answer a PING is given up, and the next call takes another connection', async (t) => {
  const server = await peer(t, (p, stream) => {
    if (p.connection > 1) p.send(fine(stream));
  });
  const transport = open(t, h2Lane, server.address, { keepAlive: { intervalMs: 30, timeoutMs: 30 } });
  const start = performance.now();
  const status = await unary(transport, '', within(20_000)).ended;
  t.match(status, { code: 14, origin: 'local', processed: true, message: 'connection lost: the server does not answer keep-alive pings' });
  t.ok(performance.now() - start >= 59, 'after both times');
  t.equal(server.peers[0]?.seen.filter((what) => what === PING).length, 1);
  t.equal((await unary(transport, '', within(20_000)).ended).code, 0);
  t.equal(server.peers.length, 2);
});

test('a server that answers is asked again and again, and kept', async (t) => {
  const waiting: (() => void)[] = [];
  const server = await peer(t, (p, stream) => waiting.push(() => p.send(fine(stream))));
  const transport = open(t, h2Lane, server.address, { keepAlive: { intervalMs: 20, timeoutMs: 10_000 } });
  const r = unary(transport, '', within(20_000));
  for (let asked = 1; asked <= 3; asked++) {
    await until(() => server.peers[0]?.seen.filter((what) => what === PING).length === asked);
    server.peers[0]?.send(PONG);
  }
  waiting[0]?.();
  t.equal((await r.ended).code, 0);
  t.equal(server.peers.length, 1);
});

test('nothing is asked without keep-alive, nor without calls', async (t) => {
  const server = await peer(t, (p, stream) => p.send(fine(stream)));
  const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const asked = () => server.peers.at(-1)?.seen.filter((what) => what === PING).length;
  for (const keepAlive of [undefined, { intervalMs: 1, timeoutMs: 10_000 }]) {
    const transport = open(t, h2Lane, server.address, { keepAlive });
    t.equal((await unary(transport, '', within(20_000)).ended).code, 0);
    // The call may have taken longer than a millisecond, and what was asked then be on its way.
    await later(30);
    const before = asked();
    await later(20);
    t.equal(asked(), before);
  }
});

test('after GOAWAY with too_many_pings it is asked half as often (gRPC proposal A8)', async (t) => {
  const begun: number[] = [];
  const server = await peer(t, (p) => {
    begun[p.connection] = performance.now();
  });
  const transport = open(t, h2Lane, server.address, { keepAlive: { intervalMs: 60, timeoutMs: 10_000 } });
  const asked = (p: Peer | undefined) => p?.seen.includes(PING) === true;
  unary(transport, '', within(20_000));
  await until(() => asked(server.peers[0]));
  const debug = Buffer.from('too_many_pings');
  server.peers[0]?.send(frame(Frame.GOAWAY, 0, 0, Buffer.concat([uint32(1), uint32(ErrorCode.ENHANCE_YOUR_CALM), debug])));
  await turns();
  unary(transport, '', within(20_000));
  await until(() => asked(server.peers[1]));
  t.ok(performance.now() - (begun[2] ?? 0) >= 80, 'later than after one interval');
});

test('a connection without calls is closed after the idle time, and the next call opens another', async (t) => {
  const server = await peer(t, (p, stream) => p.send(fine(stream)));
  const transport = open(t, h2Lane, server.address, { idleTimeoutMs: 20 });
  t.equal((await unary(transport, '', within(20_000)).ended).code, 0);
  await until(() => server.peers[0]?.seen.includes('GOAWAY 0') === true);
  await until(() => transport.state === 'idle');
  t.equal((await unary(transport, '', within(20_000)).ended).code, 0);
  t.equal(server.peers.length, 2);
});
