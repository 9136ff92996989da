import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { status } from '@grpc/grpc-js';
import { test } from 'tap';
import { type BidiHandler, Failure } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { ways } from '../../support/ways.js';
import { echo, startStreams } from '../streams.js';

const headers = { 'content-type': 'application/x-ndjson' };
const line = (value: string, n = 0) => `{"room":"r","text":"${value}","n":${n}}\n`;

/** A request whose body a test writes. */
function open(url: string, target = '/v1/r:echo', more: Readonly<Record<string, string>> = {}): ClientRequest {
  return request(url + target, { method: 'POST', headers: { ...headers, ...more }, agent: false });
}

/** The answer, when its head has come. */
async function answerOf(out: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(out, 'response')) as [IncomingMessage];
  return answer.setEncoding('utf8');
}

const halfDuplex = { policies: [{ select: '*', halfDuplex: true }] };

for (const [way, config] of Object.entries(ways)) {
  test(`the answer of a bidirectional stream begins with its first item, ${way}`, async (t) => {
    const { url } = await startStreams(t, { bidi: { Echo: echo } }, config);
    const out = open(url);
    out.write(line('a'));
    const answer = await answerOf(out);
    t.strictSame([answer.statusCode, answer.headers['content-type']], [200, 'application/x-ndjson']);
    t.equal((await once(answer, 'data'))[0], line('a'));
    out.write(line('b', 2));
    t.equal((await once(answer, 'data'))[0], line('b', 2));
    out.end();
    t.equal(await text(answer), '');
  });

  test(`each client's item is answered before it sends the next, by fetch, ${way}`, async (t) => {
    const { url } = await startStreams(t, { bidi: { Echo: echo } }, config);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const sent = writer.write(Buffer.from(line('a')));
    const answer = await fetch(`${url}/v1/r:echo`, { method: 'POST', headers, body: readable, duplex: 'half' });
    await sent;
    const seen: string[] = [];
    for await (const chunk of answer.body ?? []) {
      seen.push(Buffer.from(chunk).toString());
      if (seen.length === 3) await writer.close();
      else if (seen.length < 3) await writer.write(Buffer.from(line('a', seen.length)));
    }
    t.strictSame(seen, [line('a'), line('a', 1), line('a', 2)]);
  });

  test(`a bidirectional stream is answered as an array, and as events, ${way}`, async (t) => {
    const { url } = await startStreams(t, { bidi: { Echo: echo } }, config);
    const ask = async (accept: string) => (await send(url, 'POST', '/v1/r:echo', line('a') + line('b'), { ...headers, accept })).text;
    t.equal(await ask('application/json'), `[${line('a').trim()},\n${line('b').trim()}]`);
    t.match(await ask('text/event-stream'), /^id: 1\ndata: \{.*\}\n\nid: 2\ndata: /);
  });

  test(`a rule without a body makes a bidirectional stream of one message, ${way}`, async (t) => {
    const { url } = await startStreams(t, { bidi: { Echo: echo } }, config);
    t.equal((await send(url, 'GET', '/v1/r:echo?text=a')).text, line('a'));
  });

  test(`an item that is wrong is the last one of an answer that has begun, ${way}`, async (t) => {
    const { url } = await startStreams(t, { bidi: { Echo: echo } }, config);
    const out = open(url);
    out.write(line('a'));
    const answer = await answerOf(out);
    t.equal((await once(answer, 'data'))[0], line('a'));
    out.write('{"n":"x"}\n');
    t.match(JSON.parse(await text(answer)), { error: { code: 3, message: '[1].n: an integer is expected' } });
  });

  test(`a server that ends first ends the request, ${way}`, async (t) => {
    const first: BidiHandler = async (_call, messages, sink) => {
      for await (const item of messages) {
        sink.write(item);
        return;
      }
    };
    const { url } = await startStreams(t, { bidi: { Echo: first } }, config);
    const out = open(url);
    out.on('error', () => {});
    out.write(line('a'));
    const answer = await answerOf(out);
    t.equal(await text(answer), line('a'));
    t.equal(answer.headers.connection, 'close');
  });

  test(`a client that leaves cancels a bidirectional stream, ${way}`, async (t) => {
    let isCancelled: Promise<void> | undefined;
    const wait: BidiHandler = async ({ cancelled }, _messages, sink) => {
      isCancelled = cancelled;
      sink.write({ text: 'a' });
      await cancelled;
    };
    const desk = await startStreams(t, { bidi: { Echo: wait } }, config);
    const out = open(desk.url);
    out.on('error', () => {});
    out.write(line('a'));
    await answerOf(out);
    out.destroy();
    await isCancelled;
    t.pass('cancelled');
  });

  test(`with halfDuplex the answer waits until the request has ended, ${way}`, async (t) => {
    const { url } = await startStreams(t, { bidi: { Echo: echo } }, { ...config, ...halfDuplex, streams: { headerDelayMs: 1 } });
    const out = open(url);
    let isAnswered = false;
    const answered = answerOf(out).then((answer) => {
      isAnswered = true;
      return answer;
    });
    for (let i = 0; i < 100; i += 1) {
      await new Promise((done) => out.write(line('x'.repeat(1000), i), done));
    }
    t.notOk(isAnswered);
    out.end();
    const body = await text(await answered);
    t.equal(body.length, Array.from({ length: 100 }, (_, i) => line('x'.repeat(1000), i)).join('').length);
  });

  test(`with halfDuplex an error before that has its own status, ${way}`, async (t) => {
    const fail: BidiHandler = async (_call, messages, sink) => {
      for await (const item of messages) {
        sink.write(item);
        throw new Failure(status.ABORTED, 'stop');
      }
    };
    const { url } = await startStreams(t, { bidi: { Echo: fail } }, { ...config, ...halfDuplex });
    const out = open(url);
    out.on('error', () => {});
    out.write(line('a'));
    const answer = await answerOf(out);
    t.strictSame([answer.statusCode, await text(answer)], [409, '{"code":10,"message":"stop","details":[]}']);
  });

  test(`with halfDuplex an answer that would be larger than maxReply is refused, ${way}`, async (t) => {
    const flood: BidiHandler = async ({ cancelled }, _messages, sink) => {
      for (let i = 0; i < 20; i += 1) sink.write({ text: 'x'.repeat(1000) });
      await cancelled;
    };
    const policies = [{ select: '*', halfDuplex: true, maxReply: 10_000 }];
    const { url } = await startStreams(t, { bidi: { Echo: flood } }, { ...config, policies });
    const out = open(url);
    out.on('error', () => {});
    out.write(line('a'));
    const answer = await answerOf(out);
    t.equal(answer.statusCode, 500);
    t.equal(JSON.parse(await text(answer)).message, 'The reply, which is held until the request has ended, is too large.');
  });

  test(`a client that reads only when it has sent stands still, and is told so, ${way}`, async (t) => {
    let taken = 0;
    const slow: BidiHandler = async (_call, messages, sink) => {
      for await (const item of messages) {
        taken += 1;
        if (!sink.write(item)) await sink.drained();
      }
    };
    const { url } = await startStreams(t, { bidi: { Echo: slow } }, { ...config, policies: [{ select: '*', idleMs: 300 }] });
    const out = open(url);
    const item = line('x'.repeat(10_000));
    let written = 0;
    const answered = answerOf(out);
    for (let i = 0; i < 3000; i += 1) {
      written += 1;
      await new Promise<void>((done) => out.write(item, () => done()));
    }
    out.end();
    const lines = (await text(await answered)).trim().split('\n');
    t.match(JSON.parse(lines.at(-1) ?? ''), {
      error: { code: 4, message: 'The stream stood still for too long: its client sends and does not read what comes.' },
    });
    t.ok(taken < written, `${taken} of ${written}`);
  });
}
