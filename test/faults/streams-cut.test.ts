import { test } from 'tap';
import { Frame } from '../../gateway/upstream/h2/protocol.js';
import { startDesk } from '../gateway/desk.js';
import { frame, HEAD, headers, peer } from '../gateway/upstream/h2/peer.js';
import type { StreamHandler } from '../support/backend.js';
import { send } from '../support/http.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const note = '{"name":"a","title":"","words":"0","tags":[],"labels":{}}';
const lost = '{"code":14,"message":"The upstream is unavailable.","details":[]}';

/** Forms of a stream, and what its body is when the server breaks off behind the first item. */
const forms = [
  ['application/x-ndjson', `${note}\n{"error":${lost}}\n`],
  ['application/json', `[${note},\n{"error":${lost}}]`],
  ['text/event-stream', `id: 1\ndata: ${note}\n\nevent: error\ndata: ${lost}\n\n`],
] as const;

for (const [accept, body] of forms) {
  test(`a server that dies in the middle of an item fails the stream with what came before whole, as ${accept}`, async (t) => {
    const item = Buffer.from('\0\0\0\0\x03\n\x01a', 'latin1');
    const server = await peer(t, (p, stream) => {
      p.send(headers(stream, HEAD), frame(Frame.DATA, 0, stream, Buffer.concat([item, item.subarray(0, 6)])));
      p.socket.end();
    });
    const desk = await startDesk(t, {}, { upstreams: { default: { target: server.address } } });
    const answer = await send(desk.url, 'GET', '/v1/notes:stream', undefined, { accept });
    t.equal(answer.status, 200);
    t.equal(answer.text, body);
  });
}

for (const [way, config] of Object.entries(ways)) {
  test(`a thousand clients that come, take an event and leave, leave nothing behind, ${way}`, async (t) => {
    let open = 0;
    let served = 0;
    const stream: StreamHandler = async (call, out) => {
      open += 1;
      out.write({ name: 'a' });
      await call.cancelled;
      open -= 1;
    };
    const { url, running } = await startDesk(t, { stream: { StreamNotes: stream } }, config);
    const visit = async () => {
      const raw = await Raw.open(url, 'GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n\r\n');
      await raw.until(() => raw.text.includes('id: 1\n'));
      if (!raw.closed) served += 1;
      raw.socket.destroy();
    };
    const over = () => until(() => open === 0 && running.gateway.current.inFlight === 0);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await visit();
    await over();
    const before = timers();
    for (let i = 0; i < 1000; i += 50) await Promise.all(Array.from({ length: 50 }, visit));
    await over();
    t.equal(served, 1001);
    t.ok(timers() <= before + 5, `${timers()} timers, ${before} before`);
  });
}
