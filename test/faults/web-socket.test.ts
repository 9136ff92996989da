import { test } from 'tap';
import { startTalk } from '../gateway/talk.js';
import type { BidiHandler, StreamHandler } from '../support/backend.js';
import { Raw, until } from '../support/raw.js';
import { Client } from '../support/web-socket.js';

/** Calls of a server, and how many of them were cancelled. */
class Calls {
  begun = 0;
  cancelled = 0;

  readonly note = (call: { readonly cancelled: Promise<void> }): void => {
    this.begun += 1;
    void call.cancelled.then(() => {
      this.cancelled += 1;
    });
  };

  readonly chat: BidiHandler = async (call, messages, out) => {
    this.note(call);
    for await (const message of messages) if (!out.write(message)) await out.drained();
  };
}

const HANDSHAKE =
  'GET /v1/a:chat HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n';

/** A client that writes frames byte by byte as it likes. */
async function openRaw(url: string, bytes: readonly number[] = []): Promise<Raw> {
  const raw = await Raw.open(url, HANDSHAKE);
  await raw.until(() => raw.text.includes('\r\n\r\n'));
  raw.text = '';
  raw.socket.write(Buffer.from(bytes));
  return raw;
}

const MASK = [0, 0, 0, 0];
const garbage: Readonly<Record<string, readonly [bytes: readonly number[], code: number]>> = {
  'a frame that is not masked': [[0x81, 0x02, 0x7b, 0x7d], 1002],
  'an unknown opcode': [[0x83, 0x80, ...MASK], 1002],
  'a reserved bit': [[0xc1, 0x80, ...MASK], 1002],
  'a fragment of nothing': [[0x80, 0x80, ...MASK], 1002],
  'a ping in pieces': [[0x09, 0x80, ...MASK], 1002],
  'a long ping': [[0x89, 0xfe, 0, 126, ...MASK], 1002],
  'a length beyond every number': [[0x81, 0xff, 255, 255, 255, 255, 255, 255, 255, 255, ...MASK], 1009],
  'text that is not UTF-8': [[0x81, 0x81, ...MASK, 0xff], 1007],
  'a closing frame of one byte': [[0x88, 0x81, ...MASK, 1], 1002],
  'a closing code that is none': [[0x88, 0x82, ...MASK, 0, 1], 1002],
};

test('what is no frame closes the WebSocket with the code of the protocol, cancels the call and leaves nothing behind:', async (t) => {
  const calls = new Calls();
  const { url, running } = await startTalk(t, { bidi: { Chat: calls.chat } });
  for (const [name, [bytes, code]] of Object.entries(garbage)) {
    const raw = await openRaw(url, bytes);
    await raw.until(() => raw.text.length >= 4);
    t.strictSame([...Buffer.from(raw.text, 'latin1').subarray(0, 4)], [0x88, 2, code >> 8, code & 255], name);
    await until(() => running.gateway.current.inFlight === 0);
    raw.socket.destroy();
  }
  await until(() => calls.cancelled === calls.begun);
  t.equal((await (await Client.open(url, '/v1/a:hear')).end())[0], 1000, 'the process lives on');
});

test('a message may have as many bytes as an item, and not one more', async (t) => {
  const calls = new Calls();
  const policies = [{ select: '*', maxItem: 100 }];
  const { url, running } = await startTalk(t, { bidi: { Chat: calls.chat } }, { policies });
  const messageOf = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
  const good = await Client.open(url, '/v1/a:chat');
  good.send(messageOf(70), '');
  t.strictSame([await good.end(), good.frames.length], [[1000, ''], 1]);
  const count = await Client.open(url, '/v1/a:count');
  count.send(messageOf(100), '');
  t.equal((await count.end())[0], 1000);
  const bad = await Client.open(url, '/v1/a:count');
  bad.send(messageOf(101), '');
  t.strictSame(await bad.end(), [1009, '']);
  const pieces = await Client.open(url, '/v1/a:chat');
  const [first, second] = [messageOf(101).slice(0, 60), messageOf(101).slice(60)];
  pieces.ws.send(first, { fin: false });
  pieces.ws.send(second, { fin: true });
  t.equal((await pieces.end())[0], 1009, 'in pieces, too');
  await until(() => running.gateway.current.inFlight === 0);
});

test('a message of endless pieces is not waited for', async (t) => {
  const { url, running } = await startTalk(t);
  const client = await Client.open(url, '/v1/a:chat');
  for (let i = 0; i < 2000; i += 1) client.ws.send('', { fin: false });
  t.equal((await client.end())[0], 1008);
  await until(() => running.gateway.current.inFlight === 0);
});

/** Streams without an end. */
function endless(calls: Calls, written: () => void): StreamHandler {
  return async (call, out) => {
    let over = false;
    calls.note(call);
    void call.cancelled.then(() => {
      over = true;
    });
    while (!over) {
      written();
      if (!out.write({ text: 'x'.repeat(10_000) })) await Promise.race([out.drained(), call.cancelled]);
    }
  };
}

test('a client that does not read stops the server, and its call is cancelled when it leaves without a word', async (t) => {
  const calls = new Calls();
  let written = 0;
  const { url, running } = await startTalk(t, { stream: { Hear: endless(calls, () => (written += 1)) } });
  const clients = await Promise.all(Array.from({ length: 5 }, () => Client.open(url, '/v1/a:hear')));
  for (const { ws } of clients) ws.pause();
  for (let before = -1; before !== written; ) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  t.ok(written < 5 * 2000, `${written} messages of 10 kB`);
  const left = performance.now();
  for (const { ws } of clients) ws.terminate();
  await until(() => calls.cancelled === 5);
  t.ok(performance.now() - left < 1000, `${performance.now() - left} ms`);
  await until(() => running.gateway.current.inFlight === 0);
});

test('a client that sends faster than the server reads is held back at its socket', async (t) => {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { url } = await startTalk(t, {
    clientStream: {
      Count: async (_call, messages) => {
        await released;
        let lines = 0;
        for await (const _ of messages) lines += 1;
        return { lines };
      },
    },
  });
  const client = await Client.open(url, '/v1/a:count');
  const message = JSON.stringify({ text: 'x'.repeat(10_000) });
  for (let i = 0; i < 3000; i += 1) client.ws.send(message);
  client.send('');
  for (let before = -1; before !== client.ws.bufferedAmount; ) {
    before = client.ws.bufferedAmount;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  t.ok(client.ws.bufferedAmount > 10_000_000, `${client.ws.bufferedAmount} of 30 MB wait at the client`);
  release();
  t.strictSame([await client.end(), client.frames], [[1000, ''], ['{"lines":3000,"texts":""}']], 'and all of them arrive');
});

test('ten thousand messages in one read are taken in turns, in order', async (t) => {
  const { url } = await startTalk(t);
  const frame = [0x81, 0x82, ...MASK, 0x7b, 0x7d];
  const raw = await openRaw(url);
  raw.socket.write(Buffer.concat([...Array.from({ length: 10_000 }, () => Buffer.from(frame)), Buffer.from([0x81, 0x80, ...MASK])]));
  await raw.until(() => raw.text.includes('\x88\x02\x03\xe8'));
  t.equal(raw.text.split('{"room":"a","text":"","n":0}').length - 1, 10_000);
  raw.socket.destroy();
});

test('a client that sends more frames a second than it may is held back, pings among them', async (t) => {
  const { url } = await startTalk(t, {}, { streams: { maxFrames: 10 } });
  const client = await Client.open(url, '/v1/a:count');
  const began = performance.now();
  // A read each: what has come in one is not held back.
  for (let i = 0; i < 30; i += 1) {
    if (i % 2 === 0) client.send('{}');
    else client.ws.ping();
    await new Promise(setImmediate);
  }
  client.send('');
  t.strictSame([await client.end(), client.frames], [[1000, ''], [`{"lines":15,"texts":"${' '.repeat(14)}"}`]]);
  t.ok(performance.now() - began > 900, `${performance.now() - began} ms`);
});

test('pings are answered, and pile up for nobody', async (t) => {
  const { url } = await startTalk(t);
  const client = await Client.open(url, '/v1/a:chat');
  const pong = new Promise((resolve) => client.ws.once('pong', resolve));
  client.ws.ping('abc');
  t.equal(String(await pong), 'abc');
  client.ws.terminate();
});

test('a client is asked whether it lives, and cut off if it does not say so', async (t) => {
  const calls = new Calls();
  const { url, running } = await startTalk(t, { bidi: { Chat: calls.chat } }, { streams: { heartbeatMs: 50 } });
  const alive = await Client.open(url, '/v1/a:chat');
  const dead = await openRaw(url);
  await dead.until(() => dead.closed);
  t.strictSame([...Buffer.from(dead.text, 'latin1')], [0x89, 0]);
  await until(() => calls.cancelled === 1);
  t.equal(running.gateway.current.inFlight, 1);
  alive.send('');
  t.strictSame(await alive.end(), [1000, '']);
});

test('a WebSocket on which nothing moves is closed, whatever its pings say', async (t) => {
  const policies = [{ select: '*', idleMs: 100 }];
  const { url, running } = await startTalk(t, {}, { policies, streams: { heartbeatMs: 20 } });
  for (const path of ['/v1/a:chat', '/v1/a:ask', '/v1/a:count'])
    t.strictSame(await (await Client.open(url, path)).end(), [4004, 'The stream was idle for too long.'], path);
  await until(() => running.gateway.current.inFlight === 0);
});

test('a client that closes its side without a word, or with one, cancels its call', async (t) => {
  const calls = new Calls();
  const { url, running } = await startTalk(t, { bidi: { Chat: calls.chat } });
  const half = await openRaw(url);
  half.socket.end();
  const polite = await Client.open(url, '/v1/a:chat');
  polite.ws.close(1000);
  t.equal((await polite.end())[0], 1000);
  await until(() => calls.cancelled === 2 && running.gateway.current.inFlight === 0);
  t.pass('both');
});

test('a thousand WebSockets, ended in every way, leave nothing behind', async (t) => {
  const calls = new Calls();
  const { url, running } = await startTalk(t, { bidi: { Chat: calls.chat } });
  const countOf = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout').length;
  const once = async (i: number) => {
    const client = await Client.open(url, '/v1/a:chat', i % 5 === 4 ? 'protogate.json+metadata' : []);
    const ends = [
      () => client.ws.terminate(),
      () => client.ws.close(),
      () => client.send(''),
      () => client.send('{'),
      () => client.ws.close(4999),
    ];
    client.send(i % 5 === 4 ? '{"$metadata":{}}' : '{}');
    await client.until(i % 5 === 4 ? 0 : 1);
    ends[i % ends.length]?.();
    await client.end();
  };
  await Promise.all(Array.from({ length: 20 }, (_, i) => once(i)));
  await until(() => running.gateway.current.inFlight === 0);
  const before = countOf();
  for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 50 }, (_, i) => once(i)));
  await until(() => running.gateway.current.inFlight === 0 && calls.begun >= 1000 && countOf() <= before);
  t.equal(running.gateway.current.inFlight, 0);
});
