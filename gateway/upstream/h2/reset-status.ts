import type { Status } from '../call.js';
import { localStatus } from '../local-status.js';
import { ErrorCode } from './protocol.js';

/** gRPC codes of a stream that the server reset (gRPC over HTTP/2, "HTTP2 Transport Mapping"); others are INTERNAL. */
const CODES: ReadonlyMap<number, number> = new Map<number, number>([
  [ErrorCode.REFUSED_STREAM, 14],
  [ErrorCode.CANCEL, 1],
  [ErrorCode.ENHANCE_YOUR_CALM, 8],
  [ErrorCode.INADEQUATE_SECURITY, 7],
]);

/** The end of a call by RST_STREAM. Only a refused stream was certainly not processed (RFC 9113, 8.7). */
export function resetStatus(code: number): Status {
  return localStatus(CODES.get(code) ?? 13, `the server reset the stream with code ${code}`, code !== ErrorCode.REFUSED_STREAM);
}
