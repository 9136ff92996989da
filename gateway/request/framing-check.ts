import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, type GatewayError, ownError } from '../exchange/errors.js';
import { printError } from '../exchange/print-error.js';

/** What RFC 9110 and 9112 want refused and Node's parser lets through, or undefined. */
export function framingFault({ headers, rawHeaders, httpVersionMinor }: IncomingMessage): GatewayError | undefined {
  // RFC 9112 section 3.2: exactly one Host.
  if (headers.host === undefined && httpVersionMinor > 0) return badRequest('host', 'is missing');
  if (isRepeated('host', rawHeaders)) return badRequest('host', 'is given twice');
  // RFC 9110 section 8.3: of two types every reader takes the one that it likes.
  if (headers['content-type'] !== undefined && isRepeated('content-type', rawHeaders)) return badRequest('content-type', 'is given twice');
  // RFC 9112 section 6.1: a coding that is not undone would leave the body unreadable.
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return ownError(501, 'The only transfer coding supported is chunked.');
  return undefined;
}

function isRepeated(header: string, rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name !== undefined && name.length === header.length && name.toLowerCase() === header) count += 1;
  }
  return count > 1;
}

/** Answers a request that reaches no generation, and closes its connection. */
export function refuse(response: ServerResponse, error: GatewayError): void {
  const body = printError(error, 'status');
  response
    .writeHead(error.httpStatus, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), connection: 'close' })
    .end(body);
}
