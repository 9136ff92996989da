import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { test } from 'tap';
import type { LaneTls } from '../../../gateway/upstream/call.js';
import { diagnose } from '../../../gateway/upstream/diagnose.js';
import { testTls } from '../../support/tls.js';
import { addressOf, deadPort, serve, silent } from './contract/server.js';

const trusted: LaneTls = { ca: testTls.ca };
const words = (address: string, tls: boolean, options: LaneTls = {}) => diagnose({ address, tls }, options, 2000);

test('nothing is found where a server can be called', async (t) => {
  const plain = await serve(t, {});
  const secure = await serve(t, {}, { tls: true });
  const mutual = await serve(t, {}, { tls: true, mutual: true });
  t.equal(await words(plain.address, false), undefined);
  t.equal(await words(secure.address, true, trusted), undefined);
  t.equal(await words(mutual.address, true, { ...trusted, ...testTls.client }), undefined);
});

test('a server that cannot be reached', async (t) => {
  t.equal(await words(`127.0.0.1:${await deadPort()}`, false), 'nothing listens there: start the server, or correct the address');
  t.equal(await words('no-such-host.invalid:1', true), 'the host no-such-host.invalid is not known here: correct the name, or see to DNS');
});

test('plaintext to a server that speaks TLS', async (t) => {
  for (const mutual of [false, true]) {
    const { address } = await serve(t, {}, { tls: true, mutual });
    t.equal(await words(address, false), `it speaks TLS, and the target is plaintext: write grpcs://${address}`);
  }
});

test('TLS to a server that speaks plaintext', async (t) => {
  const { address } = await serve(t, {});
  const said = await words(address, true, trusted);
  t.match(said, /^it does not speak TLS \(\w+\): for plaintext write 127\.0\.0\.1:\d+, without grpcs:\/\/$/);
});

test('certificates that do not fit', async (t) => {
  const secure = await serve(t, {}, { tls: true });
  const mutual = await serve(t, {}, { tls: true, mutual: true });
  t.match(
    await words(secure.address, true),
    /^its certificate is signed by nobody who is trusted \(\w+\): name the authority's .*--upstream-ca/,
  );
  const other = await words(secure.address, true, { ...trusted, serverName: 'other.test' });
  t.match(other, /^its certificate is not for 127\.0\.0\.1: .*tls\.serverName/);
  t.match(await words(mutual.address, true, trusted), /^it refuses the TLS handshake \(\w+\): does it want a client certificate/);
});

test('a server of something else', async (t) => {
  const web = await addressOf(
    t,
    createHttpServer((_request, response) => response.end()),
  );
  t.equal(await words(web, false), 'it answers with HTTP/1, not HTTP/2: is it a gRPC server, and is the port the right one?');
  const greeting = await addressOf(
    t,
    createServer((socket) => socket.on('error', () => {}).end('220 mail\r\n')),
  );
  t.equal(await words(greeting, false), 'it does not answer with HTTP/2: is it a gRPC server, and is the port the right one?');
  const closing = await addressOf(
    t,
    createServer((socket) => socket.on('error', () => {}).destroy()),
  );
  t.equal(await words(closing, false), 'it takes the connection but closes it: is it a gRPC server, and is the port the right one?');
  const { address } = await silent(t);
  t.equal(
    await diagnose({ address, tls: false }, {}, 50),
    'it takes the connection but says nothing: is it a gRPC server, and is the port the right one?',
  );
  t.equal(
    await diagnose({ address, tls: true }, {}, 50),
    'it takes the connection but says nothing: is it a gRPC server, and is the port the right one?',
  );
});
