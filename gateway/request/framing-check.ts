import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, type ErrorFormat, type GatewayError, ownError } from '../exchange/errors.js';
import { printError } from '../exchange/print-error.js';

/** RFC 9112 section 3.2: uri-host [ ":" port ], RFC 3986 section 3.2.2; nothing where the target has no host. */
export const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|(?:[\w\-.~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(?::\d*)?$/;

/** What RFC 9110 and 9112 want refused and Node's parser lets through, or undefined. */
export function framingFault(request: IncomingMessage): GatewayError | undefined {
  const { headers, rawHeaders, httpVersionMajor, httpVersionMinor, url } = request;
  // Section 2.3: a request line without a version is older than status codes.
  if (httpVersionMajor !== 1) return ownError(505, 'The HTTP version is not supported.');
  const { host, expect, 'transfer-encoding': coding } = headers;
  // Section 3.2: exactly one Host.
  if (host === undefined && httpVersionMinor > 0) return badRequest('host', 'is missing');
  if (isRepeated('host', rawHeaders)) return badRequest('host', 'is given twice');
  if (host !== undefined && !isHost(host)) return badRequest('host', 'is not a host');
  // RFC 9110, section 8.3: of two types every reader takes the one that it likes.
  if (headers['content-type'] !== undefined && isRepeated('content-type', rawHeaders)) return badRequest('content-type', 'is given twice');
  // Section 7.1: a fragment is no part of a request target.
  if (url?.includes('#') === true) return badRequest('', 'The path has a fragment.');
  if (coding !== undefined) {
    // Section 6.1: such a message has lost its framing on its way.
    if (httpVersionMinor === 0) return badRequest('transfer-encoding', 'is not of HTTP/1.0');
    // A coding that is not undone would leave the body unreadable.
    if (coding.toLowerCase() !== 'chunked') return ownError(501, 'The only transfer coding supported is chunked.');
  }
  // RFC 9110, section 10.1.1
  if (expect !== undefined && httpVersionMinor > 0 && expect.toLowerCase() !== '100-continue')
    return ownError(417, 'The only expectation supported is 100-continue.');
  return undefined;
}

/** What was found to be one last: most requests name the same. */
let known = '';

function isHost(host: string): boolean {
  if (host === known) return true;
  if (!HOST.test(host)) return false;
  known = host;
  return true;
}

/** Whether a header, in lower case, is there more than once. */
export function isRepeated(header: string, rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name !== undefined && name.length === header.length && name.toLowerCase() === header) count += 1;
  }
  return count > 1;
}

/** Answers a request that reaches no generation, and closes its connection. */
export function refuse(response: ServerResponse, error: GatewayError, format: ErrorFormat = 'status'): void {
  const body = printError(error, format);
  response
    .writeHead(error.httpStatus, {
      ...error.headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    })
    .end(body);
}

/** Answers an error whatever was set, and closes the connection; at once where the head of another answer has left. */
export function giveUp(response: ServerResponse, error: GatewayError, format: ErrorFormat): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What could not be sent may be what would stand in the way again.
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  refuse(response, error, format);
}
