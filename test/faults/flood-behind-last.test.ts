import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { type Test, test } from 'tap';
import { type Child, startChild } from '../gateway/cli/child.js';
import { deskProto, startDesk } from '../gateway/desk.js';
import { startBackend, type UnaryHandler } from '../support/backend.js';
import { Gate } from '../support/gate.js';
import { send } from '../support/http.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const GET = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';
/** Its answer closes the connection. */
const LAST = 'GET / HTTP/1.1\r\n\r\n';
const MEGABYTE = GET.repeat(Math.ceil(1_000_000 / GET.length));

const noProc = existsSync('/proc/self/status') ? false : 'there is no /proc to read the memory of a process from';

for (const [name, before] of [
  ['has left', LAST],
  ['waits for another', GET + LAST],
] as const) {
  test(`what a client sends behind an answer that closes the connection takes no memory, when that ${name}`, {
    skip: noProc,
  }, async (t) => {
    const gate = new Gate();
    const { child, url } = await startGateway(t, gate.unary);
    await send(url, 'GET', '/healthz');
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
    socket.resume();
    socket.write(before);
    if (before === LAST) await once(socket, 'end');
    else await until(() => gate.calls.length === 1);
    const resident = residentBytes(child);
    for (let i = 0; i < 20; i++) if (!socket.write(MEGABYTE)) await once(socket, 'drain');
    await send(url, 'GET', '/healthz');
    const more = residentBytes(child) - resident;
    socket.destroy();
    t.ok(more < 100_000_000, `${more} bytes more`);
  });
}

for (const [way, config] of Object.entries(ways)) {
  test(`who leaves while it sends behind an answer that closes the connection is noticed, ${way}`, async (t) => {
    const gate = new Gate();
    const { url, running } = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    for (const rest of [GET.repeat(50), GET.repeat(50) + GET.slice(0, 20), `${GET}\0junk`]) {
      const raw = await Raw.open(url, GET + LAST);
      await until(() => running.gateway.current.inFlight === 1);
      raw.socket.end(rest);
      await raw.until(() => false);
      t.equal(raw.text, '');
      await until(() => running.gateway.current.inFlight === 0);
    }
  });

  test(`who asks for the last answer gets it, whatever it sends behind, ${way}`, async (t) => {
    const gate = new Gate();
    const { url, running } = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const raw = await Raw.open(url, GET.replace('host: a', 'host: a\r\nconnection: close') + '\0junk'.repeat(100_000));
    await until(() => running.gateway.current.inFlight === 1);
    gate.open();
    await raw.until(() => false);
    t.match(raw.text, /^HTTP\/1\.1 200 OK\r\n[\s\S]*"name":"notes\/1"[\s\S]*"labels":\{\}\}$/);
  });
}

async function startGateway(t: Test, getNote: UnaryHandler): Promise<{ readonly child: Child; readonly url: string }> {
  const backend = await startBackend(deskProto, { unary: { 'desk.v1.Desk.GetNote': getNote }, stream: {} });
  t.teardown(() => backend.close());
  const child = startChild(t, ['dist/gateway/cli/main.js', '--proto', deskProto, '--upstream', backend.target, '--port', '0']);
  const [, url = ''] = await child.line(/"url":"([^"]+)".*"msg":"serving"/);
  return { child, url };
}

function residentBytes({ process: { pid } }: Child): number {
  const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
