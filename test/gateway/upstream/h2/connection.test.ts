import { test } from 'tap';
import { Frame } from '../../../../gateway/upstream/h2/protocol.js';
import { Random } from '../../../proto/json/fuzz-input.js';
import { turns } from '../contract/recorder.js';
import { FuzzClient } from './fuzz/client.js';
import { fine, frame } from './peer.js';

test('the last stream identifier is used, and none after it (RFC 9113, 5.1.1)', async (t) => {
  const last = 2 ** 31 - 1;
  const random = new Random(1);
  const client = new FuzzClient();
  client.receive(random, frame(Frame.SETTINGS, 0, 0, ''));
  await turns(2);
  client.wire.taken();
  Object.assign(client.connection, { nextStream: last });
  t.equal(client.connection.free, true);
  client.start(random);
  await turns(2);
  t.equal(client.wire.taken().readUInt32BE(5), last);
  t.equal(client.connection.free, false);
  t.equal(client.isGone, false, 'what is in progress goes on');
  const [one] = client.calls;
  one?.call.pull(1);
  client.receive(random, fine(last));
  t.equal(one?.recorder.log.join(), 'headers,message:fine,end:0');
  t.equal(client.isGone, true);
  t.equal(client.wire.ended, true);
});
