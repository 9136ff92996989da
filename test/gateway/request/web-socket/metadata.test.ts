import type { Metadata } from '@grpc/grpc-js';
import { test } from 'tap';
import { createMetadataFrames } from '../../../../gateway/request/web-socket/metadata-frames.js';
import { until } from '../../../support/raw.js';
import { ways } from '../../../support/ways.js';
import { Client, type Frame, refusedBy } from '../../../support/web-socket.js';
import { startTalk } from '../../talk.js';

const JSON_METADATA = 'protogate.json+metadata';
const frame = (metadata: object) => JSON.stringify({ $metadata: metadata });

for (const [way, config] of Object.entries(ways)) {
  test(`a first message says what a browser has no headers for, ${way}`, async (t) => {
    const received: Metadata[] = [];
    const chat = async (call: { readonly metadata: Metadata }) => void received.push(call.metadata);
    const { url } = await startTalk(
      t,
      { bidi: { Chat: chat } },
      { ...config, metadata: { forward: ['x-b'], webSocket: ['X-B', 'x-goog-*'] } },
    );
    const options = { headers: { 'accept-language': 'de' } };
    const client = await Client.open(url, '/v1/a:chat', JSON_METADATA, options);
    t.equal(client.ws.protocol, JSON_METADATA);
    client.send(frame({ Authorization: 'Bearer x', 'X-B': '1', 'x-goog-y': '2' }));
    t.strictSame(await client.end(), [1000, '']);
    t.strictSame(
      ['authorization', 'x-b', 'x-goog-y', 'accept-language'].map((name) => received[0]?.get(name)),
      [['Bearer x'], ['1'], [], ['de']],
      'as headers would',
    );
  });
}

test('messages follow the metadata in one go', async (t) => {
  const { url } = await startTalk(t);
  const client = await Client.open(url, '/v1/a:count', 'protogate.json+metadata');
  client.send(frame({}), '{"text":"x"}', '');
  t.strictSame([await client.end(), client.frames], [[1000, ''], ['{"lines":1,"texts":"x"}']]);
});

const wrong: Readonly<Record<string, readonly [first: Frame, code: number, reason: string]>> = {
  'no JSON': ['hello', 4003, 'The first message has to be {"$metadata": {...}}.'],
  'a message': ['{"text":"x"}', 4003, 'The first message has to be {"$metadata": {...}}.'],
  'something beside it': ['{"$metadata":{},"text":"x"}', 4003, 'The first message has to be {"$metadata": {...}}.'],
  'a binary message': [Buffer.from(frame({})), 4003, 'The first message has to be text: the metadata.'],
  'a header that may not be said': [
    frame({ 'x-user': 'root' }),
    4003,
    '$metadata.x-user: cannot be said here: metadata.webSocket names what can',
  ],
  'a header of the connection': [frame({ host: 'a' }), 4003, '$metadata.host: cannot be said here: metadata.webSocket names what can'],
  'what only a proxy says': [
    frame({ 'x-forwarded-for': 'a' }),
    4003,
    '$metadata.x-forwarded-for: cannot be said here: metadata.webSocket names what can',
  ],
  'a header that is there': [frame({ traceparent: 'b' }), 4003, '$metadata.traceparent: is a header of the handshake'],
  'a value that is no text': [frame({ authorization: 1 }), 4003, '$metadata.authorization: must be a text of printable ASCII'],
  'a value with a line end': [frame({ authorization: 'a\r\nb' }), 4003, '$metadata.authorization: must be a text of printable ASCII'],
  'a header that is wrong': [frame({ 'grpc-timeout': 'x' }), 4003, 'grpc-timeout: must be 1 to 8 digits and one of the units H M S m u n'],
  'more than 16 KiB': [frame({ authorization: 'x'.repeat(16 * 1024) }), 4008, 'The first message is too large.'],
  'a message that does not end': [frame({ authorization: 'x'.repeat(1_000_000) }), 4008, 'The first message is too large.'],
};

test('metadata that is wrong closes the WebSocket:', async (t) => {
  const { url, running } = await startTalk(t);
  for (const [name, [first, code, reason]] of Object.entries(wrong)) {
    const client = await Client.open(url, '/v1/a:chat', JSON_METADATA, { headers: { traceparent: 'a' } });
    client.send(first);
    t.strictSame(await client.end(), [code, reason], name);
  }
  await until(() => running.gateway.current.inFlight === 0);
});

test('metadata that does not come within 5 s closes the WebSocket', async (t) => {
  const { url, running } = await startTalk(t);
  const client = await Client.open(url, '/v1/a:chat', 'protogate.proto+metadata');
  t.strictSame(await client.end(), [4004, 'The metadata did not arrive in time.']);
  await until(() => running.gateway.current.inFlight === 0);
});

test('what is wrong with path, query or subprotocol of such a handshake is known before or behind the metadata', async (t) => {
  const { url } = await startTalk(t);
  t.match(await refusedBy(url, '/v1/lines', JSON_METADATA), { status: 400, text: /not served over WebSocket/ });
  const client = await Client.open(url, '/v1/a:hear?n=x', JSON_METADATA);
  client.send(frame({}));
  t.strictSame(await client.end(), [4003, 'n: an integer is expected']);
});

test('no more than 1,000 wait for metadata, and each gives its place back once', (t) => {
  const frames = createMetadataFrames([]);
  const leave = Array.from({ length: 1000 }, () => frames.enter());
  const full = { name: 'GatewayError', message: 'Too many WebSockets wait for their metadata.' };
  t.throws(() => frames.enter(), full);
  leave[0]?.();
  leave[0]?.();
  frames.enter();
  t.throws(() => frames.enter(), full);
  t.end();
});
