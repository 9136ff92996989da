import { once } from 'node:events';
import { connect } from 'node:http2';
import { test } from 'tap';
import { startChild } from '../gateway/cli/child.js';
import { deskProto, startDesk } from '../gateway/desk.js';
import { type StreamHandler, startBackend } from '../support/backend.js';
import { send } from '../support/http.js';
import { Raw, until } from '../support/raw.js';
import { noProc, residentBytes } from '../support/resident.js';

const MiB = 2 ** 20;

const title = 'x'.repeat(10_000);

/** Streams without an end. */
class Endless {
  written = 0;
  cancelled = 0;

  readonly handler: StreamHandler = async (call, out) => {
    let over = false;
    call.cancelled.then(() => {
      over = true;
      this.cancelled += 1;
    });
    while (!over) {
      this.written += 1;
      if (!out.write({ title })) await Promise.race([out.drained(), call.cancelled]);
    }
  };

  /** Until no server has written anything for a while. */
  async still(): Promise<void> {
    for (let before = -1; before !== this.written; ) {
      before = this.written;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

const get = (accept: string, query = '') => `GET /v1/notes:stream${query} HTTP/1.1\r\nhost: a\r\naccept: ${accept}\r\n\r\n`;
const forms = ['application/x-ndjson', 'application/json', 'text/event-stream'];

/** A client that reads no more than the beginning of a stream; calling it lets it leave. */
type Stalled = () => void;

async function stall(url: string, accept: string): Promise<Stalled> {
  const raw = await Raw.open(url, get(accept));
  await raw.until(() => raw.text !== '');
  raw.socket.pause();
  return () => raw.socket.destroy();
}

async function stallHttp2(url: string, accept: string): Promise<Stalled> {
  const session = connect(url);
  const stream = session.request({ ':path': '/v1/notes:stream', accept });
  session.on('error', () => {});
  stream.on('error', () => {});
  await once(stream, 'response');
  return () => session.destroy();
}

for (const [protocol, stallOne] of [
  ['HTTP/1.1', stall],
  ['HTTP/2', stallHttp2],
] as const) {
  test(`20 clients of ${protocol} that do not read an endless stream hold little memory, and their calls end when they leave`, {
    skip: noProc,
  }, async (t) => {
    const endless = new Endless();
    const backend = await startBackend(deskProto, { stream: { 'desk.v1.Desk.StreamNotes': endless.handler } });
    t.teardown(() => backend.close());
    const child = startChild(t, ['dist/gateway/cli/main.js', '--proto', deskProto, '--upstream', backend.target, '--port', '0']);
    const [, url = ''] = await child.line(/"url":"([^"]+)".*"msg":"serving"/);
    for (const accept of forms) {
      const reader = await Raw.open(url, get(accept));
      await reader.until(() => reader.text.length > 20 * MiB);
      reader.socket.destroy();
    }
    await until(() => endless.cancelled === forms.length);

    const before = residentBytes(child.process.pid);
    const clients = await Promise.all(Array.from({ length: 20 }, (_, i) => stallOne(url, forms[i % forms.length] ?? '')));
    await endless.still();
    const { written } = endless;
    const held = residentBytes(child.process.pid) - before;
    t.ok(held < 32 * MiB, `${held / MiB} MiB`);
    for (let i = 0; i < 20; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await send(url, 'GET', '/healthz');
    }
    const later = residentBytes(child.process.pid) - before - held;
    t.ok(later < 4 * MiB, `${later / MiB} MiB more, later`);
    t.equal(endless.written, written, 'nothing more is asked of the upstream');

    const left = performance.now();
    for (const leave of clients) leave();
    await until(() => endless.cancelled === forms.length + clients.length);
    const took = performance.now() - left;
    t.ok(took < 1000, `${took} ms`);
  });
}

for (const lane of ['h2', 'grpc-js'] as const) {
  test(`a stream that is not read does not slow another on the same connection to the upstream, ${lane}`, async (t) => {
    const endless = new Endless();
    const handler: StreamHandler = async (call, out) => {
      const { count } = call.request as { count?: number };
      if (count === undefined) return endless.handler(call, out);
      for (let i = 0; i < count; i += 1) if (!out.write({ title })) await Promise.race([out.drained(), call.cancelled]);
    };
    const backend = await startBackend(deskProto, { stream: { 'desk.v1.Desk.StreamNotes': handler } });
    t.teardown(() => backend.close());
    const upstreams = { default: { target: backend.target, lane, limits: { connections: 1 } } };
    const { url } = await startDesk(t, {}, { upstreams });
    const timeOf = async () => {
      const start = performance.now();
      const { text } = await send(url, 'GET', '/v1/notes:stream?count=2000');
      t.equal(text.split('\n').length, 2001);
      return performance.now() - start;
    };
    await timeOf();
    const alone = await timeOf();
    const clients = await Promise.all(Array.from({ length: 5 }, () => stall(url, '*/*')));
    await endless.still();
    const beside = Math.min(await timeOf(), await timeOf());
    t.ok(beside < 5 * alone, `${beside} ms beside streams that are not read, ${alone} ms alone`);
    for (const leave of clients) leave();
  });
}
