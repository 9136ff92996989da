import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext, type TLSSocket } from 'node:tls';
import type { Endpoint, LaneTls } from './call.js';

/** Host of `host:port`, without the brackets of an IPv6 address. */
export function hostOf(address: string): string {
  const host = address.slice(0, address.lastIndexOf(':'));
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

/** The host that an endpoint is asked and verified for. */
export function serverOf({ name, address }: Pick<Endpoint, 'name' | 'address'>): string {
  return name ?? hostOf(address);
}

/** `:authority` of calls to an endpoint. */
export function authorityOf({ name, address }: Pick<Endpoint, 'name' | 'address'>): string {
  return name === undefined ? address : `${name}${address.slice(address.lastIndexOf(':'))}`;
}

/** How to speak TLS to one host: what is costly or can fail (certificates) is done once. Throws on unreadable PEM. */
export function tlsOptions(tls: LaneTls, host: string): ConnectionOptions {
  const name = tls.serverName ?? host;
  return {
    secureContext: createSecureContext({
      ...(tls.ca === undefined ? {} : { ca: Buffer.from(tls.ca) }),
      ...(tls.cert === undefined ? {} : { cert: Buffer.from(tls.cert) }),
      ...(tls.key === undefined ? {} : { key: Buffer.from(tls.key) }),
      minVersion: 'TLSv1.2',
    }),
    // Verified even where there is no SNI: a literal address is no server name (RFC 6066, 3).
    host: name,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ALPNProtocols: ['h2'],
  };
}

/** TLS over a connected socket, verified, with HTTP/2 agreed upon by ALPN (RFC 9113, 3.2). A rejection leaves the socket destroyed. */
export function secure(socket: Socket, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const tls = connect({ ...options, socket });
    const fail = (error: Error): void => {
      tls.destroy();
      reject(error);
    };
    tls.once('secureConnect', () => {
      if (tls.alpnProtocol === 'h2') resolve(tls);
      else fail(new Error('the server does not agree to HTTP/2 (ALPN)'));
    });
    tls.on('error', fail);
    tls.once('close', () => fail(new Error('connection closed in the TLS handshake')));
  });
}
