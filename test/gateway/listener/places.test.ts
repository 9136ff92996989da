import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { type Test, test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import { send } from '../../support/http.js';
import { Raw, until } from '../../support/raw.js';
import { ways } from '../../support/ways.js';
import { childOf } from '../cli/child.js';
import { deskProto, startDesk } from '../desk.js';

const main = resolve(import.meta.dirname, '../../../gateway/cli/main.js');

const seen: unknown[] = [];
const names = {
  unary: {
    GetNote: ({ metadata }: { metadata: { get(name: string): readonly unknown[] } }) => {
      seen.push(metadata.get('x-forwarded-for'));
      return { name: 'notes/1' };
    },
  },
};

/** A path short enough for a socket. */
function socketPath(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'protogate-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return join(folder, 'x.sock');
}

function statusAt(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ socketPath: path, path: '/v1/notes/1', agent: false }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

for (const [way, config] of Object.entries(ways)) {
  test(`several addresses serve, in the file system as well, ${way}`, async (t) => {
    seen.length = 0;
    const path = socketPath(t);
    const desk = await startDesk(t, names, { ...config, listen: ['127.0.0.1:0', `unix:${path}`, '127.0.0.1:0'] });
    const [first = '', second, third = ''] = desk.running.urls;
    t.equal(desk.url, first);
    t.equal(second, `unix:${path}`);
    for (const url of [first, third]) t.equal((await send(url, 'GET', '/v1/notes/1')).status, 200);
    t.equal(await statusAt(path), 200);
    t.same(seen, [['127.0.0.1'], ['127.0.0.1'], []], 'who comes by the file system has no address');
    await desk.running.close();
    t.equal(existsSync(path), false);
  });
}

test('a socket that nobody listens on any more is taken over; one that somebody does is not', async (t) => {
  const path = socketPath(t);
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', script]), 'close');
  t.equal(existsSync(path), true);
  const config: ConfigInput = { listen: `unix:${path}` };
  const desk = await startDesk(t, names, config);
  t.equal(await statusAt(path), 200);
  await t.rejects(startDesk(t, names, config), { name: 'ListenError', code: 'EADDRINUSE', address: `unix:${path}` });
  t.equal(await statusAt(path), 200);
  await desk.running.close();
  writeFileSync(path, 'mine');
  await t.rejects(startDesk(t, names, config), { name: 'ListenError', code: 'EADDRINUSE' });
});

test('when one address cannot be listened on, none is', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const path = socketPath(t);
  await t.rejects(startDesk(t, names, { listen: [`unix:${path}`, `127.0.0.1:${port}`] }), { name: 'ListenError', code: 'EADDRINUSE' });
  t.equal(existsSync(path), false);
});

test('limits.maxConnections holds for all addresses together', async (t) => {
  const desk = await startDesk(t, names, { listen: ['127.0.0.1:0', '127.0.0.1:0'], limits: { maxConnections: 1 } });
  const [first = '', second = ''] = desk.running.urls;
  const held = await Raw.open(first, 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n');
  await until(() => held.text.includes('200 OK'));
  await t.rejects(send(second, 'GET', '/v1/notes/1'));
  held.socket.destroy();
});

test('without sockets that are passed, systemd is no place to listen', async (t) => {
  await t.rejects(startDesk(t, names, { listen: 'systemd' }), {
    name: 'ListenError',
    message: 'cannot listen on systemd: no socket was passed to this process (LISTEN_FDS, LISTEN_PID)',
  });
});

test('sockets that are passed to the program serve', async (t) => {
  const { backend } = await startDesk(t, names);
  const opened = createServer().listen(0, '127.0.0.1');
  await once(opened, 'listening');
  const { port } = opened.address() as AddressInfo;
  const { fd } = (opened as unknown as { readonly _handle: { readonly fd: number } })._handle;
  const options = ['serve', '--listen', 'systemd', '--proto', deskProto, '--upstream', backend.target];
  const run = `LISTEN_FDS=1 LISTEN_PID=$$ exec "${process.execPath}" "$@"`;
  const spawned = spawn('/bin/sh', ['-c', run, 'sh', main, ...options], {
    stdio: ['ignore', 'pipe', 'pipe', fd],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const child = childOf(t, spawned as unknown as ChildProcessByStdio<null, Readable, Readable>);
  opened.close();
  const [, url = ''] = await child.line(/"url":"([^"]*)".*"serving"/);
  t.equal(url, `http://127.0.0.1:${port}`);
  t.equal((await send(url, 'GET', '/v1/notes/1')).status, 200);
});
