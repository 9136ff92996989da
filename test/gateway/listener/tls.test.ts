import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { type Test, test } from 'tap';
import { type ConfigInput, loadConfig, startGateway } from '../../../gateway/index.js';
import { testTls, tlsPaths } from '../../support/tls.js';
import { startDesk } from '../desk.js';
import { config, layPlain, proto, startNotes } from '../lifecycle/followed.js';
import { LogEntries } from '../log-entries.js';

const { ca, client } = testTls;
const files = tlsPaths.server;
const trusting = (clientCa: string, clientCerts: 'optional' | 'required'): ConfigInput => ({ tls: { ...files, clientCa, clientCerts } });

const forwarded: string[] = [];
const names = {
  unary: {
    GetNote: ({ metadata }: { metadata: { get(name: string): readonly unknown[] } }) => {
      forwarded.push(String(metadata.get('x-forwarded-proto')[0]));
      return { name: 'notes/1' };
    },
  },
};

/** Status and body of a GET, or the error. */
function get(url: string, tls: ConnectionOptions = {}, agent: Agent | false = false): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const out = request({ host: '127.0.0.1', port, path: '/v1/notes/1', ca, ...tls, agent }, (response) => {
      let text = `${response.statusCode} `;
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    out.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`));
    out.end();
  });
}

/** The certificate that a server shows. */
async function fingerprintOf(url: string): Promise<string> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

test('requests are served over TLS, as HTTP/1.1, and servers learn of it', async (t) => {
  forwarded.length = 0;
  const desk = await startDesk(t, names, { tls: files });
  t.match(desk.url, /^https:/);
  t.match(await get(desk.url), /^200 .*notes\/1/);
  t.same(forwarded, ['https']);
  const socket = connect({ port: Number(new URL(desk.url).port), host: '127.0.0.1', ca, ALPNProtocols: ['http/1.1'] });
  await once(socket, 'secureConnect');
  t.equal(socket.alpnProtocol, 'http/1.1');
  socket.destroy();
});

test('what is older than TLS 1.2 is refused', async (t) => {
  const desk = await startDesk(t, names, { tls: files });
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  t.match(await get(desk.url, old), /alert protocol version/);
  t.match(await get(desk.url, { maxVersion: 'TLSv1.2' }), /^200 /);
});

const [none, right] = [{}, client];
const certificates: readonly (readonly [name: string, ConfigInput, shown: ConnectionOptions, outcome: RegExp])[] = [
  ['none is asked for by default', { tls: files }, none, /^200 /],
  ['none is needed where it is optional', trusting(tlsPaths.ca, 'optional'), none, /^200 /],
  ['one that is right is taken where it is optional', trusting(tlsPaths.ca, 'optional'), right, /^200 /],
  ['one that another has signed is refused where it is optional', trusting(files.cert, 'optional'), right, /^E/],
  ['none is refused where it is required', trusting(tlsPaths.ca, 'required'), none, /^E/],
  ['one that is right is taken where it is required', trusting(tlsPaths.ca, 'required'), right, /^200 /],
  ['one that another has signed is refused where it is required', trusting(files.cert, 'required'), right, /^E/],
];

for (const [name, config, shown, outcome] of certificates) {
  test(`of client certificates ${name}`, async (t) => {
    const desk = await startDesk(t, names, config);
    t.match(await get(desk.url, shown), outcome);
  });
}

test('a certificate that is renewed is shown from then on, and connections that are open go on', async (t) => {
  const { folder, entries, running } = await startRenewing(t);
  const before = await fingerprintOf(running.url);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  t.match(await get(running.url, none, agent), /^200 /);
  cpSync(tlsPaths.client.cert, join(folder, 'cert.pem'));
  // Half of the pair: the old one serves on.
  t.match((await entries.next('reload refused')).msg, 'reload refused');
  t.equal(await fingerprintOf(running.url), before);
  cpSync(tlsPaths.client.key, join(folder, 'key.pem'));
  await entries.next('reloaded');
  t.not(await fingerprintOf(running.url), before);
  t.match(await get(running.url, none, agent), /^200 /, 'on the connection with the old certificate');
});

test('files that are broken are refused with what is wrong, and the old pair serves on', async (t) => {
  const { folder, entries, running } = await startRenewing(t);
  const before = await fingerprintOf(running.url);
  writeFileSync(join(folder, 'key.pem'), 'x');
  const refused = (await entries.next('reload refused')) as unknown as { problems: readonly { subject: string; reason: string }[] };
  t.same(
    refused.problems.map(({ subject, reason }) => `${subject}: ${reason}`),
    [`tls.key: ${folder}/key.pem has no private key without a password in PEM that can be read`],
  );
  t.equal(await fingerprintOf(running.url), before);
});

test('a pair that is broken stops the start', async (t) => {
  const { folder } = await startNotes(t);
  layPlain(folder, 'localhost:1');
  const tls = { cert: tlsPaths.server.cert, key: tlsPaths.client.key };
  await t.rejects(startGateway({ sources: { protos: [join(folder, 'api')] }, upstreams: { default: { target: 'localhost:1' } }, tls }), {
    message: `tls.key: is not the key of the certificate in ${tls.cert}`,
  });
});

test('who speaks no TLS is closed, and the process lives on', async (t) => {
  const desk = await startDesk(t, names, { tls: files });
  const socket = connectPlain(Number(new URL(desk.url).port), '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'));
  await once(socket.resume(), 'close');
  t.match(await get(desk.url), /^200 /);
});

test('a handshake that does not come is not waited for longer than headers are', async (t) => {
  const desk = await startDesk(t, names, { tls: files, limits: { headersTimeoutMs: 50 } });
  const socket = connectPlain(Number(new URL(desk.url).port), '127.0.0.1');
  await once(socket.resume(), 'close');
  t.pass('closed');
});

test('a handshake that has not come does not hold up the end', async (t) => {
  const desk = await startDesk(t, names, { tls: files });
  const socket = connectPlain(Number(new URL(desk.url).port), '127.0.0.1').resume();
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  await desk.running.close();
  await closed;
  t.pass('closed');
});

/** A gateway with a pair in files of its own. */
async function startRenewing(t: Test) {
  const { backend, folder } = await startNotes(t);
  layPlain(folder, backend.target);
  cpSync(files.cert, join(folder, 'cert.pem'));
  cpSync(files.key, join(folder, 'key.pem'));
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/notes/{id}'));
  writeFileSync(join(folder, 'protogate.yaml'), config(backend.target, 'tls: { cert: cert.pem, key: key.pem }'));
  const entries = new LogEntries();
  const file = join(folder, 'protogate.yaml');
  const running = await startGateway(() => loadConfig(file), { log: entries.log, configFiles: [file] });
  t.teardown(() => running.close({ graceMs: 0 }));
  return { folder, entries, running };
}
