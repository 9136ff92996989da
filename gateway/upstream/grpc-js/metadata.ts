import { Metadata as GrpcMetadata } from '@grpc/grpc-js';
import type { Metadata } from '../call.js';

/** Names that an HTTP/2 connection refuses (RFC 9113, 8.2.2). node:http2 throws on them, whereupon grpc-js drops the whole connection. */
const CONNECTION = new Set('connection,upgrade,http2-settings,keep-alive,proxy-connection,transfer-encoding,te,host'.split(','));

/** Names that node:http2 throws on when they are repeated; the same consequence. */
const SINGLE = new Set(
  (
    'authorization,proxy-authorization,user-agent,content-type,content-length,date,etag,from,if-match,if-modified-since,if-none-match,' +
    'if-unmodified-since,range,referer,max-forwards,age,expires,location,retry-after,content-encoding,content-language,content-location,' +
    'content-md5,content-range,dnt,tk,upgrade-insecure-requests,x-content-type-options,access-control-allow-credentials,' +
    'access-control-max-age,access-control-request-method,last-modified'
  ).split(','),
);

/** Names of the protocol itself, which are no metadata to a caller. */
const PROTOCOL = new Set([
  'content-type',
  'grpc-status',
  'grpc-message',
  'grpc-status-details-bin',
  'grpc-encoding',
  'grpc-accept-encoding',
]);

/** Throws an Error naming the entry that cannot be sent. */
export function toGrpc(m: Metadata): GrpcMetadata {
  const out = new GrpcMetadata();
  for (const [name, value] of m) {
    if (CONNECTION.has(name) || name.startsWith(':')) throw new Error(`metadata cannot contain ${name}`);
    if (SINGLE.has(name) && out.get(name).length > 0) throw new Error(`metadata cannot contain ${name} twice`);
    out.add(name, typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  }
  return out;
}

export function fromGrpc(m: GrpcMetadata): Metadata {
  const out: [string, string | Uint8Array][] = [];
  const values = m.toJSON();
  for (const name in values) {
    if (PROTOCOL.has(name)) continue;
    for (const value of values[name] ?? []) out.push([name, value]);
  }
  return out;
}
