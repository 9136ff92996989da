const named = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Of one connection and of the framing on it: RFC 9110 sections 7.2 and 7.6.1, RFC 9113 section 8.2.2. */
const ofConnection = named('connection host http2-settings keep-alive proxy-connection te trailer transfer-encoding upgrade');

/** What every call says itself (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Requests" and "Responses"). */
const ofCall = named(
  'content-length content-type user-agent grpc-timeout grpc-encoding grpc-accept-encoding grpc-message-type grpc-status grpc-message',
);

/** Between one client and one proxy (RFC 9110 section 11.7), and a dead relative of `set-cookie`. */
const ofHop = named('proxy-authenticate proxy-authorization set-cookie2');

/** How an answer is written, which is decided here. */
const ofBody = named('content-type content-length content-encoding content-transfer-encoding');

/** About the content of one answer, and of no other in its place (RFC 9110 section 8, RFC 6266, RFC 9530). */
const ofContent = named('content-digest content-disposition content-language content-location content-md5 content-range repr-digest');

/**
 * Names that mean something only once. Repeated, a reader may take either; node:http2 throws on those that it knows, and grpc-js then drops the whole
 * connection.
 */
const singular = named(
  'access-control-allow-credentials access-control-max-age access-control-request-method age authorization content-disposition ' +
    'content-encoding content-language content-length content-location content-md5 content-range content-type date dnt etag expires from ' +
    'host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards proxy-authorization ' +
    'range referer retry-after tk upgrade-insecure-requests user-agent x-content-type-options',
);

/** Names that nobody can give to what goes one way. */
interface Reserved {
  readonly names: ReadonlySet<string>;
  readonly beginnings: readonly string[];
}

const ways: Readonly<Record<Way, Reserved>> = {
  /** From a client to the upstream. */
  request: { names: new Set([...ofConnection, ...ofCall, ...ofHop]), beginnings: ['grpc-', 'content-', 'x-forwarded-'] },
  /** From the upstream to a client. */
  reply: { names: new Set([...ofConnection, ...ofHop, ...ofBody]), beginnings: ['grpc-', 'x-forwarded-'] },
};

/** Which way a header goes that becomes metadata, or the other way round. */
export type Way = 'request' | 'reply';

/** Names that gRPC allows, in lower case (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Header-Name"). */
export function isMetadataName(name: string): boolean {
  return /^[0-9a-z_.-]+$/.test(name);
}

/** Whether a name, in lower case, belongs to a connection, to gRPC or to the gateway, so that nothing under it passes that way. */
export function isReserved(name: string, way: Way): boolean {
  const { names, beginnings } = ways[way];
  return names.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
}

/** Whether nothing can pass that way under what a setting says: a name in lower case, or the beginning of some with `*` after it. */
export function neverPasses(setting: string, way: Way): boolean {
  if (!setting.endsWith('*')) return isReserved(setting, way);
  return ways[way].beginnings.some((beginning) => setting.slice(0, -1).startsWith(beginning));
}

/** Whether a call's metadata cannot have the name because the connection or the call itself says it. */
export function isOfCall(name: string): boolean {
  return ofConnection.has(name) || ofCall.has(name);
}

/** Whether a name, in lower case, may be given only once. */
export function isSingular(name: string): boolean {
  return singular.has(name);
}

/** Whether a header of a reply, in lower case, speaks of its content, so that an error has none such. */
export function isOfContent(name: string): boolean {
  return ofContent.has(name);
}
