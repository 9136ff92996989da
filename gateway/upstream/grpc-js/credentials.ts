import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { ChannelCredentials, credentials } from '@grpc/grpc-js';
import { secure } from '../tls.js';

type Connector = ReturnType<ChannelCredentials['_createSecureConnector']>;

/** Told of each attempt to connect. */
export interface Attempts {
  /** Before the TCP connection. */
  attempt(): void;
  /** TCP stands; TLS and the HTTP/2 settings are still to come. */
  handshake(socket: Socket): void;
}

/**
 * Credentials that let the lane watch connection attempts: grpc-js sets them no time limit. Does TLS itself too, because grpc-js sends
 * literal addresses as server names and does not look at ALPN. The underscored methods are grpc-js' own extension point, not a public one:
 * look here first when its minor version changes.
 */
export class LaneCredentials extends ChannelCredentials {
  constructor(
    private readonly tls: ConnectionOptions | undefined,
    private readonly attempts: Attempts,
  ) {
    super();
  }

  override _isSecure(): boolean {
    return this.tls !== undefined;
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(): Connector {
    const { tls, attempts } = this;
    const none = credentials.createEmpty();
    return {
      waitForReady(): Promise<void> {
        attempts.attempt();
        return Promise.resolve();
      },
      async connect(socket) {
        attempts.handshake(socket);
        return tls === undefined ? { socket, secure: false } : { socket: await secure(socket, tls), secure: true };
      },
      getCallCredentials: () => none,
      destroy() {},
    };
  }
}
