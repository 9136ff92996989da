import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import type { StreamHandler } from '../support/backend.js';
import { Raw, until } from '../support/raw.js';

test('a client that stops to read a stream whose call has ended loses its connection', async (t) => {
  const title = 'x'.repeat(14_000_000);
  const stream: StreamHandler = async (_call, out) => void out.write({ title });
  const { url, running } = await startDesk(t, { stream: { StreamNotes: stream } }, { limits: { keepAliveTimeoutMs: 200 } });
  const { current } = running.gateway;
  const raw = await Raw.open(url, 'GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\n\r\n');
  await raw.until(() => raw.text !== '');
  raw.socket.pause();
  t.equal(current.inFlight, 1);
  await until(() => current.inFlight === 0);
  raw.socket.resume();
  await raw.until(() => false);
  t.ok(raw.text.length < title.length, 'the rest was never sent');
});
