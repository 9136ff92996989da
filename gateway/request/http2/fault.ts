import { badRequest, type GatewayError, ownError } from '../../exchange/errors.js';
import { HOST, isRepeated } from '../framing-check.js';
import type { Http2Request } from './request.js';

/** What RFC 9110 and 9113 want refused and Node's reader of HTTP/2 lets through, as `framingFault` is for HTTP/1.1; or a head over its limit, bytes. */
export function http2Fault({ method, url, headers, rawHeaders, host }: Http2Request, maxHead: number): GatewayError | undefined {
  if (method === 'CONNECT') return ownError(501, 'CONNECT is not supported.');
  if (sizeOf(method, url, rawHeaders) > maxHead) return ownError(431, `The request line and headers are larger than ${maxHead} bytes.`);
  // Section 8.3.1: who looks at one of them must not be told another story.
  if (headers.host !== host) return badRequest('host', 'is not the authority of the request');
  if (isRepeated('host', rawHeaders)) return badRequest('host', 'is given twice');
  if (!HOST.test(host)) return badRequest('host', 'is not a host');
  if (headers['content-type'] !== undefined && isRepeated('content-type', rawHeaders)) return badRequest('content-type', 'is given twice');
  if (url.includes('#')) return badRequest('', 'The path has a fragment.');
  const { expect } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    return ownError(417, 'The only expectation supported is 100-continue.');
  return undefined;
}

/** As HTTP/1.1 would write it. */
function sizeOf(method: string, url: string, rawHeaders: readonly string[]): number {
  let size = method.length + url.length + 'GET / HTTP/1.1'.length;
  for (const text of rawHeaders) size += text.length + 2;
  return size;
}
