import type { Metadata } from '../upstream/call.js';
import { Refusal } from './refusal.js';

/** Request headers that always go to the upstream. */
const alwaysForwarded = ['authorization', 'traceparent', 'tracestate', 'accept-language', 'x-request-id'];

/** What the request says of its way here, to be believed: made from the connection, or from `x-forwarded-*` of a trusted proxy. */
export interface Forwarded {
  /** Addresses from the client to the last hop, `, ` between them. */
  readonly for: string;
  readonly host: string;
  readonly proto: string;
}

/** Makes gRPC metadata of raw headers (name, value, name, value...). Throws {@link Refusal} naming the header. */
export type MetadataReader = (rawHeaders: readonly string[], forwarded: Forwarded) => Metadata;

/**
 * Compiles the allow-list of request headers.
 *
 * @param names further names in lower case; a `*` at the end stands for any ending. Hop-by-hop, `grpc-*`, `te`, `content-*`, `host` and
 *   `x-forwarded-*` headers are never taken over, whatever the list says.
 */
export function compileMetadata(names: readonly string[]): MetadataReader {
  const allowed = compileAllowList([...alwaysForwarded, ...names]);
  return function readMetadata(rawHeaders, forwarded) {
    const metadata: [string, string | Uint8Array][] = [];
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const name = (rawHeaders[i] ?? '').toLowerCase();
      if (allowed(name) && !isReserved(name)) metadata.push([name, metadataValue(name, rawHeaders[i + 1] ?? '')]);
    }
    metadata.push(['x-forwarded-for', forwarded.for], ['x-forwarded-host', forwarded.host], ['x-forwarded-proto', forwarded.proto]);
    return metadata;
  };
}

/** Makes response headers of metadata; `-bin` values in base64, repeated names as several values. */
export type ReplyHeaders = (metadata: Metadata, set: (name: string, value: string | string[]) => void) => void;

/** Compiles the allow-list of response metadata. Names in lower case, `*` at the end as above. */
export function compileReplyHeaders(names: readonly string[]): ReplyHeaders {
  if (names.length === 0) return () => {};
  const allowed = compileAllowList(names);
  return function writeHeaders(metadata, set) {
    const values = new Map<string, string[]>();
    for (const [name, value] of metadata) {
      if (!allowed(name) || isReserved(name)) continue;
      const text = typeof value === 'string' ? value : Buffer.from(value).toString('base64');
      values.set(name, [...(values.get(name) ?? []), text]);
    }
    for (const [name, texts] of values) set(name, texts.length === 1 ? (texts[0] ?? '') : texts);
  };
}

function compileAllowList(names: readonly string[]): (name: string) => boolean {
  const exact = new Set(names.filter((n) => !n.endsWith('*')));
  const prefixes = names.filter((n) => n.endsWith('*')).map((n) => n.slice(0, -1));
  if (prefixes.length === 0) return (name) => exact.has(name);
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** RFC 9110 section 7.6.1 and what gRPC and HTTP framing own. */
const reserved = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'set-cookie2',
]);

/** Names that gRPC allows, https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md "Header-Name". */
const legalName = /^[0-9a-z_.-]+$/;

function isReserved(name: string): boolean {
  return (
    !legalName.test(name) ||
    reserved.has(name) ||
    name.startsWith('grpc-') ||
    name.startsWith('content-') ||
    name.startsWith('x-forwarded-')
  );
}

const printable = /^[\x20-\x7e]*$/;
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function metadataValue(name: string, value: string): string | Uint8Array {
  if (!name.endsWith('-bin')) {
    if (!printable.test(value)) throw new Refusal('header', name, 'must be printable ASCII');
    return value;
  }
  if (!base64.test(value) || value.replace(/=+$/, '').length % 4 === 1) throw new Refusal('header', name, 'must be base64');
  return Buffer.from(value, 'base64');
}
