import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { type Test, test } from 'tap';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { Frame } from '../../../../gateway/upstream/h2/protocol.js';
import { testTls } from '../../../support/tls.js';
import { open, TLS, unary, within } from '../contract/suite.js';
import { frame } from './peer.js';

/** A TLS server; answers its address. */
async function serveTls(t: Test, options: TlsOptions, onSocket: (socket: TLSSocket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer({ ...testTls.server, ...options }, (socket) => {
    sockets.push(socket.on('error', () => {}));
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

for (const [what, options] of [
  ['knows no ALPN', {}],
  ['speaks HTTP/1.1 only', { ALPNProtocols: ['http/1.1'] }],
] as const) {
  test(`a TLS server that ${what} is UNAVAILABLE and not processed`, async (t) => {
    const address = await serveTls(t, options, () => {});
    const status = await unary(open(t, h2Lane, address, TLS), '', within(10_000)).ended;
    t.match(status, { code: 14, origin: 'local', processed: false, message: /ALPN|no application protocol|alert/i });
  });
}

test('a TLS server that ends its side takes its calls with it', async (t) => {
  const address = await serveTls(t, { ALPNProtocols: ['h2'] }, (socket) => {
    socket.write(frame(Frame.SETTINGS, 0, 0, ''));
    let length = 0;
    // The preface, settings, a window, an acknowledgement and a call are longer than that.
    socket.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > 150) socket.end();
    });
  });
  t.match(await unary(open(t, h2Lane, address, TLS), '', within(10_000)).ended, { code: 14, origin: 'local', processed: true });
});
