import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { status } from '@grpc/grpc-js';
import { test } from 'tap';
import { Frame } from '../../../gateway/upstream/h2/protocol.js';
import { Failure, type Received, type StreamHandler } from '../../support/backend.js';
import { send, sendRaw } from '../../support/http.js';
import { startDesk } from '../desk.js';
import { frame, HEAD, headers, peer } from '../upstream/h2/peer.js';

/** Writes `count` notes, then fails with `fault` if there is one. */
const notes: StreamHandler = async ({ request }, out) => {
  for (let i = 1; i <= Number(request.count ?? 0); i += 1) out.write({ name: `notes/${i}`, labels: {} });
  if (request.fault !== undefined) throw new Failure(status.DATA_LOSS, String(request.fault));
};

const line = (i: number) => `{"name":"notes/${i}","title":"","words":"0","tags":[],"labels":{}}\n`;

test('a server stream is answered as one JSON value a line', async (t) => {
  const desk = await startDesk(t, { stream: { StreamNotes: notes } });
  const reply = await send(desk.url, 'GET', '/v1/notes:stream?count=3');
  t.equal(reply.status, 200);
  t.equal(reply.headers['content-type'], 'application/x-ndjson');
  t.equal(reply.text, line(1) + line(2) + line(3));
});

test('items that come together leave together', async (t) => {
  const items = Array.from({ length: 9 }, (_, i) => Buffer.from(`\0\0\0\0\x09\n\x07notes/${i + 1}`, 'latin1'));
  const server = await peer(t, (p, stream) =>
    p.send(
      headers(stream, HEAD),
      ...items.map((item) => frame(Frame.DATA, 0, stream, item)),
      headers(stream, [['grpc-status', '0']], true),
    ),
  );
  const desk = await startDesk(t, {}, { upstreams: { default: { target: server.address } } });
  const answer = await sendRaw(desk.url, 'GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  const body = items.map((_, i) => line(i + 1)).join('');
  t.ok(answer.endsWith(`\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`), `in one chunk: ${answer}`);
});

test('an empty stream is an empty body', async (t) => {
  const desk = await startDesk(t, { stream: { StreamNotes: notes } });
  const reply = await send(desk.url, 'GET', '/v1/notes:stream');
  t.equal(reply.status, 200);
  t.equal(reply.headers['content-type'], 'application/x-ndjson');
  t.equal(reply.text, '');
});

test('an error before the first item has its own status', async (t) => {
  const desk = await startDesk(t, { stream: { StreamNotes: notes } });
  const reply = await send(desk.url, 'GET', '/v1/notes:stream?fault=lost');
  t.equal(reply.status, 500);
  t.equal(reply.headers['content-type'], 'application/json');
  t.equal(reply.text, '{"code":15,"message":"lost","details":[]}');
});

test('a later error is the last line', async (t) => {
  const desk = await startDesk(t, { stream: { StreamNotes: notes } });
  const reply = await send(desk.url, 'GET', '/v1/notes:stream?count=1&fault=lost');
  t.equal(reply.status, 200);
  t.equal(reply.text, `${line(1)}{"error":{"code":15,"message":"lost","details":[]}}\n`);
});

test('items that may have a member "error" stand in an envelope', async (t) => {
  const reports: StreamHandler = async (_call, out) => {
    out.write({ error: 'none' });
    throw new Failure(status.ABORTED, 'stop');
  };
  const desk = await startDesk(t, { stream: { StreamReports: reports } });
  const reply = await send(desk.url, 'GET', '/v1/reports:stream');
  t.equal(reply.text, '{"result":{"error":"none"}}\n{"error":{"code":10,"message":"stop","details":[]}}\n');
});

test('a request that does not fit is refused before the call', async (t) => {
  const desk = await startDesk(t, { stream: { StreamNotes: notes } });
  t.equal((await send(desk.url, 'GET', '/v1/notes:stream?count=many')).status, 400);
});

test('the headers do not wait longer than the header delay for the first item', async (t) => {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const late: StreamHandler = async (_call, out) => {
    await released;
    out.write({ name: 'notes/1' });
  };
  const desk = await startDesk(t, { stream: { StreamNotes: late } }, { streams: { headerDelayMs: 20 } });
  const [response] = (await once(get(`${desk.url}/v1/notes:stream`), 'response')) as [IncomingMessage];
  t.equal(response.statusCode, 200);
  release();
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  t.equal(Buffer.concat(chunks).toString(), line(1));
});

test('each item is sent when it comes', async (t) => {
  let next: () => void = () => {};
  const oneByOne: StreamHandler = async (_call, out) => {
    for (let i = 1; i <= 3; i += 1) {
      const asked = new Promise<void>((resolve) => {
        next = resolve;
      });
      out.write({ name: `notes/${i}` });
      await asked;
    }
  };
  const desk = await startDesk(t, { stream: { StreamNotes: oneByOne } });
  const [response] = (await once(get(`${desk.url}/v1/notes:stream`), 'response')) as [IncomingMessage];
  const seen: string[] = [];
  for await (const chunk of response) {
    seen.push(String(chunk));
    next();
  }
  t.strictSame(seen, [line(1), line(2), line(3)]);
});

test('a client that does not read holds the server back', async (t) => {
  const title = 'x'.repeat(100_000);
  let written = 0;
  let blocked: () => void = () => {};
  const isBlocked = new Promise<void>((resolve) => {
    blocked = resolve;
  });
  const flood: StreamHandler = async ({ cancelled }, out) => {
    let isCancelled = false;
    cancelled.then(() => {
      isCancelled = true;
    });
    while (written < 2000 && !isCancelled) {
      written += 1;
      if (!out.write({ title })) {
        const drained = out.drained().then(() => true);
        const waited = new Promise<boolean>((resolve) => setTimeout(resolve, 300, false));
        if (!(await Promise.race([drained, waited, cancelled.then(() => true)]))) {
          blocked();
          await Promise.race([drained, cancelled]);
        }
      }
    }
  };
  const desk = await startDesk(t, { stream: { StreamNotes: flood } });
  const [response] = (await once(get(`${desk.url}/v1/notes:stream`), 'response')) as [IncomingMessage];
  await isBlocked;
  t.ok(written < 300, `${written} of 2000 items were written`);
  response.destroy();
});

test('a client that leaves cancels the call', async (t) => {
  let arrive: (call: Received) => void = () => {};
  const arrived = new Promise<Received>((resolve) => {
    arrive = resolve;
  });
  const endless: StreamHandler = async (call, out) => {
    out.write({ name: 'notes/1' });
    arrive(call);
    await call.cancelled;
  };
  const desk = await startDesk(t, { stream: { StreamNotes: endless } });
  const [response] = (await once(get(`${desk.url}/v1/notes:stream`), 'response')) as [IncomingMessage];
  const call = await arrived;
  response.destroy();
  await call.cancelled;
  t.pass('the server saw the cancellation');
});

test('a stream on which nothing moves ends with an error', async (t) => {
  const stuck: StreamHandler = async (call, out) => {
    out.write({ name: 'notes/1' });
    await call.cancelled;
  };
  const desk = await startDesk(t, { stream: { StreamNotes: stuck } }, { policies: [{ select: '*', idleMs: 400 }] });
  const reply = await send(desk.url, 'GET', '/v1/notes:stream');
  t.equal(reply.text, `${line(1)}{"error":{"code":4,"message":"The stream was idle for too long.","details":[]}}\n`);
});

test('a stream ends at the deadline of the client', async (t) => {
  const stuck: StreamHandler = (call) => call.cancelled;
  const desk = await startDesk(t, { stream: { StreamNotes: stuck } });
  const reply = await send(desk.url, 'GET', '/v1/notes:stream', undefined, { 'grpc-timeout': '100m' });
  t.equal(reply.status, 504);
});

test('an upstream that dies in the middle is told as the last line', async (t) => {
  const stuck: StreamHandler = async (call, out) => {
    out.write({ name: 'notes/1' });
    await call.cancelled;
  };
  const desk = await startDesk(t, { stream: { StreamNotes: stuck } });
  const [response] = (await once(get(`${desk.url}/v1/notes:stream`), 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    desk.backend.close();
  }
  t.match(text, /^\{"name":"notes\/1".*\}\n\{"error":\{"code":\d+,"message":"[^:]*","details":\[\]\}\}\n$/);
});
