import { test } from 'tap';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { Frame, Setting } from '../../../../gateway/upstream/h2/protocol.js';
import { turns } from '../contract/recorder.js';
import { open, unary, within } from '../contract/suite.js';
import { fine, frame, peer, setting, uint32 } from './peer.js';

/** A server without windows. */
const WIDE = Buffer.concat([
  frame(Frame.SETTINGS, 0, 0, setting(Setting.INITIAL_WINDOW_SIZE, 2 ** 31 - 1)),
  frame(Frame.WINDOW_UPDATE, 0, 0, uint32(2 ** 30)),
]);

test('a server that ends its side and does not read takes its calls with it', async (t) => {
  const server = await peer(t, (p, stream) => p.connection > 1 && p.send(fine(stream)), WIDE);
  const transport = open(t, h2Lane, server.address);
  // More than the buffers of both kernels take: this side cannot end.
  const r = unary(transport, Buffer.alloc(64 * 1024 * 1024), within(10_000));
  while (server.peers[0] === undefined) await turns(1);
  server.peers[0].socket.pause();
  server.peers[0].socket.end();
  t.match(await r.ended, { code: 14, origin: 'local', processed: true });
  t.equal((await unary(transport, '', within(10_000)).ended).code, 0);
});

test('a server that does not read gets no further calls', async (t) => {
  const server = await peer(t, (p, stream) => p.connection > 1 && p.send(fine(stream)), WIDE);
  const transport = open(t, h2Lane, server.address);
  const first = unary(transport, '', within(20_000));
  while (server.peers[0] === undefined || server.peers[0].seen.length === 0) await turns(1);
  server.peers[0].socket.pause();
  const metadata = [['x-long', 'x'.repeat(60_000)]] as const;
  const more: (typeof first)[] = [];
  while (server.peers.length < 2 && more.length < 2000) {
    more.push(unary(transport, '', within(20_000, metadata)));
    await turns(1);
  }
  t.equal(server.peers.length, 2);
  t.equal((await more.at(-1)?.ended)?.code, 0);
  server.peers[0].socket.destroy();
  t.match(await first.ended, { code: 14 });
  t.ok(more.length < 500, `${more.length} calls`);
});
