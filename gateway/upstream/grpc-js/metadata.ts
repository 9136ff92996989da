import { Metadata as GrpcMetadata } from '@grpc/grpc-js';
import type { Metadata } from '../call.js';

/** Names of the protocol itself, which are no metadata to a caller. */
const PROTOCOL = new Set([
  'content-type',
  'grpc-status',
  'grpc-message',
  'grpc-status-details-bin',
  'grpc-encoding',
  'grpc-accept-encoding',
]);

/** Of metadata without fault. */
export function toGrpc(m: Metadata): GrpcMetadata {
  const out = new GrpcMetadata();
  for (const [name, value] of m) {
    out.add(name, typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  }
  return out;
}

/** What a server said, without the fields of the protocol. */
export function fromGrpc(m: GrpcMetadata): Metadata {
  const out: [string, string | Uint8Array][] = [];
  const values = m.toJSON();
  for (const name in values) {
    if (PROTOCOL.has(name)) continue;
    for (const value of values[name] ?? []) out.push([name, value]);
  }
  return out;
}
