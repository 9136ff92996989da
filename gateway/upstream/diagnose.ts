import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { LaneTls } from './call.js';
import { PREFACE } from './h2/protocol.js';
import type { Target } from './target.js';
import { hostOf, tlsOptions } from './tls.js';

/** An empty SETTINGS frame (RFC 9113, 6.5). */
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/** What to do about a server that is none of gRPC. */
const OTHER = 'is it a gRPC server, and is the port the right one?';

/** How a connection that was tried ended: what the server said first, or the code of the error. */
type Outcome = { readonly kind: 'answer'; readonly bytes: Buffer } | { readonly kind: 'error'; readonly code: string };

/**
 * Finds out why a server cannot be called: connects aside, once as configured and, for plaintext, once with TLS. Words for an operator, such as
 * `nothing listens there`; undefined if the server answers as one that can be called does.
 */
export async function diagnose(target: Target, tls: LaneTls, timeoutMs: number): Promise<string | undefined> {
  const outcome = await attempt(target, target.tls ? tlsOptions(tls, hostOf(target.address)) : undefined, timeoutMs);
  const unreachable = outcome.kind === 'error' ? unreachableBy(outcome.code, target.address) : undefined;
  if (unreachable !== undefined) return unreachable;
  if (isHttp2(outcome)) return undefined;
  if (target.tls && outcome.kind === 'error' && outcome.code !== 'SILENT') return tlsFault(outcome.code, target.address);
  if (!target.tls) {
    const secured = await attempt(target, { ...tlsOptions(tls, hostOf(target.address)), rejectUnauthorized: false }, timeoutMs);
    const speaksTls = secured.kind === 'answer' || secured.code.includes('_ALERT_');
    if (speaksTls) return `it speaks TLS, and the target is plaintext: write grpcs://${target.address}`;
  }
  if (outcome.kind === 'answer') return foreign(outcome.bytes);
  return `it takes the connection but ${outcome.code === 'SILENT' ? 'says nothing' : 'closes it'}: ${OTHER}`;
}

/** A server's first frame is its SETTINGS (RFC 9113, 3.4). */
function isHttp2(outcome: Outcome): boolean {
  return outcome.kind === 'answer' && outcome.bytes[3] === SETTINGS[3];
}

/** Connects, begins HTTP/2 and waits for the first bytes, all that within `timeoutMs`. */
function attempt({ address }: Target, tls: ConnectionOptions | undefined, timeoutMs: number): Promise<Outcome> {
  const to = { host: hostOf(address), port: Number(address.slice(address.lastIndexOf(':') + 1)) };
  return new Promise((resolve) => {
    const plain = connect(to);
    const timer = setTimeout(() => end({ kind: 'error', code: plain.connecting ? 'TIMEOUT' : 'SILENT' }), timeoutMs);
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      plain.destroy();
      resolve(outcome);
    };
    let current: Socket = plain;
    const watch = (socket: Socket) => {
      const fail = (code: string) => socket === current && end({ kind: 'error', code });
      socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
      socket.once('close', () => fail('CLOSED'));
    };
    const greet = () => current.write(Buffer.concat([PREFACE, SETTINGS]));
    watch(plain);
    plain.once('connect', () => {
      if (tls === undefined) greet();
      else {
        current = connectTls({ ...tls, socket: plain });
        watch(current);
        current.once('secureConnect', greet);
      }
      current.once('data', (bytes: Buffer) => end({ kind: 'answer', bytes }));
    });
  });
}

function unreachableBy(code: string, address: string): string | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there: start the server, or correct the address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host ${hostOf(address)} is not known here: correct the name, or see to DNS`;
    case 'TIMEOUT':
      return 'it does not answer at all: is the address right, does a firewall stand between?';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no route to it: is the address right?';
    default:
      return undefined;
  }
}

/** Codes of Node.js and OpenSSL. */
function tlsFault(code: string, address: string): string {
  const host = hostOf(address);
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return `its certificate is signed by nobody who is trusted (${code}): name the authority's certificate with --upstream-ca or tls.ca`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is not for ${host}: correct the host, or say with tls.serverName which name it has`;
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired: renew it';
    case 'CERT_NOT_YET_VALID':
      return 'its certificate is not valid yet: are the clocks right?';
  }
  if (code.includes('NO_APPLICATION_PROTOCOL')) return `it does not agree to HTTP/2 (ALPN): ${OTHER}`;
  if (code.includes('_ALERT_')) return `it refuses the TLS handshake (${code}): does it want a client certificate (tls.cert, tls.key)?`;
  return `it does not speak TLS (${code}): for plaintext write ${address}, without grpcs://`;
}

function foreign(bytes: Buffer): string {
  const isHttp1 = bytes.subarray(0, 5).toString('latin1') === 'HTTP/';
  return `${isHttp1 ? 'it answers with HTTP/1, not HTTP/2' : 'it does not answer with HTTP/2'}: ${OTHER}`;
}
