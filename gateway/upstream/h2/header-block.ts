import type { Metadata, Status } from '../call.js';
import { localStatus } from '../local-status.js';
import { percentDecode } from './percent.js';

/** What this side announces as SETTINGS_MAX_HEADER_LIST_SIZE and holds the server to (RFC 9113, 6.5.2). */
export const MAX_HEADER_LIST = 64 * 1024;

/** Names that no HTTP/2 message may carry (RFC 9113, 8.2.2). */
const CONNECTION = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** A header block of a server, read once: many answers of a connection share the very same one. */
export class HeaderBlock {
  /** `:status`, 0 = none. */
  httpStatus = 0;
  contentType: string | undefined;
  /** `grpc-encoding`, lower case. */
  encoding: string | undefined;
  /** Why the block is malformed (RFC 9113, 8.1.1); undefined: it is not. */
  fault: string | undefined;
  /** A field of the gRPC protocol that is here twice: of two values every reader takes the one that it likes. */
  repeated: string | undefined;

  private readonly fields: string[] = [];
  private size = 0;
  private grpcStatus: string | undefined;
  private grpcMessage: string | undefined;
  private details: string | undefined;
  private readMetadata: Metadata | undefined;
  private readStatus: Status | undefined;

  /** Takes one field, in order; the value holds one octet a character. */
  add(name: string, value: string): void {
    // RFC 9113, 6.5.2: the size of a field is that of name and value and 32.
    this.size += name.length + value.length + 32;
    if (this.size > MAX_HEADER_LIST) this.fault ??= `header list over ${MAX_HEADER_LIST} octets`;
    else if (name.startsWith(':')) this.pseudo(name, value);
    else this.regular(name, value);
  }

  /** Headers and trailers that are no part of the protocol. Values under `-bin` are raw bytes. */
  get metadata(): Metadata {
    if (this.readMetadata !== undefined) return this.readMetadata;
    const out: (readonly [string, string | Uint8Array])[] = [];
    for (let i = 0; i < this.fields.length; i += 2) {
      const name = this.fields[i] ?? '';
      const value = this.fields[i + 1] ?? '';
      if (!name.endsWith('-bin')) {
        if (ASCII.test(value)) out.push([name, value]);
        continue;
      }
      // Repeated values may come joined by commas, with or without padding.
      for (const one of value.split(',')) out.push([name, Buffer.from(one.trim(), 'base64')]);
    }
    this.readMetadata = out;
    return out;
  }

  get isGrpc(): boolean {
    return this.contentType !== undefined && GRPC.test(this.contentType);
  }

  /** Is followed by the real headers (RFC 9113, 8.1). */
  get informational(): boolean {
    return this.httpStatus >= 100 && this.httpStatus < 200;
  }

  /** There is a `grpc-status`. */
  get hasStatus(): boolean {
    return this.grpcStatus !== undefined;
  }

  /** The end that these trailers tell. */
  get status(): Status {
    this.readStatus ??= {
      code: statusCode(this.grpcStatus ?? ''),
      message: percentDecode(this.grpcMessage ?? ''),
      ...(this.details === undefined ? {} : { details: Buffer.from(this.details, 'base64') }),
      trailers: this.metadata,
      origin: 'upstream',
      processed: true,
    };
    return this.readStatus;
  }

  private once(name: string, before: string | undefined): void {
    if (before !== undefined) this.repeated ??= name;
  }

  private pseudo(name: string, value: string): void {
    // RFC 9113, 8.3: one :status, before the regular fields.
    if (name !== ':status' || this.httpStatus !== 0 || this.fields.length > 0) this.fault ??= `misplaced ${name}`;
    else if (!/^[1-9][0-9][0-9]$/.test(value)) this.fault ??= 'malformed :status';
    else this.httpStatus = Number(value);
  }

  private regular(name: string, value: string): void {
    switch (name) {
      case 'grpc-status':
        this.once(name, this.grpcStatus);
        this.grpcStatus = value;
        return;
      case 'grpc-message':
        this.once(name, this.grpcMessage);
        this.grpcMessage = value;
        return;
      case 'grpc-status-details-bin':
        // Repeated values of such names may come joined.
        this.once(name, value.includes(',') ? value : this.details);
        this.details = value;
        return;
      case 'content-type':
        this.once(name, this.contentType);
        this.contentType = value;
        return;
      case 'grpc-encoding':
        this.once(name, this.encoding);
        this.encoding = value.toLowerCase();
        return;
      case 'grpc-accept-encoding':
        return;
      default:
        if (!NAME.test(name) || CONNECTION.has(name)) this.fault ??= 'malformed field name';
        this.fields.push(name, value);
    }
  }
}

/** A token without capitals (RFC 9113, 8.2.1). */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Without or with a format; not `application/grpc-web`. */
const GRPC = /^application\/grpc(?:[+; ]|$)/i;
const ASCII = /^[\x20-\x7e]*$/;

/** Anything but a known code is UNKNOWN. */
function statusCode(text: string): number {
  return /^(?:[0-9]|1[0-6])$/.test(text) ? Number(text) : 2;
}

/** gRPC codes of HTTP statuses (gRPC over HTTP/2, "HTTP to gRPC Status Code Mapping"). */
const HTTP_CODES: ReadonlyMap<number, number> = new Map([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);

/** The end of a call that something else than a gRPC server answered. */
export function httpStatus(status: number): Status {
  return localStatus(HTTP_CODES.get(status) ?? 2, `the server answered with HTTP status ${status}`, true);
}
