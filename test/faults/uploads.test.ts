import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'tap';
import { inAWord, startStreams } from '../gateway/streams.js';
import { peer } from '../gateway/upstream/h2/peer.js';
import type { ClientStreamHandler } from '../support/backend.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const head = 'POST /v1/r:collect HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\n';

function open(url: string, headers: Readonly<Record<string, string>> = {}): ClientRequest {
  const out = request(`${url}/v1/r:collect`, {
    ...{ method: 'POST', agent: false },
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });
  out.on('error', () => {});
  return out;
}

async function answerOf(out: ClientRequest): Promise<{ status: number | undefined; connection: string | undefined; body: string }> {
  const [answer] = (await once(out, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, connection: answer.headers.connection, body: await text(answer) };
}

/** Notes items as they come. */
class Seen {
  readonly items: string[] = [];
  isCancelled = false;

  readonly handler: ClientStreamHandler = async ({ cancelled }, messages) => {
    cancelled.then(() => {
      this.isCancelled = true;
    });
    for await (const item of messages) this.items.push(inAWord(item));
    return { items: this.items };
  };
}

for (const [way, config] of Object.entries(ways)) {
  test(`an item is sent on while the next has not come, ${way}`, async (t) => {
    const seen = new Seen();
    const { url } = await startStreams(t, { clientStream: { Collect: seen.handler } }, config);
    const out = open(url);
    out.write('{"text":"a"}{"te');
    await until(() => seen.items.length === 1);
    out.write('xt":"b"}');
    await until(() => seen.items.length === 2);
    out.end();
    t.strictSame(await answerOf(out), { status: 200, connection: 'close', body: '{"items":["r/a/0","r/b/0"]}' });
  });

  test(`a client that leaves in the middle of an item resets the call, and never ends its stream, ${way}`, async (t) => {
    let isEnded = false;
    const server = await peer(t, () => {
      isEnded = true;
    });
    const desk = await startStreams(t, {}, { ...config, upstreams: { default: { target: server.address } } });
    let stream = 1;
    for (const lines of ['content-length: 100\r\n\r\n{"text":"a"}{"t', 'transfer-encoding: chunked\r\n\r\n10\r\n{"text":"a"}{"t"\r\n']) {
      for (const leave of ['destroy', 'end'] as const) {
        const raw = await Raw.open(desk.url, head + lines);
        const isSeen = (what: string) => server.peers.some(({ seen }) => seen.includes(what));
        await until(() => isSeen(`DATA ${stream} 11`));
        raw.socket[leave]();
        await until(() => isSeen(`RST_STREAM ${stream} 8`));
        await until(() => desk.running.gateway.current.inFlight === 0);
        stream += 2;
      }
    }
    t.notOk(isEnded);
  });

  test(`a server that answers before it has all is not waited for, and the rest of the body is of no use, ${way}`, async (t) => {
    const early: ClientStreamHandler = async (_call, messages) => {
      for await (const item of messages) return { items: [inAWord(item)] };
      return {};
    };
    const { url } = await startStreams(t, { clientStream: { Collect: early } }, config);
    const raw = await Raw.open(url, `${head}transfer-encoding: chunked\r\n\r\nc\r\n{"text":"a"}\r\n`);
    await until(() => raw.text.includes('r/a/0'));
    t.match(raw.text, /^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*connection: close\r\n/i);
    // What its client had written by then is read and thrown away, so that the answer is not lost with a reset.
    raw.socket.write(`64\r\n${'x'.repeat(100)}\r\n`);
    await until(() => raw.closed);
    t.notMatch(raw.text, / 400 /);
  });

  test(`a server that dies in the middle of an upload is 503, ${way}`, async (t) => {
    const seen = new Seen();
    const desk = await startStreams(t, { clientStream: { Collect: seen.handler } }, config);
    const out = open(desk.url);
    out.write('{"text":"a"}{"te');
    await until(() => seen.items.length === 1);
    desk.backend.close();
    const { status, connection, body } = await answerOf(out);
    t.strictSame([status, connection, JSON.parse(body).code], [503, 'close', 14]);
  });

  test(`a client that sends no whole item for too long is 504, ${way}`, async (t) => {
    const seen = new Seen();
    const desk = await startStreams(
      t,
      { clientStream: { Collect: seen.handler } },
      { ...config, policies: [{ select: '*', idleMs: 100 }] },
    );
    const out = open(desk.url);
    out.write('{"text":"a"}');
    const drip = setInterval(() => out.write(' '), 20);
    const { status, connection, body } = await answerOf(out);
    clearInterval(drip);
    t.strictSame(
      [status, connection, JSON.parse(body)],
      [504, 'close', { code: 4, message: 'The stream was idle for too long.', details: [] }],
    );
    await until(() => seen.isCancelled);
  });

  test(`items that come keep an upload alive beyond idleMs and bodyTimeoutMs, until streamDeadlineMs, ${way}`, async (t) => {
    const seen = new Seen();
    const policies = [{ select: '*', idleMs: 400, streamDeadlineMs: 1200 }];
    const desk = await startStreams(t, { clientStream: { Collect: seen.handler } }, { ...config, policies, limits: { bodyTimeoutMs: 50 } });
    const out = open(desk.url);
    const began = performance.now();
    const drip = setInterval(() => out.write('{}'), 20);
    const { status, body } = await answerOf(out);
    clearInterval(drip);
    t.ok(performance.now() - began >= 1190);
    t.strictSame([status, JSON.parse(body).code], [504, 4]);
  });

  test(`a client's deadline ends its upload, ${way}`, async (t) => {
    const seen = new Seen();
    const desk = await startStreams(t, { clientStream: { Collect: seen.handler } }, config);
    const out = open(desk.url, { 'grpc-timeout': '100m' });
    out.write('{}');
    const { status, body } = await answerOf(out);
    t.strictSame([status, JSON.parse(body).code], [504, 4]);
  });

  test(`a server that does not read holds the client back at its socket, ${way}`, async (t) => {
    let go: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    let bytes = 0;
    const slow: ClientStreamHandler = async (_call, messages) => {
      await gone;
      for await (const { text: part = '' } of messages) bytes += String(part).length;
      return { items: [String(bytes)] };
    };
    const { url } = await startStreams(t, { clientStream: { Collect: slow } }, config);
    const out = open(url);
    const item = JSON.stringify({ text: 'x'.repeat(100_000) });
    let written = 0;
    const writeMore = () => {
      while (written < 1000) {
        written += 1;
        if (!out.write(item)) {
          out.once('drain', writeMore);
          return;
        }
      }
      out.end();
    };
    writeMore();
    let before = -1;
    while (written !== before) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    t.ok(written < 500, `${written} of 1000 items were taken`);
    go();
    t.equal((await answerOf(out)).body, '{"items":["100000000"]}');
  });
}
