import type { Socket } from 'node:net';
import { createSecureContext, createServer, type SecureContextOptions, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import type { Result } from '../../proto/problem.js';
import type { Config } from '../config/config.js';
import type { Logger } from '../exchange/logger.js';
import { readTlsFiles } from '../runtime/tls-files.js';

const subjects = { ca: 'tls.clientCa', cert: 'tls.cert', key: 'tls.key' } as const;

/** The certificate that a listener shows, which a reload may change, and its servers. */
export class ListenerTls {
  #context: SecureContextOptions = {};
  readonly #servers: Server[] = [];

  /** Reads the files of a configuration; the answer makes them count for all handshakes from then on. Connections that are open stay. */
  readonly prepare = async ({ tls }: Config): Promise<Result<() => void>> => {
    if (tls === undefined) return { ok: true, value: () => {}, warnings: [] };
    const read = await readTlsFiles({ ca: tls.clientCa, cert: tls.cert, key: tls.key }, subjects);
    if (!read.ok) return read;
    const context: SecureContextOptions = { ...read.value, minVersion: 'TLSv1.2' };
    try {
      createSecureContext(context);
    } catch (e) {
      const reason = `${tls.cert} cannot be used: ${e instanceof Error ? e.message : String(e)}`;
      return { ok: false, problems: [{ severity: 'error', subject: 'tls.cert', reason }] };
    }
    const count = () => {
      this.#context = context;
      for (const server of this.#servers) server.setSecureContext(context);
    };
    return { ok: true, value: count, warnings: [] };
  };

  /** A server that hands over connections whose handshake is done. The handshake may take as long as the headers of a request. */
  createServer(options: TlsOptions, { tls, limits }: Config, log: Logger, take: (socket: TLSSocket) => void): Server {
    const wanted = tls?.clientCerts ?? 'none';
    const server = createServer({
      ...options,
      ...this.#context,
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout: limits.headersTimeoutMs,
      requestCert: wanted !== 'none',
      rejectUnauthorized: wanted === 'required',
    });
    server.on('secureConnection', (socket) => {
      // One that is wrong is not as good as none.
      if (wanted === 'optional' && !socket.authorized && socket.getPeerX509Certificate() !== undefined) {
        log.debug({ ip: socket.remoteAddress, reason: socket.authorizationError }, 'a client certificate is refused');
        socket.destroy();
      } else take(socket);
    });
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      log.debug({ ip: socket.remoteAddress, code: error.code }, 'a TLS handshake failed');
      socket.destroy();
    });
    this.#servers.push(server);
    return server;
  }
}
