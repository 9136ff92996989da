import { test } from 'tap';
import { sendRaw } from '../../support/http.js';
import { Raw, until } from '../../support/raw.js';
import { tlsPaths } from '../../support/tls.js';
import { ways } from '../../support/ways.js';
import { Client, refusedBy } from '../../support/web-socket.js';
import { startTalk } from '../talk.js';

const KEY = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==';
const VERSION = 'sec-websocket-version: 13';
const UPGRADE = 'connection: upgrade\r\nupgrade: websocket';

/** A request as it is written; the last one of its connection. */
const head = (line: string, ...lines: readonly string[]) => [`${line} HTTP/1.1`, 'host: a', ...lines, '', ''].join('\r\n');

const plain: Readonly<Record<string, string>> = {
  'an upgrade to h2c': head('GET /v1/lines/x', 'connection: upgrade, http2-settings, close', 'upgrade: h2c', 'http2-settings: AAMAAABk'),
  'an upgrade that is not known': head('GET /v1/lines/x', 'connection: upgrade, close', 'upgrade: tea/2'),
  'a choice of upgrades': head('GET /v1/lines/x', 'connection: upgrade, close', 'upgrade: websocket, h2c', KEY, VERSION),
  'a handshake without a key': head('GET /v1/lines/x', 'connection: upgrade, close', 'upgrade: websocket', VERSION),
  'a handshake that is no GET': `${head('POST /v1/lines', 'connection: upgrade, close', 'upgrade: websocket', KEY, VERSION, 'content-length: 12')}{"room":"x"}`,
  'a handshake with a body': `${head('GET /v1/lines/x', 'connection: upgrade, close', 'upgrade: websocket', KEY, VERSION, 'transfer-encoding: chunked')}0\r\n\r\n`,
  'a handshake of HTTP/1.0': `GET /v1/lines/x HTTP/1.0\r\n${UPGRADE}\r\n${KEY}\r\n${VERSION}\r\n\r\n`,
};

for (const [way, config] of Object.entries(ways)) {
  test(`what is no handshake of a WebSocket is a request as every other, ${way}:`, async (t) => {
    const { url } = await startTalk(t, {}, config);
    for (const [name, bytes] of Object.entries(plain)) {
      const answer = await sendRaw(url, bytes);
      t.match(answer, /^HTTP\/1.[01] 200 OK\r\n/, name);
      t.match(answer, /\r\n\r\n\{"room":"x","text":"","n":1\}$/, name);
    }
  });

  test(`a refused handshake is the last answer of its connection, ${way}`, async (t) => {
    const { url } = await startTalk(t, {}, config);
    const bytes = head('GET /v1/lines/x', UPGRADE, KEY, VERSION);
    const answer = await sendRaw(url, bytes + head('GET /v1/lines/x'));
    t.match(answer, /^HTTP\/1.1 400 Bad Request\r\n/);
    t.match(answer, /\r\nconnection: close\r\n/i);
    t.equal(answer.split('HTTP/1.1').length, 2, 'what is behind it is not answered');
  });
}

const faults: Readonly<Record<string, readonly [lines: readonly string[], status: RegExp, text: RegExp]>> = {
  'another version': [[KEY, 'sec-websocket-version: 12'], /^HTTP\/1.1 426 /, /\r\nsec-websocket-version: 13\r\n/],
  'no version': [[KEY], /^HTTP\/1.1 426 /, /"The WebSocket version is not supported\."/],
  'a key that is none': [['sec-websocket-key: abc', VERSION], /^HTTP\/1.1 400 /, /"sec-websocket-key: is no key"/],
  'two keys': [[KEY, KEY, VERSION], /^HTTP\/1.1 400 /, /"sec-websocket-key: is no key"/],
  'a subprotocol twice': [[KEY, VERSION, 'sec-websocket-protocol: a, a'], /^HTTP\/1.1 400 /, /is no list of names/],
  'a subprotocol that is no name': [[KEY, VERSION, 'sec-websocket-protocol: a b'], /^HTTP\/1.1 400 /, /is no list of names/],
  'two hosts': [[KEY, VERSION, 'host: b'], /^HTTP\/1.1 400 /, /"host: is given twice"/],
};

test('what is wrong with a handshake is said in the form of errors:', async (t) => {
  const { url } = await startTalk(t);
  for (const [name, [lines, status, text]] of Object.entries(faults)) {
    const answer = await sendRaw(url, head('GET /v1/a:chat', UPGRADE, ...lines));
    t.match(answer, status, name);
    t.match(answer, /\r\ncontent-type: application\/json\r\n/, name);
    t.match(answer, text, name);
  }
});

test('a handshake behind a request that is in progress is one as every other', async (t) => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { url } = await startTalk(t, {
    unary: {
      Say: async ({ request }) => {
        if (request.room === 'slow') await opened;
        return request;
      },
    },
  });
  const raw = await Raw.open(url, head('GET /v1/lines/slow') + head('GET /v1/lines/x', UPGRADE, KEY, VERSION));
  open();
  await raw.until(() => raw.text.includes('"x"'));
  t.strictSame(raw.text.match(/HTTP\/1.1 \d+|"room":"\w+"/g), ['HTTP/1.1 200', '"room":"slow"', 'HTTP/1.1 200', '"room":"x"']);
  raw.socket.destroy();
});

test('what a client sends with its handshake is not lost', async (t) => {
  const { url } = await startTalk(t);
  // A masked text `{}`, and an empty one.
  const frames = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d, 0x81, 0x80, 0, 0, 0, 0]).toString('latin1');
  const raw = await Raw.open(url, '');
  raw.socket.write(head('GET /v1/a:count', UPGRADE, KEY, VERSION) + frames, 'latin1');
  await raw.until(() => raw.text.includes('\x88\x02\x03\xe8'));
  t.match(raw.text, /^HTTP\/1.1 101 Switching Protocols\r\n/);
  t.match(raw.text, /\{"lines":1,"texts":""\}/);
  raw.socket.destroy();
});

test('WebSockets are exchanges in progress, and no more are taken than there may be', async (t) => {
  const { url, running } = await startTalk(t, {}, { limits: { inFlight: 2 } });
  const clients = [await Client.open(url, '/v1/a:chat'), await Client.open(url, '/v1/a:chat')];
  t.equal(running.gateway.current.inFlight, 2);
  t.match(await refusedBy(url, '/v1/a:chat'), { status: 503, type: 'application/json' });
  for (const client of clients) client.send('');
  await Promise.all(clients.map((client) => client.end()));
  await until(() => running.gateway.current.inFlight === 0);
  t.equal((await (await Client.open(url, '/v1/a:hear')).end())[0], 1000);
});

test('a generation serves its WebSockets until the last of them is closed', async (t) => {
  const { url, running } = await startTalk(t);
  const before = running.gateway.current;
  const client = await Client.open(url, '/v1/a:chat');
  t.equal((await running.gateway.reload('test')).ok, true);
  t.not(running.gateway.current, before);
  t.equal(before.inFlight, 1);
  client.send('{"text":"x"}');
  t.strictSame(await client.until(1), ['{"room":"a","text":"x","n":0}']);
  client.send('');
  t.strictSame(await client.end(), [1000, '']);
  await until(() => before.inFlight === 0);
});

test('a server that shuts down serves WebSockets until the grace is over, then closes them with 1001', async (t) => {
  const { url, running } = await startTalk(t);
  const [chat, other] = [await Client.open(url, '/v1/a:chat'), await Client.open(url, '/v1/a:chat', 'protogate.json+metadata')];
  chat.send('{"text":"x"}');
  await chat.until(1);
  const closing = running.close({ graceMs: 50 });
  t.strictSame(await chat.end(), [1001, 'The server is shutting down.']);
  t.strictSame(await other.end(), [1001, 'The server is shutting down.']);
  await closing;
});

test('a server that shuts down waits for WebSockets that end in time', async (t) => {
  const { url, running } = await startTalk(t);
  const client = await Client.open(url, '/v1/a:count');
  const closing = running.close({ graceMs: 60_000 });
  client.send('{"text":"x"}', '');
  t.strictSame([await client.end(), client.frames], [[1000, ''], ['{"lines":1,"texts":"x"}']]);
  await closing;
});

test('a WebSocket is opened over TLS as well', async (t) => {
  const { url } = await startTalk(t, {}, { tls: tlsPaths.server });
  const client = await Client.open(url, '/v1/a:count', [], { rejectUnauthorized: false, origin: url });
  client.send('{"text":"x"}', '');
  t.strictSame([await client.end(), client.frames], [[1000, ''], ['{"lines":1,"texts":"x"}']]);
});
