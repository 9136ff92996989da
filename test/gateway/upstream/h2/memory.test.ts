import { test } from 'tap';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { ErrorCode, Frame } from '../../../../gateway/upstream/h2/protocol.js';
import { reachableBytes } from '../../../support/memory.js';
import { turns } from '../contract/recorder.js';
import { open, unary, within } from '../contract/suite.js';
import { fine, frame, peer, uint32 } from './peer.js';

const GREETING = Buffer.concat([frame(Frame.SETTINGS, 0, 0, ''), frame(Frame.WINDOW_UPDATE, 0, 0, uint32(2 ** 30))]);

/** Every tenth call is reset by the server, every tenth cancelled by the client. */
const CALLS = 10_000;

test('calls that are over leave nothing behind', async (t) => {
  const server = await peer(
    t,
    (p, stream) => {
      p.seen.length = 0;
      if (stream % 20 === 1) p.send(frame(Frame.RST_STREAM, 0, stream, uint32(ErrorCode.CANCEL)));
      else if (stream % 20 !== 3) p.send(fine(stream));
    },
    GREETING,
  );
  const transport = open(t, h2Lane, server.address);
  const some = async (count: number) => {
    for (let i = 0; i < count; i += 100) {
      const calls = Array.from({ length: 100 }, () => unary(transport, 'some request', within(60_000)));
      await Promise.all(calls.filter((_, n) => n % 10 !== 1).map((r) => r.ended));
      for (const r of calls) r.call.cancel('client');
      await Promise.all(calls.map((r) => r.ended));
    }
  };
  await some(1000);
  await turns();
  const before = reachableBytes();
  await some(CALLS);
  await turns();
  const kept = reachableBytes() - before;
  t.ok(kept < 2_000_000, `${kept} bytes are kept of ${CALLS} calls`);
  t.equal(transport.load, 0);
  t.equal(server.peers.length, 1);
});
