import { Metadata } from '@grpc/grpc-js';
import { test } from 'tap';
import { fromGrpcStatus } from '../../../../gateway/upstream/grpc-js/status.js';

const trailers = new Metadata();
trailers.add('x-t', 'v');

/** Texts are what grpc-js 1.14 says in each case; a change of them shows here and in the contract. */
const rows: readonly {
  what: string;
  code: number;
  details: string;
  headersSeen: boolean;
  trailers?: true;
  is: 'upstream' | 'local' | 'unprocessed';
}[] = [
  { what: 'a status in trailers', code: 5, details: 'none', headersSeen: true, is: 'upstream' },
  { what: 'a trailers-only status', code: 5, details: 'none', headersSeen: false, trailers: true, is: 'upstream' },
  { what: 'OK', code: 0, details: 'OK', headersSeen: true, is: 'upstream' },
  {
    what: "a local text with trailers: a server that quotes grpc-js's",
    code: 14,
    details: 'Connection dropped',
    headersSeen: true,
    trailers: true,
    is: 'upstream',
  },
  {
    what: 'a refused connection',
    code: 14,
    details: 'No connection established. Last error: Error: connect ECONNREFUSED 10.0.0.1:1. Resolution note: ',
    headersSeen: false,
    is: 'unprocessed',
  },
  { what: 'an unknown name', code: 14, details: 'Name resolution failed for target dns:x:1', headersSeen: false, is: 'unprocessed' },
  {
    what: 'a channel closed under a waiting call',
    code: 14,
    details: 'Channel closed before call started',
    headersSeen: false,
    is: 'unprocessed',
  },
  { what: 'a refused stream', code: 14, details: 'Stream refused by server', headersSeen: false, is: 'unprocessed' },
  { what: 'a lost connection before headers', code: 14, details: 'Connection dropped', headersSeen: false, is: 'local' },
  { what: 'a lost connection after headers', code: 14, details: 'Connection dropped', headersSeen: true, is: 'local' },
  { what: 'a reset of the socket', code: 14, details: 'read ECONNRESET', headersSeen: true, is: 'local' },
  {
    what: 'a deadline before headers',
    code: 4,
    details: 'Deadline exceeded after 0.100s,remote_addr=10.0.0.1:1',
    headersSeen: false,
    is: 'local',
  },
  {
    what: 'a deadline after headers',
    code: 4,
    details: 'Deadline exceeded after 0.100s,remote_addr=10.0.0.1:1',
    headersSeen: true,
    is: 'local',
  },
  { what: 'an answer that is too large', code: 8, details: 'Received message larger than max (5 vs 4)', headersSeen: true, is: 'local' },
  { what: 'an HTTP error page', code: 12, details: 'Received HTTP status code 404', headersSeen: true, trailers: true, is: 'local' },
  { what: 'a reset stream', code: 13, details: 'Received RST_STREAM with code 2 (Internal server error)', headersSeen: true, is: 'local' },
  { what: 'a write that failed', code: 14, details: 'Write error: write EPIPE', headersSeen: true, is: 'local' },
];

test('the origin of a status is told from what grpc-js says', async (t) => {
  for (const { what, code, details, headersSeen, is, ...row } of rows) {
    const status = fromGrpcStatus({ code, details, metadata: row.trailers ? trailers : new Metadata() }, headersSeen);
    t.match(status, { code, message: details, origin: is === 'upstream' ? 'upstream' : 'local', processed: is !== 'unprocessed' }, what);
    t.same(status.trailers, row.trailers ? [['x-t', 'v']] : [], what);
  }
});

test('what grpc-js throws out of a decompressor is INTERNAL', async (t) => {
  const thrown = Object.assign({ metadata: new Metadata() }, { code: undefined, details: undefined }) as unknown;
  t.same(fromGrpcStatus(thrown as Parameters<typeof fromGrpcStatus>[0], true), {
    code: 13,
    message: 'the reply cannot be decompressed',
    trailers: [],
    origin: 'local',
    processed: true,
  });
});
