import { status } from '@grpc/grpc-js';
import { test } from 'tap';
import { Frame } from '../../gateway/upstream/h2/protocol.js';
import { startDesk } from '../gateway/desk.js';
import { frame, headers as frames, HEAD, peer } from '../gateway/upstream/h2/peer.js';
import { Failure, type Received } from '../support/backend.js';
import { send } from '../support/http.js';

const said = {
  'content-disposition': 'attachment; filename="n.json"',
  'content-language': 'de',
  'content-range': 'items 0-1/9',
  'content-security-policy': "default-src 'none'",
  'content-encoding': 'br',
  'content-length': '7',
  etag: '"1"',
};

async function start(t: Parameters<typeof startDesk>[0], config: Parameters<typeof startDesk>[2]) {
  const GetNote = (call: Received) => {
    call.sendHeaders({ ...said, 'x-http-code': '206' });
    if (call.request.name === 'notes/none') throw new Failure(status.NOT_FOUND, 'none');
    return { name: 'n' };
  };
  const StreamNotes = async (call: Received, out: { write(m: object): boolean }) => {
    call.sendHeaders(said);
    if (call.request.fault !== undefined) throw new Failure(status.NOT_FOUND, 'none');
    out.write({ name: 'n' });
  };
  return startDesk(t, { unary: { GetNote }, stream: { StreamNotes } }, config);
}

const named = ['content-disposition', 'content-language', 'content-range', 'content-security-policy', 'etag'] as const;
const pick = (headers: NodeJS.Dict<string | string[]>, prefix = '') => named.map((name) => headers[prefix + name]);
const values = named.map((name) => said[name]);

for (const reply of [named, ['content-*', 'etag']]) {
  test(`metadata.reply lets content headers out that are not of the gateway: ${reply}`, async (t) => {
    const { url } = await start(t, { metadata: { reply: [...reply] } });
    const note = await send(url, 'GET', '/v1/notes/1');
    t.strictSame([note.status, pick(note.headers)], [206, values]);
    t.strictSame([note.headers['content-type'], note.headers['content-encoding']], ['application/json', undefined]);
    t.equal(note.headers['content-length'], String(note.bytes.length));

    const stream = await send(url, 'GET', '/v1/notes:stream');
    t.strictSame([stream.status, pick(stream.headers)], [200, values]);
    t.strictSame([stream.headers['content-type'], stream.headers['content-encoding']], ['application/x-ndjson', undefined]);
    t.equal(stream.headers['content-length'], undefined);
  });
}

test('an error has nothing that was said of the content in whose place it stands', async (t) => {
  const { url } = await start(t, { metadata: { reply: ['content-*', 'etag'] } });
  for (const path of ['/v1/notes/none', '/v1/notes:stream?fault=x']) {
    const { status, headers } = await send(url, 'GET', path);
    t.strictSame([status, pick(headers)], [404, [undefined, undefined, undefined, said['content-security-policy'], said.etag]], path);
  }
});

test('under compat: grpc-gateway they leave with its prefix', async (t) => {
  const { url } = await start(t, { compat: 'grpc-gateway' });
  for (const path of ['/v1/notes/1', '/v1/notes:stream']) {
    const { headers } = await send(url, 'GET', path);
    t.strictSame(pick(headers, 'grpc-metadata-'), values, path);
    t.strictSame(
      pick(headers),
      named.map(() => undefined),
      path,
    );
    t.equal(headers['grpc-metadata-content-length'], undefined, path);
    t.equal(headers['grpc-metadata-content-encoding'], undefined, path);
  }
});

test('of a header that may come once and that the server says twice, the last one counts', async (t) => {
  const said = ['location', 'x-a'].flatMap((name) => ['/1', '/2'].map((value) => [name, value] as const));
  const server = await peer(t, (p, stream) =>
    p.send(frames(stream, [...HEAD, ...said]), frame(Frame.DATA, 0, stream, '\0\0\0\0\0'), frames(stream, [['grpc-status', '0']], true)),
  );
  const { url } = await startDesk(
    t,
    {},
    { upstreams: { default: { target: server.address } }, metadata: { reply: ['location', 'x-a'], replyPrefixed: true } },
  );
  const { headers } = await send(url, 'GET', '/v1/notes/1');
  t.strictSame([headers.location, headers['x-a']], ['/2', '/1, /2']);
});
