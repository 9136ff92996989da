import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import { Gate } from '../support/gate.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const GET = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';
const JUNK = '\x00\x01 junk\r\n\r\n';

/** Statuses of answers, in order. */
function statuses({ text }: Raw): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1] ?? '');
}

for (const [way, config] of Object.entries(ways)) {
  test(`requests before bytes that are no HTTP are answered first, then those are refused and the connection closes, ${way}`, async (t) => {
    const gate = new Gate();
    const { url, running } = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const { current } = running.gateway;
    for (const requests of [1, 2, 20]) {
      const raw = await Raw.open(url, GET.repeat(requests) + JUNK);
      await until(() => current.inFlight === Math.min(requests, 16));
      gate.open();
      await raw.until(() => false);
      t.strictSame(statuses(raw), [...Array(requests).fill('200'), '400']);
      t.match(
        raw.text.slice(raw.text.lastIndexOf('HTTP/1.1')),
        /\r\nconnection: close\r\n[\s\S]*\{"code":3,"message":"The request is not valid HTTP\."/,
      );
      await until(() => current.inFlight === 0);
    }
  });

  test(`a request whose body is no HTTP is refused, calls nobody, and its connection closes, ${way}`, async (t) => {
    const gate = new Gate();
    const { url, running } = await startDesk(t, { unary: { CreateNote: gate.unary, GetNote: gate.unary } }, config);
    const broken = 'POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n';
    const raw = await Raw.open(url, broken);
    await raw.until(() => false);
    t.strictSame(statuses(raw), ['400']);
    gate.open();
    const second = await Raw.open(url, GET + broken);
    await second.until(() => false);
    t.strictSame(statuses(second), ['200', '400']);
    t.equal(gate.calls.length, 1);
    await until(() => running.gateway.current.inFlight === 0);
  });

  test(`what follows a request that closes its connection is not looked at, ${way}`, async (t) => {
    const { url } = await startDesk(t, { unary: { GetNote: () => ({}) } }, config);
    const raw = await Raw.open(url, GET.replace('host: a', 'host: a\r\nconnection: close') + JUNK);
    await raw.until(() => false);
    t.strictSame(statuses(raw), ['200']);
  });
}

test('a client that stays behind its refusal is closed by a timer, and its generation ends', async (t) => {
  const gate = new Gate();
  const { url, running } = await startDesk(t, { unary: { GetNote: gate.unary } });
  const before = running.gateway.current;
  const raw = await Raw.open(url, GET + JUNK);
  await until(() => gate.calls.length === 1);
  await running.gateway.reload('test');
  await until(() => before.inFlight === 0);
  t.equal(raw.text, '', 'the call has not been answered');
  await raw.until(() => false);
});
