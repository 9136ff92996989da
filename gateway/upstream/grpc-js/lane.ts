import type { Lane } from '../call.js';
import { GrpcJsTransport } from './transport.js';

/**
 * The lane on @grpc/grpc-js.
 *
 * What it cannot do, because grpc-js does not:
 * - metadata keeps the order of values of one name, not the order of different names; repeated ASCII values arrive as one, joined with `, `;
 * - of the messages that arrived and were not pulled, those beyond the first 64 KiB are dropped when a stream ends with an error status;
 * - percent-encoded reserved characters (`%23`) in a status message stay encoded.
 */
export const grpcJsLane: Lane = {
  name: 'grpc-js',
  open: (endpoint, options) => new GrpcJsTransport(endpoint, options),
};
