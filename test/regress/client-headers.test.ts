import { pino } from 'pino';
import { test } from 'tap';
import type { ConfigInput, Logger } from '../../gateway/index.js';
import { startDesk } from '../gateway/desk.js';
import type { Received } from '../support/backend.js';
import { send, sendRaw } from '../support/http.js';

type Starts = Parameters<typeof startDesk>[0];

async function start(t: Starts, config: ConfigInput = {}) {
  const calls: Received[] = [];
  const GetNote = (call: Received) => {
    calls.push(call);
    return { name: 'n' };
  };
  const { url } = await startDesk(t, { unary: { GetNote } }, config);
  return { url, calls };
}

/** The answer to a GET with exactly these header lines. */
async function get(url: string, ...lines: string[]): Promise<string> {
  const head = ['GET /v1/notes/1 HTTP/1.1', ...lines, 'Connection: close', '', ''].join('\r\n');
  return sendRaw(url, Buffer.from(head, 'latin1'));
}

const singular = ['authorization', 'if-match', 'if-none-match', 'if-range', 'if-modified-since', 'range', 'from', 'referer', 'date', 'dnt'];

test('a header that may come once and comes twice is 400 that names it, before the call', async (t) => {
  const { url, calls } = await start(t, { metadata: { forward: singular } });
  for (const name of singular) {
    const answer = await send(url, 'GET', '/v1/notes/1', undefined, { [name]: ['a', 'a'] });
    t.equal(answer.status, 400, name);
    t.strictSame(JSON.parse(answer.text), {
      code: 3,
      message: `${name}: is given twice`,
      details: [
        { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: name, description: 'is given twice' }] },
      ],
    });
  }
  t.equal(calls.length, 0);
  t.equal((await send(url, 'GET', '/v1/notes/1', undefined, { authorization: 'Bearer x' })).status, 200);
});

test('the same under the prefix of grpc-gateway, and beside the header itself', async (t) => {
  const { url, calls } = await start(t, { compat: 'grpc-gateway' });
  for (const headers of [
    { 'Grpc-Metadata-If-Match': ['a', 'b'] },
    { 'Grpc-Metadata-Authorization': ['Bearer a', 'Bearer b'] },
    { Authorization: 'Bearer a', 'Grpc-Metadata-Authorization': 'Bearer b' },
  ]) {
    const answer = await send(url, 'GET', '/v1/notes/1', undefined, headers);
    t.equal(answer.status, 400);
    t.match(JSON.parse(answer.text).message, /^grpc-metadata-(if-match|authorization): is given twice$/);
  }
  t.equal(calls.length, 0);
});

test('so it is for what goes on as grpcgateway-NAME, except where a list is meant', async (t) => {
  const { url, calls } = await start(t, { compat: 'grpc-gateway' });
  for (const name of ['if-match', 'if-none-match', 'if-modified-since', 'referer', 'from', 'date', 'max-forwards', 'user-agent']) {
    const answer = await send(url, 'GET', '/v1/notes/1', undefined, { [name]: ['a', 'a'] });
    t.strictSame([answer.status, JSON.parse(answer.text).message], [400, `${name}: is given twice`]);
  }
  t.equal(calls.length, 0);
  t.equal((await send(url, 'GET', '/v1/notes/1', undefined, { cookie: ['a=b', 'c=d'], accept: ['*/*', 'a/b'] })).status, 200);
  t.strictSame(calls[0]?.metadata.get('grpcgateway-accept'), ['*/*, a/b']);
});

test('a prefix sets nothing that a call says itself: it is left out, as in grpc-gateway', async (t) => {
  const { url, calls } = await start(t, { compat: 'grpc-gateway' });
  const names = ['User-Agent', 'Http2-Settings', 'Content-Type', 'Te', 'Host', 'Connection', 'Trailer', 'Grpc-Timeout', 'X-Forwarded-Host'];
  for (const name of names) {
    const answer = await send(url, 'GET', '/v1/notes/1', undefined, { [`Grpc-Metadata-${name}`]: 'evil' });
    t.equal(answer.status, 200, name);
    t.notMatch(JSON.stringify(calls.at(-1)?.metadata.toJSON()), 'evil', name);
  }
});

test('a Host that metadata cannot hold is 400 that names it', async (t) => {
  const { url, calls } = await start(t);
  const answer = await get(url, 'Host: \xe8');
  t.match(answer, /^HTTP\/1\.1 400 .*"host: is not a host"/s);
  t.equal(calls.length, 0);
});

test('so is what a trusted proxy says of the way here', async (t) => {
  const { url, calls } = await start(t, { trustProxy: ['loopback'] });
  for (const name of ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']) {
    t.match(await get(url, 'Host: a', `${name}: \xe8`), new RegExp(`^HTTP/1\\.1 400 .*"${name}: must be printable ASCII"`, 's'));
  }
  t.match(await get(url, 'Host: \xe8'), /^HTTP\/1\.1 400 .*"host: is not a host"/s);
  t.equal(calls.length, 0);
});

test('Content-Type twice is 400: whatever reads the other one would see another body', async (t) => {
  const { url, calls } = await start(t);
  t.match(await get(url, 'Host: a', 'Content-Type: a/b', 'Content-Type: c/d'), /^HTTP\/1\.1 400 .*"content-type: is given twice"/s);
  t.equal(calls.length, 0);
});

test('under compat: grpc-gateway a value that gRPC cannot carry is left out, with a log line; a setting has it refused', async (t) => {
  const entries: object[] = [];
  const log = pino({ base: null }, { write: (line: string) => entries.push(JSON.parse(line)) }) as Logger;
  const calls: Received[] = [];
  const GetNote = (call: Received) => {
    calls.push(call);
    return { name: 'n' };
  };
  const headers = { 'grpc-metadata-x-tenant': '\u00e4', 'x-request-id': '7' };
  const lenient = await startDesk(t, { unary: { GetNote } }, { compat: 'grpc-gateway' }, { log });
  t.equal((await send(lenient.url, 'GET', '/v1/notes/1', undefined, headers)).status, 200);
  t.strictSame(calls[0]?.metadata.get('x-tenant'), []);
  const entry = { rpc: 'desk.v1.Desk.GetNote', requestId: '7', header: 'grpc-metadata-x-tenant' };
  t.match(
    entries.filter((logged) => 'header' in logged),
    [{ ...entry, level: 30, msg: 'a header that gRPC cannot carry is left out' }],
  );

  const strict = await startDesk(t, { unary: { GetNote } }, { compat: 'grpc-gateway', metadata: { nonAscii: 'error' } });
  const refused = await send(strict.url, 'GET', '/v1/notes/1', undefined, headers);
  t.strictSame([refused.status, JSON.parse(refused.text).message], [400, 'grpc-metadata-x-tenant: must be printable ASCII']);
  t.equal(calls.length, 1);
});
