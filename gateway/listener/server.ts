import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { Gateway } from '../lifecycle/gateway.js';
import { createDoor, type Door } from './door.js';
import { createHttp1 } from './http1.js';
import { createHttp2 } from './http2.js';
import { listenOn } from './listen.js';
import type { Protocol } from './protocol.js';
import type { ListenerTls } from './tls.js';

/** The one listener: what stays the same while generations come and go behind it. */
export interface Listener {
  /** `http://host:port` or `https://host:port` as it can be opened on this machine. */
  readonly url: string;
  readonly port: number;
  /**
   * Phase one: the readiness path answers 503 and requests are still served for `drainDelayMs`, so that a load balancer can notice. Phase two: no
   * new connections, requests in progress may take up to `graceMs`, then everything is closed.
   */
  close(drainDelayMs: number, graceMs: number): Promise<void>;
}

/** Listens as the gateway's configuration says. Rejects with `ListenError` if it cannot. */
export async function listen(gateway: Gateway, tls: ListenerTls): Promise<Listener> {
  const { config } = gateway;
  const http1 = createHttp1(gateway, config.limits);
  const http2 = createHttp2(gateway, config.limits);
  const door = createDoor(config, gateway.runtime.log, tls, { http1, http2 });
  const serving: Serving = { door, protocols: [http1, http2] };
  await listenOn(config.listen, async (where) => {
    door.server.listen(where);
    // Rejects if `error` comes first.
    await once(door.server, 'listening');
  });
  const bound = boundOf(door.server);
  const url = urlOf(config.tls === undefined ? 'http' : 'https', bound);
  return { url, port: bound.port, close: (drainDelayMs, graceMs) => drain(serving, gateway, drainDelayMs, graceMs) };
}

interface Serving {
  readonly door: Door;
  readonly protocols: readonly Protocol[];
}

async function drain({ door, protocols }: Serving, gateway: Gateway, drainDelayMs: number, graceMs: number): Promise<void> {
  gateway.drain();
  await new Promise((resolve) => setTimeout(resolve, drainDelayMs));
  const closed = door.close();
  for (const protocol of protocols) protocol.drain();
  // Before their calls are cut, which would be no reason to come back.
  const leaving = setTimeout(() => {
    for (const protocol of protocols) protocol.goAway();
  }, graceMs);
  await gateway.close(graceMs);
  clearTimeout(leaving);
  door.cut();
  await closed;
}

function boundOf(server: Server): AddressInfo {
  return server.address() as AddressInfo;
}

function urlOf(scheme: 'http' | 'https', { address, family, port }: AddressInfo): string {
  const anywhere = address === '0.0.0.0' || address === '::';
  const host = anywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `${scheme}://${host}:${port}`;
}
