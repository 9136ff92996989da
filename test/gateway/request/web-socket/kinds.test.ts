import { test } from 'tap';
import { ways } from '../../../support/ways.js';
import { Client, refusedBy } from '../../../support/web-socket.js';
import { startTalk } from '../../talk.js';

for (const [way, config] of Object.entries(ways)) {
  test(`a WebSocket carries a call of both ways, a text a message, ${way}`, async (t) => {
    const { url } = await startTalk(t, {}, config);
    const client = await Client.open(url, '/v1/lobby:chat');
    client.send('{"text":"a"}');
    t.strictSame(await client.until(1), ['{"room":"lobby","text":"a","n":0}'], 'the answer comes before the end');
    client.send('{"text":"b","n":2}', '');
    t.strictSame(await client.end(), [1000, '']);
    t.strictSame(client.frames, ['{"room":"lobby","text":"a","n":0}', '{"room":"lobby","text":"b","n":2}']);
  });

  test(`a client stream is answered when an empty text has ended it, ${way}`, async (t) => {
    const { url } = await startTalk(t, {}, config);
    const client = await Client.open(url, '/v1/lobby:count', 'protogate.json');
    t.equal(client.ws.protocol, 'protogate.json');
    client.send('{"text":"a"}', '{"text":"b"}', '');
    t.strictSame(await client.end(), [1000, '']);
    t.strictSame(client.frames, ['{"lines":2,"texts":"a b"}']);
  });

  test(`a server stream without a body begins at once, ${way}`, async (t) => {
    const { url } = await startTalk(t, {}, config);
    const client = await Client.open(url, '/v1/lobby:hear?n=3&text=x');
    t.strictSame(await client.end(), [1000, '']);
    t.strictSame(
      client.frames,
      [1, 2, 3].map((n) => `{"room":"lobby","text":"x","n":${n}}`),
    );
  });

  test(`a handshake for a unary method is answered as plain HTTP, ${way}`, async (t) => {
    const { url } = await startTalk(t, {}, config);
    const refused = await refusedBy(url, '/v1/lines');
    t.match(refused, { status: 400, type: 'application/json' });
    t.equal(JSON.parse(refused.text).message, 'upgrade: is not for this method: it is not served over WebSocket');
  });
}
