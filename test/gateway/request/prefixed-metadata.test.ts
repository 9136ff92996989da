import { status } from '@grpc/grpc-js';
import { type Test, test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import { Failure, metadataOf, type Received } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { startDesk } from '../desk.js';

/** A server that says something before and after each answer, and what it received. */
async function start(t: Test, metadata: NonNullable<ConfigInput['metadata']>) {
  const received: Received[] = [];
  const GetNote = (call: Received) => {
    received.push(call);
    call.sendHeaders({ 'x-head': 'h', etag: 'e' });
    if (call.request.name === 'notes/none') throw new Failure(status.NOT_FOUND, 'none', metadataOf({ 'x-why': 'gone' }));
    call.trailers.add('x-tail', 'one');
    call.trailers.add('x-tail', 'two');
    call.trailers.set('x-raw-bin', Buffer.from([255]));
    return { name: 'notes/1' };
  };
  const StreamNotes = async (_: Received, out: { write(message: object): boolean }) => void out.write({ name: 'n' });
  const desk = await startDesk(t, { unary: { GetNote }, stream: { StreamNotes } }, { metadata });
  const said = (name: string) => received.at(-1)?.metadata.get(name);
  return { ...desk, said };
}

const wants = { te: 'trailers' };

test('metadata.forwardPrefixed: a client sets metadata by Grpc-Metadata headers', async (t) => {
  const { url, said } = await start(t, { forwardPrefixed: true });
  await send(url, 'GET', '/v1/notes/1', undefined, { 'Grpc-Metadata-X-Tenant': 'a', 'grpc-metadata-key-bin': 'AAE=', 'x-other': 'b' });
  t.strictSame([said('x-tenant'), said('key-bin'), said('x-other')], [['a'], [Buffer.from([0, 1])], []]);
  const refused = await send(url, 'GET', '/v1/notes/1', undefined, { 'grpc-metadata-key-bin': '###' });
  t.equal(refused.status, 400);
  t.match(refused.text, '"grpc-metadata-key-bin: must be base64"');
});

test('metadata.forwardPermanent: well-known headers reach the server under grpcgateway-', async (t) => {
  const { url, said } = await start(t, { forwardPermanent: true });
  await send(url, 'GET', '/v1/notes/1', undefined, { cookie: 'a=b', authorization: 'Bearer x', 'x-other': 'b' });
  t.strictSame(['grpcgateway-cookie', 'grpcgateway-authorization', 'authorization', 'cookie', 'grpcgateway-x-other'].map(said), [
    ['a=b'],
    ['Bearer x'],
    ['Bearer x'],
    [],
    [],
  ]);
});

test('metadata.replyPrefixed: initial metadata that is not on the list leaves as Grpc-Metadata headers, on errors too', async (t) => {
  const { url } = await start(t, { replyPrefixed: true, reply: ['etag'] });
  for (const path of ['/v1/notes/1', '/v1/notes/none']) {
    const { headers, trailers } = await send(url, 'GET', path, undefined, wants);
    t.strictSame([headers.etag, headers['grpc-metadata-etag'], headers['grpc-metadata-x-head']], ['e', undefined, 'h'], path);
    t.strictSame(
      Object.keys(headers).filter((name) => name.endsWith('x-tail')),
      [],
    );
    t.strictSame(trailers, {});
  }
});

test('metadata.trailers: trailing metadata of unary calls is sent to those who take trailers', async (t) => {
  const { url } = await start(t, { trailers: true });
  const found = await send(url, 'GET', '/v1/notes/1', undefined, wants);
  t.strictSame(found.trailers, { 'grpc-trailer-x-tail': 'one, two', 'grpc-trailer-x-raw-bin': '/w==' });
  t.strictSame([found.headers.trailer, found.headers['transfer-encoding']], ['grpc-trailer-x-tail, grpc-trailer-x-raw-bin', 'chunked']);
  t.match(JSON.parse(found.text), { name: 'notes/1' });

  const missing = await send(url, 'GET', '/v1/notes/none', undefined, { te: 'gzip, Trailers' });
  t.strictSame([missing.status, missing.trailers], [404, { 'grpc-trailer-x-why': 'gone' }]);

  for (const te of [{}, { te: 'gzip' }]) {
    const plain = await send(url, 'GET', '/v1/notes/1', undefined, te);
    t.strictSame([plain.headers.trailer, plain.headers['transfer-encoding'], plain.trailers], [undefined, undefined, {}]);
  }
});

test('answers that have no body, and streams, have no trailers', async (t) => {
  const { url } = await start(t, { trailers: true });
  for (const [method, path] of [
    ['HEAD', '/v1/notes/1'],
    ['GET', '/v1/notes:stream'],
  ] as const) {
    const answer = await send(url, method, path, undefined, wants);
    t.strictSame([answer.status, answer.headers.trailer, answer.trailers], [200, undefined, {}], `${method} ${path}`);
  }
});
