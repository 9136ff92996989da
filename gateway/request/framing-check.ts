import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, type GatewayError, ownError } from '../exchange/errors.js';
import { printError } from '../exchange/print-error.js';

/** What RFC 9112 wants refused and Node's parser lets through, or undefined. */
export function framingFault({ headers, rawHeaders, httpVersionMinor }: IncomingMessage): GatewayError | undefined {
  // Section 3.2: exactly one Host.
  if (headers.host === undefined && httpVersionMinor > 0) return badRequest('host', 'is missing');
  if (countOfHosts(rawHeaders) > 1) return badRequest('host', 'is given twice');
  // Section 6.1: a coding that is not undone would leave the body unreadable.
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return ownError(501, 'The only transfer coding supported is chunked.');
  return undefined;
}

function countOfHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name !== undefined && name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** Answers a request that reaches no generation, and closes its connection. */
export function refuse(response: ServerResponse, error: GatewayError): void {
  const body = printError(error, 'status');
  response
    .writeHead(error.httpStatus, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), connection: 'close' })
    .end(body);
}
