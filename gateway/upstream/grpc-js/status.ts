import type { StatusObject } from '@grpc/grpc-js';
import type { Status } from '../call.js';
import { localStatus } from '../local-status.js';
import { fromGrpc } from './metadata.js';

/**
 * Whether grpc-js made a status itself. It does not say so, hence these rules, in this order (subchannel-call.ts, retrying-call.ts of 1.14):
 *
 * 1. "Received HTTP status code": the server answered, but not as a gRPC server.
 * 2. A status with metadata was read from trailers: local ones have none.
 * 3. Before initial metadata a status without any metadata is local: trailers-only answers carry at least `content-type`.
 * 4. After initial metadata the texts below are local; a server that sends the very same text with the same code has its text hidden, nothing else.
 */
function isLocal(s: StatusObject, headersSeen: boolean, empty: boolean): boolean {
  if (/^Received HTTP status code \d+$/.test(s.details)) return true;
  if (!empty) return false;
  return !headersSeen || LOCAL_TEXTS.test(s.details);
}

const LOCAL_TEXTS = new RegExp(
  `^(?:${[
    'Connection dropped$',
    'Stream refused by server$',
    'Call cancelled$',
    'Bandwidth exhausted or memory limit exceeded$',
    'Protocol not secure enough$',
    'Received RST_STREAM with code ',
    'Received message larger than max ',
    'Received message that decompresses to a size larger than ',
    'Failed to decompress ',
    'Received compressed message but "grpc-encoding" header was identity',
    'No status information received$',
    'Deadline exceeded after ',
    'Write (?:error: |failed with error )',
    '(?:read|write) E[A-Z]+$',
    'Channel closed before call started$',
    'No connection established',
  ].join('|')})`,
);

/** Local ends that come before the request left, or of which the server said that it did not look at it (RFC 9113, 8.7). */
const UNPROCESSED = /^(?:No connection established|Name resolution failed|Channel closed before call started$|Stream refused by server$)/;

/** What grpc-js says at the end of a call, in the terms of the vocabulary. `headersSeen`: initial metadata came before. */
export function fromGrpcStatus(s: StatusObject, headersSeen: boolean): Status {
  // grpc-js hands on what a decompressor threw: not always a status.
  if (typeof s.code !== 'number' || typeof s.details !== 'string') return localStatus(13, 'the reply cannot be decompressed', true);
  const details = s.metadata.get('grpc-status-details-bin')[0];
  const trailers = fromGrpc(s.metadata);
  const local = isLocal(s, headersSeen, Object.keys(s.metadata.toJSON()).length === 0);
  return {
    // Codes that the server invented are UNKNOWN (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).
    code: Number.isInteger(s.code) && s.code >= 0 && s.code <= 16 ? s.code : 2,
    message: s.details,
    ...(details instanceof Uint8Array ? { details } : {}),
    trailers,
    origin: local ? 'local' : 'upstream',
    processed: !(local && UNPROCESSED.test(s.details)),
  };
}
