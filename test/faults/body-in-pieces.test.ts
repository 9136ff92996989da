import { once } from 'node:events';
import { createServer, IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { test } from 'tap';
import { createBodyReader, readKnownLength } from '../../gateway/request/body.js';
import { startDesk } from '../gateway/desk.js';
import { sendRaw } from '../support/http.js';
import { reachableBytes } from '../support/memory.js';

const MAX_BODY = 2 ** 20;
const MINUTE = 60_000;

/** Calls `each` with every piece of the body that the message brings, after the reader took it. */
function read(payload: IncomingMessage, length: number | undefined, each: () => void): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, body?: unknown) => (body instanceof Uint8Array ? resolve(body) : reject(error));
    if (length === undefined) {
      const request = { headers: {}, routeOptions: { bodyLimit: MAX_BODY } };
      createBodyReader(MINUTE)(request as unknown as FastifyRequest, payload, done);
    } else readKnownLength(payload, length, MINUTE, done);
    payload.on('data', each);
  });
}

for (const [name, length] of [
  ['of known length', MAX_BODY],
  ['whose end is not known', undefined],
] as const) {
  test(`a body ${name} that comes byte by byte holds at most twice maxBody`, async (t) => {
    const payload = new IncomingMessage(new Socket());
    const before = reachableBytes();
    let held = 0;
    let pieces = 0;
    const whole = read(payload, length, () => {
      pieces += 1;
      if (pieces === MAX_BODY - 1) held = reachableBytes() - before;
    });
    for (let i = 0; i < MAX_BODY; i++) {
      payload.push(Buffer.alloc(1, i));
      // What is pushed is only then handed on.
      if (i % 1000 === 999) await new Promise(setImmediate);
    }
    payload.push(null);
    const body = await whole;
    t.equal(body.length, MAX_BODY);
    t.equal(pieces, MAX_BODY);
    t.ok(body.every((byte, i) => byte === (i & 0xff)));
    t.ok(held < 3 * MAX_BODY, `${held} bytes are held`);
  });
}

/** A server that hands the requests to `handle`, one turn of the event loop at a time counted. */
async function serve(t: { teardown(stop: () => unknown): void }, handle: (request: IncomingMessage) => void): Promise<number> {
  const server: Server = createServer((request, response) => {
    handle(request);
    request.on('end', () => response.end());
  });
  t.teardown(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('others have their turn while bodies come byte by byte', async (t) => {
  let inTurn = 0;
  let most = 0;
  const nextTurn = () => {
    most = Math.max(most, inTurn);
    inTurn = 0;
  };
  const turns = setInterval(nextTurn, 0);
  t.teardown(() => clearInterval(turns));
  const bodies: Promise<Uint8Array>[] = [];
  const port = await serve(t, (request) => {
    bodies.push(
      read(request, undefined, () => {
        inTurn += 1;
      }),
    );
  });
  const size = 300_000;
  const client = connect(port, '127.0.0.1');
  client.end(`POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(size)}0\r\n\r\n`);
  client.resume();
  await once(client, 'close');
  t.equal((await bodies[0])?.length, size);
  // One read of Node's brings 64 KiB, which is 10,923 pieces of 6 bytes.
  t.ok(most < 25_000, `${most} pieces in one turn`);
});

const head = 'POST /v1/notes HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n';
const json = `{"title":"${'x'.repeat(50_000)}"}`;

for (const [name, config] of [
  ['the direct way', {}],
  ['through Fastify', { trustProxy: ['192.0.2.1'] }],
] as const) {
  test(`a body in one-byte pieces arrives whole (${name})`, async (t) => {
    const seen: unknown[] = [];
    const create = ({ request }: { readonly request: object }) => {
      seen.push(request);
      return {};
    };
    const { url } = await startDesk(t, { unary: { CreateNote: create } }, config);
    const chunks = [...json].map((byte) => `1\r\n${byte}\r\n`).join('');
    t.match(await sendRaw(url, `${head}transfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`), /^HTTP\/1.1 200/);

    const client = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay();
    client.write(`${head}content-length: ${json.length}\r\n\r\n`);
    for (const byte of json.slice(0, 2000)) await new Promise((written) => client.write(byte, written));
    client.write(json.slice(2000));
    const [answer] = await once(client, 'data');
    t.match(String(answer), /^HTTP\/1.1 200/);
    t.strictSame(seen, Array(2).fill({ title: 'x'.repeat(50_000) }));
  });
}
