import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Test } from 'tap';

/** One address in front of servers that come and go, as a load balancer has it. */
export interface Relay {
  readonly address: string;
  /** Where new connections go: `127.0.0.1:port`. Those that stand stay. */
  to: string;
}

/** Starts a relay; it ends with the test. */
export async function startRelay(t: Test, to: string): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(relay.to.slice(relay.to.lastIndexOf(':') + 1)), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true).on('error', () => other.destroy());
      one.once('close', () => sockets.delete(one));
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const relay: Relay = { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, to };
  return relay;
}
