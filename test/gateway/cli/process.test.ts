import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Test, test } from 'tap';
import { type Bookstore, startBookstore } from '../../../examples/bookstore/server.js';
import { type Child, startChild } from './child.js';

const cli = 'dist/gateway/cli/main.js';
const protos = 'examples/bookstore/protos';

/** The program in front of a bookstore, with a configuration of its own. */
async function serve(t: Test, yaml: string): Promise<{ readonly child: Child; readonly url: string; readonly bookstore: Bookstore }> {
  const bookstore = await startBookstore({ port: 0 });
  t.teardown(() => bookstore.close());
  const file = `${t.testdir({ 'protogate.yaml': yaml })}/protogate.yaml`;
  const child = startChild(t, [cli, '-c', file, '--proto', protos, '--upstream', `127.0.0.1:${bookstore.port}`, '--port', '0']);
  const [, url = ''] = await child.line(/"url":"([^"]+)".*"msg":"serving"/);
  return { child, url, bookstore };
}

test('the program exits with 0, 1 or 2', (t) => {
  const ran = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env: { PATH: process.env.PATH } });
  t.match(ran(), { status: 2, stdout: '', stderr: /^Usage: protogate / });
  t.match(ran('--help'), { status: 0, stdout: /^Usage: protogate /, stderr: '' });
  t.match(ran('check', '--proto', protos), { status: 0, stdout: 'ok: 1 service, 16 routes, 0 warnings\n', stderr: '' });
  t.match(ran('check', '--proto', 'nowhere'), { status: 1, stdout: /^ {2}error {2}nowhere: does not exist/, stderr: '' });
  t.match(ran('--prto', 'x'), { status: 2, stdout: '', stderr: /^protogate: unknown option [^\n]*\n$/ });
  t.match(ran('-c', 'nowhere.yaml'), { status: 2, stdout: '', stderr: /^protogate: nowhere\.yaml: [^\n]*\n$/ });
  t.end();
});

test('an address that is taken is a failure at run time, in one line', async (t) => {
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  const child = startChild(t, [cli, '--proto', protos, '--upstream', 'localhost:1', '--port', String(port)]);
  t.strictSame(await child.ended, {
    code: 1,
    out: '',
    err: `protogate: 127.0.0.1:${port} is in use by another program; choose another address with --listen, --port or --admin\n`,
  });
});

test('a signal drains in two phases: not ready but serving, then finishing what is in progress', async (t) => {
  const { child, url } = await serve(t, 'limits: {drainDelayMs: 1500, shutdownGraceMs: 20000}\n');
  t.equal((await fetch(`${url}/readyz`)).status, 200);
  const stream = await fetch(`${url}/v1/shelves/fiction/books:stream?interval=0.5s`);
  child.process.kill('SIGTERM');
  await child.line(/"msg":"stopping/);
  t.equal((await fetch(`${url}/readyz`)).status, 503);
  t.equal((await fetch(`${url}/healthz`)).status, 200);
  t.equal((await fetch(`${url}/v1/shelves`)).status, 200, 'requests are still served');
  const titles = (await stream.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).title);
  t.strictSame(titles, ['Frankenstein', 'Moby-Dick', 'The Time Machine'], 'the stream in progress is finished');
  t.match(await child.ended, { code: 0, err: '' });
  await t.rejects(fetch(`${url}/healthz`), 'nothing listens any more');
});

test('what takes longer than the grace period is cut', async (t) => {
  const { child, url } = await serve(t, 'limits: {drainDelayMs: 0, shutdownGraceMs: 100}\nstreams: {headerDelayMs: 0}\n');
  const watch = await fetch(`${url}/v1/shelves/fiction/books:watch`);
  child.process.kill('SIGINT');
  await watch.text().catch(() => '');
  t.match(await child.ended, { code: 0 });
});

test('a second signal stops at once', async (t) => {
  const { child, url } = await serve(t, 'limits: {drainDelayMs: 60000}\nstreams: {headerDelayMs: 0}\n');
  const watch = await fetch(`${url}/v1/shelves/fiction/books:watch`);
  child.process.kill('SIGTERM');
  await child.line(/"msg":"stopping/);
  child.process.kill('SIGTERM');
  t.match(await child.ended, { code: 1 });
  await watch.text().catch(() => '');
});

test('SIGHUP reloads', { skip: process.platform === 'win32' }, async (t) => {
  const { child, url } = await serve(t, '{}\n');
  child.process.kill('SIGHUP');
  await child.line(/"why":"SIGHUP","generation":1,"routes":16,.*"msg":"reloaded"/);
  t.equal((await fetch(`${url}/healthz`)).status, 200);
  child.process.kill('SIGTERM');
  t.match(await child.ended, { code: 0, err: '' });
});
