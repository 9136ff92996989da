import { once } from 'node:events';
import type { ClientHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { type Test, test } from 'tap';
import type { BidiHandler, ClientStreamHandler } from '../../support/backend.js';
import { ask, connectHttp2 } from '../../support/http2.js';
import { until } from '../../support/raw.js';
import { ways } from '../../support/ways.js';
import type { Service } from '../service.js';
import { collect, echo, startStreams } from '../streams.js';

const head = (path: string) => ({ ':method': 'POST', ':path': path, 'content-type': 'application/x-ndjson' });
const line = (value: string) => `{"room":"r","text":"${value}","n":0}\n`;

async function open(t: Test, { url }: Service, path: string): Promise<ClientHttp2Stream> {
  const stream = (await connectHttp2(t, url)).request(head(path));
  stream.on('error', () => {});
  return stream.setEncoding('utf8');
}

for (const [way, config] of Object.entries(ways)) {
  test(`a client stream comes over HTTP/2, ${way}`, async (t) => {
    const { url } = await startStreams(t, { clientStream: { Collect: collect } }, config);
    const session = await connectHttp2(t, url);
    const { status, text: body } = await ask(session, head('/v1/r:collect'), '{"text":"a"}{"text":"b"}');
    t.strictSame([status, body], [200, '{"items":["r/a/0","r/b/0"]}']);
    t.equal((await ask(session, head('/v1/r:collect'))).text, '{"items":[]}');
    t.match(JSON.parse((await ask(session, head('/v1/r:collect'), '{}{"n":"x"}', false)).text), { code: 3, message: /^\[1\]\.n: / });
    t.equal((await ask(session, head('/v1/r:collect'), '{}')).status, 200, 'the connection goes on');
  });

  test(`a bidirectional stream goes both ways at once over HTTP/2, ${way}`, async (t) => {
    const stream = await open(t, await startStreams(t, { bidi: { Echo: echo } }, config), '/v1/r:echo');
    for (const value of ['a', 'b', 'c']) {
      stream.write(line(value));
      t.equal((await once(stream, 'data'))[0], line(value));
    }
    stream.end();
    t.equal(await text(stream), '');
  });

  test(`a server that ends first ends the stream, without waiting for the rest, ${way}`, async (t) => {
    const first: BidiHandler = async (_call, messages, out) => {
      for await (const item of messages) {
        out.write(item);
        return;
      }
    };
    const service = await startStreams(t, { bidi: { Echo: first } }, config);
    const stream = await open(t, service, '/v1/r:echo');
    stream.write(line('a'));
    t.equal(await text(stream), line('a'));
    await until(() => service.running.gateway.current.inFlight === 0);
  });

  test(`a client that resets its stream cancels the call, ${way}`, async (t) => {
    let isCancelled: Promise<void> | undefined;
    const wait: ClientStreamHandler = async ({ cancelled }) => {
      isCancelled = cancelled;
      await cancelled;
      return {};
    };
    const service = await startStreams(t, { clientStream: { Collect: wait } }, config);
    const stream = await open(t, service, '/v1/r:collect');
    stream.write('{}');
    await until(() => isCancelled !== undefined);
    stream.close(8);
    await isCancelled;
    await until(() => service.running.gateway.current.inFlight === 0);
    t.pass('cancelled');
  });

  test(`a server that does not read holds its stream back, and no other of the connection, ${way}`, async (t) => {
    const slow: BidiHandler = async ({ cancelled }) => cancelled;
    const { url } = await startStreams(t, { bidi: { Echo: slow }, clientStream: { Collect: collect } }, config);
    const session = await connectHttp2(t, url);
    const stream = session.request(head('/v1/r:echo'));
    stream.on('error', () => {});
    const item = line('x'.repeat(10_000));
    let taken = 0;
    for (let i = 0; i < 300; i += 1) {
      stream.write(item, () => {
        taken += 1;
      });
    }
    let before = -1;
    while (taken !== before) {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    t.ok(taken < 100, `${taken} of 300 items were taken`);
    const other = await ask(session, head('/v1/r:collect'), '{}');
    t.strictSame([other.status, other.text, other.reset], [200, '{"items":["r//0"]}', 0]);
  });
}
