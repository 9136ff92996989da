import type { AddressInfo, Server } from 'node:net';
import type { Gateway } from '../lifecycle/gateway.js';
import { Doors } from './door.js';
import { createHttp1 } from './http1.js';
import { createHttp2 } from './http2.js';
import { listenAt } from './listen.js';
import type { Protocol } from './protocol.js';
import type { ListenerTls } from './tls.js';

/** The one listener: what stays the same while generations come and go behind it. */
export interface Listener {
  /** By place: `http://host:port` or `https://host:port` as it can be opened on this machine, or `unix:/path`. There is one at least. */
  readonly urls: readonly string[];
  /**
   * Phase one: the readiness path answers 503 and requests are still served for `drainDelayMs`, so that a load balancer can notice. Phase two: no
   * new connections, requests in progress may take up to `graceMs`, then everything is closed.
   */
  close(drainDelayMs: number, graceMs: number): Promise<void>;
}

/**
 * Listens as the gateway's configuration says. Rejects with `ListenError` if it cannot.
 *
 * @param passed file descriptors of sockets that are open already
 */
export async function listen(gateway: Gateway, tls: ListenerTls, passed: readonly number[]): Promise<Listener> {
  const { config } = gateway;
  const http1 = createHttp1(gateway, config.limits);
  const http2 = createHttp2(gateway, config.limits);
  const doors = new Doors(config, gateway.runtime.log, tls, { http1, http2 });
  const serving: Serving = { doors, protocols: [http1, http2] };
  const servers: Server[] = [];
  try {
    for (const place of [config.listen].flat()) servers.push(...(await listenAt(place, passed, () => doors.create())));
  } catch (error) {
    await doors.close();
    throw error;
  }
  const scheme = config.tls === undefined ? 'http' : 'https';
  return {
    urls: servers.map((server) => urlOf(scheme, server.address())),
    close: (drainDelayMs, graceMs) => drain(serving, gateway, drainDelayMs, graceMs),
  };
}

interface Serving {
  readonly doors: Doors;
  readonly protocols: readonly Protocol[];
}

async function drain({ doors, protocols }: Serving, gateway: Gateway, drainDelayMs: number, graceMs: number): Promise<void> {
  gateway.drain();
  await new Promise((resolve) => setTimeout(resolve, drainDelayMs));
  const closed = doors.close();
  for (const protocol of protocols) protocol.drain();
  // Before their calls are cut, which would be no reason to come back.
  const leaving = setTimeout(() => {
    for (const protocol of protocols) protocol.goAway();
  }, graceMs);
  await gateway.close(graceMs);
  clearTimeout(leaving);
  doors.cut();
  await closed;
}

function urlOf(scheme: 'http' | 'https', bound: AddressInfo | string | null): string {
  if (bound === null || typeof bound === 'string') return `unix:${bound ?? ''}`;
  const { address, family, port } = bound;
  const anywhere = address === '0.0.0.0' || address === '::';
  const host = anywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `${scheme}://${host}:${port}`;
}
