import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, type GatewayError, ownError } from '../exchange/errors.js';

/** What of a request decides whether it is a handshake. */
interface Asking {
  readonly method?: string | undefined;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  readonly headers: IncomingHttpHeaders;
}

/** Whether a request that asks for an upgrade opens a WebSocket (RFC 6455 section 4.2.1). One with a body does not. */
export function asksForWebSocket({ method, httpVersionMajor, httpVersionMinor, headers }: Asking): boolean {
  if (method !== 'GET' || httpVersionMajor !== 1 || httpVersionMinor < 1) return false;
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) return false;
  return headers.upgrade?.toLowerCase() === 'websocket' && headers['sec-websocket-key'] !== undefined;
}

/** 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VERSION = '13';

/** What is wrong with such a handshake, or undefined. */
export function handshakeFault(headers: IncomingHttpHeaders): GatewayError | undefined {
  if (headers['sec-websocket-version'] !== VERSION)
    return ownError(426, 'The WebSocket version is not supported.', { headers: { 'sec-websocket-version': VERSION } });
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) return badRequest('sec-websocket-key', 'is no key');
  const protocols = protocolsOf(headers);
  if (!protocols.every((name) => TOKEN.test(name)) || new Set(protocols).size < protocols.length)
    return badRequest('sec-websocket-protocol', 'is no list of names, each of them once');
  return undefined;
}

/** The subprotocols that a handshake offers. */
export function protocolsOf(headers: IncomingHttpHeaders): readonly string[] {
  const offered = headers['sec-websocket-protocol'];
  return offered === undefined ? [] : offered.split(',').map((name) => name.trim());
}
