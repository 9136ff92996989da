import { test } from 'tap';
import { startGateway } from '../../gateway/index.js';
import { h2Lane } from '../../gateway/upstream/h2/lane.js';
import { Frame } from '../../gateway/upstream/h2/protocol.js';
import { deskConfig } from '../gateway/desk.js';
import { open, unary, within } from '../gateway/upstream/contract/suite.js';
import { fine, frame, HEAD, headers, peer } from '../gateway/upstream/h2/peer.js';
import { send } from '../support/http.js';

type Fields = readonly (readonly [string, string])[];

const OK: Fields = [['grpc-status', '0']];

/** The headers and trailers of an answer in which the field is there twice. `reset`: the call is given up before its end. */
const answers: readonly { readonly field: string; readonly head: Fields; readonly trailers: Fields; readonly reset?: true }[] = [
  { field: 'grpc-status', head: HEAD, trailers: [['grpc-status', '13'], ...OK] },
  { field: 'grpc-status', head: HEAD, trailers: [...OK, ...OK] },
  { field: 'grpc-status', head: HEAD, trailers: [...OK, ['grpc-status', '5']] },
  {
    field: 'grpc-message',
    head: HEAD,
    trailers: [
      ['grpc-status', '5'],
      ['grpc-message', ''],
      ['grpc-message', 'b'],
    ],
  },
  { field: 'grpc-message', head: HEAD, trailers: [...OK, ['grpc-message', 'a'], ['grpc-message', 'b']] },
  {
    field: 'grpc-status-details-bin',
    head: HEAD,
    trailers: [
      ['grpc-status', '5'],
      ['grpc-status-details-bin', 'CAU'],
      ['grpc-status-details-bin', 'CAU'],
    ],
  },
  {
    field: 'grpc-status-details-bin',
    head: HEAD,
    trailers: [
      ['grpc-status', '5'],
      ['grpc-status-details-bin', 'CAU,CAU'],
    ],
  },
  { field: 'content-type', head: [...HEAD, ['content-type', 'text/html']], trailers: OK, reset: true },
  { field: 'content-type', head: [[':status', '200'], ['content-type', 'text/html'], ...HEAD.slice(1)], trailers: OK, reset: true },
  { field: 'grpc-encoding', head: [...HEAD, ['grpc-encoding', 'gzip'], ['grpc-encoding', 'identity']], trailers: OK, reset: true },
];

const answerWith = (head: Fields, trailers: Fields): Buffer =>
  Buffer.concat([headers(1, head), frame(Frame.DATA, 0, 1, '\0\0\0\0\x04fine'), headers(1, trailers, true)]);

for (const { field, head, trailers, reset } of answers) {
  const values = [...head, ...trailers].filter(([name]) => name === field).map(([, value]) => value);
  test(`${field} of ${values.join(' and ')} is an error, and the connection serves on`, async (t) => {
    const server = await peer(t, (p, stream) => p.send(stream === 1 ? answerWith(head, trailers) : fine(stream)));
    const transport = open(t, h2Lane, server.address);
    const status = await unary(transport, '', within(10_000)).ended;
    t.strictSame(status, { code: 2, message: `the server sent ${field} twice`, trailers: [], origin: 'local', processed: true });
    t.equal((await unary(transport, '', within(10_000)).ended).code, 0);
    t.equal(server.peers.length, 1);
    t.strictSame(
      server.peers[0]?.seen.filter((line) => line.startsWith('RST')),
      reset ? ['RST_STREAM 1 8'] : [],
    );
  });
}

test('a trailers-only answer with a status twice is an error', async (t) => {
  const server = await peer(t, (p, stream) => p.send(headers(stream, [...HEAD, ...OK, ...OK], true)));
  t.match(await unary(open(t, h2Lane, server.address), '', within(10_000)).ended, { code: 2, origin: 'local' });
});

test('an error page of another server is told by its HTTP status, whatever is there twice', async (t) => {
  const page: Fields = [
    [':status', '502'],
    ['content-type', 'text/html'],
    ['content-type', 'text/html'],
  ];
  const server = await peer(t, (p, stream) => p.send(headers(stream, page)));
  t.match(await unary(open(t, h2Lane, server.address), '', within(10_000)).ended, { code: 14, origin: 'local' });
});

for (const lane of ['h2', 'grpc-js'] as const) {
  test(`${lane}: a client is answered 500 where the upstream says twice how the call went`, async (t) => {
    const server = await peer(t, (p, stream) =>
      p.send(headers(stream, HEAD), frame(Frame.DATA, 0, stream, '\0\0\0\0\0'), headers(stream, [['grpc-status', '13'], ...OK], true)),
    );
    const { address } = server;
    const running = await startGateway(deskConfig(address, { upstreams: { default: { target: address, lane } } }));
    t.teardown(() => running.close({ graceMs: 0, drainDelayMs: 0 }));
    t.equal((await send(running.url, 'GET', '/v1/notes/1')).status, 500);
  });
}
