import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { status } from '@grpc/grpc-js';
import { type Test, test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import { Failure, metadataOf, type Received, type StreamHandler } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { Raw, until } from '../../support/raw.js';
import { ways } from '../../support/ways.js';
import { startDesk } from '../desk.js';

const accept = 'text/event-stream';
const note = (i: number) => `{"name":"notes/${i}","title":"","words":"0","tags":[],"labels":{}}`;
const event = (id: number, i = id) => `id: ${id}\ndata: ${note(i)}\n\n`;
const end = 'id: end\nevent: end\ndata: {"code":0,"message":"","details":[]}\n\n';

interface Seen {
  readonly url: string;
  readonly calls: Received[];
}

/** A desk whose stream has the notes after the one that the client says it has. */
async function startResuming(t: Test, config: ConfigInput): Promise<Seen> {
  const calls: Received[] = [];
  const stream: StreamHandler = async (call, out) => {
    calls.push(call);
    const [had = '0'] = call.metadata.get('last-event-id');
    for (let i = Number(had) + 1; i <= 3; i += 1) out.write({ name: `notes/${i}` });
  };
  return { url: (await startDesk(t, { stream: { StreamNotes: stream } }, config)).url, calls };
}

test('Last-Event-ID does not go to the upstream by itself, and ids count from 1', async (t) => {
  const { url, calls } = await startResuming(t, {});
  const { text } = await send(url, 'GET', '/v1/notes:stream', undefined, { accept, 'last-event-id': '2' });
  t.strictSame(calls[0]?.metadata.get('last-event-id'), []);
  t.equal(text, event(1) + event(2) + event(3) + end);
});

for (const forward of ['Last-Event-ID', 'last-*']) {
  test(`where metadata.forward names ${forward} the upstream can go on, and so do the ids`, async (t) => {
    const { url, calls } = await startResuming(t, { metadata: { forward: [forward] }, streams: { retryMs: 5 } });
    const { text } = await send(url, 'GET', '/v1/notes:stream', undefined, { accept, 'last-event-id': '2' });
    t.strictSame(calls[0]?.metadata.get('last-event-id'), ['2']);
    t.equal(text, `retry: 5\n\n${event(3)}${end}`);
  });
}

test('an id that is no number of ours does not change how ids count', async (t) => {
  const { url } = await startDesk(t, { stream: { StreamNotes: async (_call, out) => void out.write({ name: 'notes/1' }) } });
  for (const id of ['', 'x', '-1', '1.5', '9'.repeat(16)]) {
    const { text } = await send(url, 'GET', '/v1/notes:stream', undefined, { accept, 'last-event-id': id });
    t.equal(text, event(1) + end, id);
  }
});

for (const [way, config] of Object.entries(ways)) {
  test(`who comes again with all events had is answered 204 and no call is made, ${way}`, async (t) => {
    const { url, calls } = await startResuming(t, config);
    const answer = await send(url, 'GET', '/v1/notes:stream', undefined, { accept, 'last-event-id': 'end' });
    t.equal(answer.status, 204);
    t.equal(answer.text, '');
    t.equal(answer.headers['cache-control'], 'no-store');
    t.equal(answer.headers.vary, 'Accept');
    t.equal(calls.length, 0);
    t.equal((await send(url, 'GET', '/v1/notes:stream', undefined, { 'last-event-id': 'end' })).status, 200, 'lines have no ids');
  });

  test(`while no item comes a comment says that the stream lives, and items come between, ${way}`, async (t) => {
    let next: () => void = () => {};
    const slow: StreamHandler = async (call, out) => {
      out.write({ name: 'notes/1' });
      await new Promise<void>((resolve) => {
        next = resolve;
      });
      out.write({ name: 'notes/2' });
      await call.cancelled;
    };
    const { url } = await startDesk(t, { stream: { StreamNotes: slow } }, { ...config, streams: { heartbeatMs: 20 } });
    const [response] = (await once(get(`${url}/v1/notes:stream`, { headers: { accept } }), 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) {
      text += chunk;
      if (text === `${event(1)}:\n\n:\n\n`) next();
      if (text.endsWith(`${event(2)}:\n\n`)) break;
    }
    t.ok(text.startsWith(`${event(1)}:\n\n:\n\n`), text);
    t.equal(text.replaceAll(':\n\n', ''), event(1) + event(2));
  });

  test(`trailers stand behind a stream for who takes them, ${way}`, async (t) => {
    const notes: StreamHandler = async (_call, out) => {
      out.write({ name: 'notes/1' });
      throw new Failure(status.ABORTED, 'stop', metadataOf({ 'x-checksum': 'ab' }));
    };
    const { url } = await startDesk(t, { stream: { StreamNotes: notes } }, { ...config, metadata: { trailers: true } });
    const taken = await send(url, 'GET', '/v1/notes:stream', undefined, { te: 'trailers' });
    t.equal(taken.trailers['grpc-trailer-x-checksum'], 'ab');
    t.match(taken.text, /"error":\{"code":10/);
    const left = await send(url, 'GET', '/v1/notes:stream', undefined, { accept });
    t.strictSame(left.trailers, {});
  });

  test(`the headers of events leave at the header delay, with what stands before all events, ${way}`, async (t) => {
    const silent: StreamHandler = (call) => call.cancelled;
    const streams = { headerDelayMs: 20, retryMs: 7 };
    const { url } = await startDesk(t, { stream: { StreamNotes: silent } }, { ...config, streams });
    const raw = await Raw.open(url, `GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\naccept: ${accept}\r\n\r\n`);
    await raw.until(() => raw.text.endsWith('\r\n\r\na\r\nretry: 7\n\n\r\n'));
    t.notOk(raw.closed);
    raw.socket.destroy();
  });
}

test('heartbeats do not keep a stream from ending when nothing moves', async (t) => {
  const stuck: StreamHandler = async (call, out) => {
    out.write({ name: 'notes/1' });
    await call.cancelled;
  };
  const config: ConfigInput = { policies: [{ select: '*', idleMs: 400 }], streams: { heartbeatMs: 20 } };
  const { url } = await startDesk(t, { stream: { StreamNotes: stuck } }, config);
  const { text } = await send(url, 'GET', '/v1/notes:stream', undefined, { accept });
  t.equal(
    text.replaceAll(':\n\n', ''),
    `${event(1)}event: error\ndata: {"code":4,"message":"The stream was idle for too long.","details":[]}\n\n`,
  );
});

test('lines have no heartbeats', async (t) => {
  const stuck: StreamHandler = async (call, out) => {
    out.write({ name: 'notes/1' });
    await call.cancelled;
  };
  const config: ConfigInput = { policies: [{ select: '*', idleMs: 400 }], streams: { heartbeatMs: 20 } };
  const { url } = await startDesk(t, { stream: { StreamNotes: stuck } }, config);
  const { text } = await send(url, 'GET', '/v1/notes:stream');
  t.equal(text, `${note(1)}\n{"error":{"code":4,"message":"The stream was idle for too long.","details":[]}}\n`);
});

test('a stream that is cut has no last event', async (t) => {
  const title = 'x'.repeat(100_000);
  const flood: StreamHandler = async ({ cancelled }, out) => {
    let over = false;
    cancelled.then(() => {
      over = true;
    });
    while (!over) if (!out.write({ title })) await Promise.race([out.drained(), cancelled]);
  };
  const { url, running } = await startDesk(t, { stream: { StreamNotes: flood } }, { policies: [{ select: '*', idleMs: 1000 }] });
  const raw = await Raw.open(url, `GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\naccept: ${accept}\r\n\r\n`);
  await raw.until(() => raw.text !== '');
  raw.socket.pause();
  await until(() => running.gateway.current.inFlight === 0);
  raw.socket.resume();
  await raw.until(() => false);
  t.notOk(/event: |\r\n0\r\n\r\n$/.test(raw.text.slice(-1000)));
});
