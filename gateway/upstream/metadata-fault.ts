import type { Metadata } from './call.js';

/** Names that belong to the connection or to gRPC itself (RFC 9113, 8.2.2; gRPC over HTTP/2, "Requests"). */
const RESERVED = new Set(
  (
    'connection,upgrade,http2-settings,keep-alive,proxy-connection,transfer-encoding,te,host,content-length,content-type,user-agent,' +
    'grpc-timeout,grpc-encoding,grpc-accept-encoding,grpc-message-type,grpc-status,grpc-message'
  ).split(','),
);

/** Names that mean something only once, and that some HTTP/2 libraries refuse to repeat (for node:http2 the connection would be lost). */
const SINGLE = new Set(
  (
    'authorization,proxy-authorization,date,etag,from,if-match,if-modified-since,if-none-match,if-unmodified-since,range,referer,max-forwards,' +
    'age,expires,location,retry-after,content-encoding,content-language,content-location,content-md5,content-range,dnt,tk,' +
    'upgrade-insecure-requests,x-content-type-options,access-control-allow-credentials,access-control-max-age,' +
    'access-control-request-method,last-modified'
  ).split(','),
);

const NAME = /^[0-9a-z_.-]+$/;
const ASCII = /^[\x20-\x7e]*$/;

/** Why request metadata cannot be sent; undefined: it can. */
export function metadataFault(m: Metadata): string | undefined {
  for (let i = 0; i < m.length; i++) {
    const entry = m[i];
    if (entry === undefined) continue;
    const [name, value] = entry;
    if (!NAME.test(name)) return `metadata cannot have the name ${JSON.stringify(name)}`;
    if (RESERVED.has(name)) return `metadata cannot contain ${name}`;
    if (typeof value !== 'string' ? !name.endsWith('-bin') : name.endsWith('-bin') || !ASCII.test(value)) {
      return `metadata ${name} has a value that cannot be sent`;
    }
    if (SINGLE.has(name) && m.some(([other], j) => j < i && other === name)) return `metadata cannot contain ${name} twice`;
  }
  return undefined;
}
