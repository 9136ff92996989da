import type { Metadata } from '../call.js';
import { fieldBound, writeField } from './hpack/encode.js';

/** A dynamic table size update to 0 (RFC 7541, 6.3). */
const NO_TABLE = 0x20;

/** The part of a request's header block that is the same for every call of a method, prepared once. */
export class RequestHead {
  /** Where the block of a call begins. The octet before it can be sent with it: it says that no header table is used (RFC 7541, 6.3). */
  static readonly START = 1;

  /** The last block written. */
  static block = Buffer.allocUnsafeSlow(16 * 1024);

  private readonly fixed: Buffer;
  private readonly fixedListSize: number;

  constructor(path: string, authority: string, tls: boolean) {
    const fields: readonly (readonly [string, string])[] = [
      [':path', path],
      [':authority', authority],
      ['te', 'trailers'],
      ['content-type', 'application/grpc'],
      ['user-agent', 'protogate'],
      ['grpc-accept-encoding', 'gzip,deflate,identity'],
    ];
    const buf = Buffer.alloc(fields.reduce((sum, [name, value]) => sum + fieldBound(name, value.length), 2));
    // Indexed: ":method: POST" and ":scheme: http" or "https" (RFC 7541, Appendix A).
    buf[0] = 0x83;
    buf[1] = tls ? 0x87 : 0x86;
    let pos = 2;
    for (const [name, value] of fields) pos = writeField(buf, pos, name, value);
    this.fixed = buf.subarray(0, pos);
    const indexed = fieldSize(':method', 'POST'.length) + fieldSize(':scheme', tls ? 5 : 4);
    this.fixedListSize = fields.reduce((sum, [name, value]) => sum + fieldSize(name, value.length), indexed);
  }

  /** What the header list of one call counts towards SETTINGS_MAX_HEADER_LIST_SIZE, octets. Parameters as for `write`. */
  listSize(left: number, metadata: Metadata): number {
    let size = this.fixedListSize;
    if (left < Number.POSITIVE_INFINITY) size += fieldSize('grpc-timeout', timeout(left).length);
    for (const [name, value] of metadata) size += fieldSize(name, typeof value === 'string' ? value.length : base64(value).length);
    return size;
  }

  /**
   * Writes the whole block of one call into `RequestHead.block` at `START`, which the next one reuses, and returns where it ends. `left`: ms to
   * the deadline, Infinity = none. Metadata must be without fault.
   */
  write(left: number, metadata: Metadata): number {
    let bound = RequestHead.START + this.fixed.length + 32;
    for (const [name, value] of metadata) bound += fieldBound(name, typeof value === 'string' ? value.length : base64Length(value.length));
    if (bound > RequestHead.block.length) RequestHead.block = Buffer.allocUnsafeSlow(2 * bound);
    const { block } = RequestHead;
    block[0] = NO_TABLE;
    block.set(this.fixed, RequestHead.START);
    let pos = RequestHead.START + this.fixed.length;
    if (left < Number.POSITIVE_INFINITY) pos = writeField(block, pos, 'grpc-timeout', timeout(left));
    for (const [name, value] of metadata) pos = writeField(block, pos, name, typeof value === 'string' ? value : base64(value));
    return pos;
  }
}

/** Of one field (RFC 9113, 6.5.2). */
function fieldSize(name: string, valueLength: number): number {
  return name.length + valueLength + 32;
}

/** At most eight digits and a unit, rounded up (gRPC over HTTP/2, "Timeout"). */
function timeout(ms: number): string {
  if (ms < 1e8) return `${Math.ceil(ms)}m`;
  return `${Math.min(Math.ceil(ms / 1000), 99_999_999)}S`;
}

function base64Length(octets: number): number {
  return Math.ceil(octets / 3) * 4;
}

/** Without padding, as gRPC wants it sent. */
function base64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64').replace(/=+$/, '');
}
