import { connect, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { KeepAlive } from '../call.js';
import { hostOf, secure } from '../tls.js';
import { Connection, type ConnectionOwner } from './connection.js';

/** What a socket reads at once. */
const READ_BUFFER = 64 * 1024;

/** An attempt to connect. */
export interface Attempt {
  abort(): void;
}

/** Whom an attempt tells. */
export interface Dialer extends ConnectionOwner {
  /** No connection came of it; not after `abort`. */
  failed(why: string): void;
}

/**
 * Connects to `host:port`: TCP, TLS, and then a Connection, which tells its owner when the server's settings are here. All that within
 * `timeoutMs`, or it fails.
 */
export function dial(
  address: string,
  tls: ConnectionOptions | undefined,
  timeoutMs: number,
  keepAlive: KeepAlive | undefined,
  dialer: Dialer,
): Attempt {
  let connection: Connection | undefined;
  let over = false;
  const end = (): boolean => {
    const first = !over;
    over = true;
    clearTimeout(timer);
    return first;
  };
  const fail = (why: string): void => {
    if (!end()) return;
    socket.destroy();
    dialer.failed(why);
  };
  const owner: ConnectionOwner = {
    ready: (c) => end() && dialer.ready(c),
    room: (c) => dialer.room(c),
    draining: (c) => dialer.draining(c),
    tooManyPings: () => dialer.tooManyPings(),
    gone: (c, why) => (over ? dialer.gone(c, why) : fail(why)),
  };
  const socket = open(address, tls === undefined ? (buf, n) => connection?.receive(buf, 0, n) : undefined);
  const timer = setTimeout(() => fail(`no connection within ${timeoutMs} ms`), timeoutMs);
  const failed = (error: Error): void => fail(error.message);
  socket.on('error', failed).once('close', () => fail('connection closed'));
  socket.once('connect', () => {
    if (tls === undefined) {
      connection = new Connection(socket, owner, keepAlive);
      return;
    }
    secure(socket, tls).then((secured) => {
      if (over) return;
      const c = new Connection(secured, owner, keepAlive);
      secured.on('data', (chunk: Buffer) => c.receive(chunk, 0, chunk.length));
    }, failed);
  });
  return {
    abort: () => {
      end();
      socket.destroy();
    },
  };
}

/** With `read`, every chunk comes in the same buffer. */
function open(address: string, read: ((buf: Buffer, n: number) => void) | undefined): Socket {
  const to = { host: hostOf(address), port: Number(address.slice(address.lastIndexOf(':') + 1)) };
  if (read === undefined) return connect(to);
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER);
  const callback = (n: number): boolean => {
    read(buffer, n);
    return true;
  };
  return connect({ ...to, onread: { buffer, callback } });
}
