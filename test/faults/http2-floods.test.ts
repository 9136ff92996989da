import { once } from 'node:events';
import { constants } from 'node:http2';
import { type Test, test } from 'tap';
import type { ConfigInput } from '../../gateway/index.js';
import { type Desk, startDesk } from '../gateway/desk.js';
import { Gate } from '../support/gate.js';
import { ask, connectHttp2 } from '../support/http2.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const GET = { ':path': '/v1/notes/1' };

/** A frame of HTTP/2 (RFC 9113 section 4.1), as text of bytes. */
function frame(type: number, flags: number, stream: number, payload = ''): string {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return head.toString('latin1') + payload;
}

const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION] = [0, 1, 3, 4, 6, 7, 8, 9];
const [END_STREAM, END_HEADERS] = [1, 4];
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** GET /v1/notes/1 (RFC 7541). */
const head = `\x82\x86\x04\x0b/v1/notes/1\x01\x01a`;
const get = (stream: number) => frame(HEADERS, END_STREAM | END_HEADERS, stream, head);
const post = (stream: number) => frame(HEADERS, END_HEADERS, stream, head.replace('\x82', '\x83'));

/** One after the other, each of a stream of its own. */
const streams = (count: number, of: (stream: number) => string) => Array.from({ length: count }, (_, i) => of(2 * i + 1)).join('');

const CANCEL = '\x00\x00\x00\x08';
const OVERFLOW = '\x7f\xff\xff\xff';
const settings = frame(SETTINGS, 0, 0);

const floods: Readonly<Record<string, string>> = {
  'requests that are given up at once (CVE-2023-44487)': streams(3000, (id) => get(id) + frame(RST_STREAM, 0, id, CANCEL)),
  'requests that the server is made to give up (CVE-2025-8671)': streams(3000, (id) => get(id) + frame(WINDOW_UPDATE, 0, id, OVERFLOW)),
  'PING frames (CVE-2019-9512)': frame(PING, 0, 0, '12345678').repeat(2000),
  'SETTINGS frames (CVE-2019-9515)': settings.repeat(2000),
  'empty DATA frames (CVE-2019-9518)': post(1) + frame(DATA, 0, 1).repeat(10_000),
  'CONTINUATION frames without an end (CVE-2024-27983)':
    frame(HEADERS, END_STREAM, 1, head) + frame(CONTINUATION, 0, 1, `\x00\x01x${'\x7f\x81\x07'}${'y'.repeat(1024)}`).repeat(1000),
  'requests over the limit of those in progress': streams(3000, get),
};

/** What has come of frames of that type: their payloads. */
function payloadsOf(text: string, type: number): string[] {
  const bytes = Buffer.from(text, 'latin1');
  const payloads: string[] = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const length = bytes.readUIntBE(at, 3);
    if (bytes[at + 3] === type) payloads.push(bytes.toString('latin1', at + 9, at + 9 + length));
    at += 9 + length;
  }
  return payloads;
}

async function lives(t: Test, desk: Desk): Promise<void> {
  await until(() => desk.running.gateway.current.inFlight === 0);
  const session = await connectHttp2(t, desk.url);
  t.equal((await ask(session, { ':path': '/healthz' })).status, 200);
}

for (const [way, config] of Object.entries(ways)) {
  for (const [what, bytes] of Object.entries(floods)) {
    test(`a flood of ${what} ends its connection, and nothing is left of it, ${way}`, async (t) => {
      const gate = new Gate();
      const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
      const raw = await Raw.open(desk.url, '');
      raw.socket.write(Buffer.from(PREFACE + settings + bytes, 'latin1'));
      await until(() => raw.closed);
      await Promise.all(gate.calls.map((call) => call.cancelled));
      await lives(t, desk);
    });
  }
}
const calm = Buffer.from([0, 0, 0, constants.NGHTTP2_ENHANCE_YOUR_CALM]).toString('latin1');

const rates: readonly (readonly [key: 'resets' | 'controls', bytes: (count: number) => string])[] = [
  ['resets', (count) => streams(count, (id) => get(id) + frame(RST_STREAM, 0, id, CANCEL))],
  ['controls', (count) => frame(PING, 0, 0, '12345678').repeat(count - 1)],
];

for (const [key, bytes] of rates) {
  test(`limits.http2.${key} is how many there may be; one more ends the connection with ENHANCE_YOUR_CALM`, async (t) => {
    const gate = new Gate();
    gate.open();
    const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, { limits: { http2: { [key]: 20 } } } as ConfigInput);
    const within = await Raw.open(desk.url, '');
    within.socket.write(Buffer.from(PREFACE + settings + bytes(20) + get(1001), 'latin1'));
    await until(() => payloadsOf(within.text, DATA).some((data) => data.includes('notes/1')));
    t.equal(within.closed, false);
    within.socket.destroy();
    const beyond = await Raw.open(desk.url, '');
    beyond.socket.write(Buffer.from(PREFACE + settings + bytes(21), 'latin1'));
    await until(() => beyond.closed);
    t.equal(payloadsOf(beyond.text, GOAWAY).at(-1)?.slice(4, 8), calm);
  });
}

test('requests over limits.http2.streams are refused, so that they may be sent again', async (t) => {
  const gate = new Gate();
  const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, { limits: { http2: { streams: 2 } } });
  const raw = await Raw.open(desk.url, '');
  raw.socket.write(Buffer.from(PREFACE + settings + get(1) + get(3) + get(5), 'latin1'));
  await until(() => payloadsOf(raw.text, RST_STREAM).length > 0 && gate.calls.length === 2);
  t.same(payloadsOf(raw.text, RST_STREAM), ['\x00\x00\x00\x07']);
  raw.socket.destroy();
  await lives(t, desk);
});

for (const [way, config] of Object.entries(ways)) {
  test(`an answer that its client does not take is not kept for longer than an idle connection, ${way}`, async (t) => {
    const desk = await startDesk(
      t,
      { unary: { GetNote: () => ({ name: 'notes/1', title: 'x'.repeat(300_000) }) } },
      { ...config, limits: { keepAliveTimeoutMs: 50 } },
    );
    const raw = await Raw.open(desk.url, '');
    // SETTINGS_INITIAL_WINDOW_SIZE of 0: not even a small answer can leave (CVE-2019-9517).
    raw.socket.write(Buffer.from(PREFACE + frame(SETTINGS, 0, 0, '\x00\x04\x00\x00\x00\x00') + get(1), 'latin1'));
    await until(() => payloadsOf(raw.text, RST_STREAM).length > 0 || raw.closed);
    await lives(t, desk);
  });
}

test('a large answer that is read slowly is read to its end', async (t) => {
  const title = 'x'.repeat(400_000);
  const desk = await startDesk(t, { unary: { GetNote: () => ({ name: 'notes/1', title }) } }, { limits: { keepAliveTimeoutMs: 100 } });
  const session = await connectHttp2(t, desk.url);
  const stream = session.request(GET);
  let read = 0;
  stream.on('data', (chunk: Buffer) => {
    read += chunk.length;
    stream.pause();
    setTimeout(() => stream.resume(), 10);
  });
  await once(stream, 'end');
  t.ok(read > title.length);
});

test('a head that comes without its end is not waited for longer than an idle connection', async (t) => {
  const desk = await startDesk(t, {}, { limits: { keepAliveTimeoutMs: 50 } });
  const raw = await Raw.open(desk.url, '');
  raw.socket.write(Buffer.from(PREFACE + settings + frame(HEADERS, END_STREAM, 1, head), 'latin1'));
  await until(() => raw.closed);
  await lives(t, desk);
});

const senseless: readonly (readonly [what: string, bytes: string, code: number])[] = [
  ['frames of streams that nobody has opened', streams(3000, (id) => frame(DATA, 0, id, 'x')), constants.NGHTTP2_PROTOCOL_ERROR],
  ['garbage', '\xff'.repeat(100), constants.NGHTTP2_FRAME_SIZE_ERROR],
];

for (const [what, bytes, code] of senseless) {
  test(`who sends ${what} is told what is wrong, and kept for no longer than an idle connection`, async (t) => {
    const desk = await startDesk(t, {}, { limits: { keepAliveTimeoutMs: 50 } });
    const raw = await Raw.open(desk.url, '');
    raw.socket.write(Buffer.from(PREFACE + settings + bytes, 'latin1'));
    await until(() => raw.closed);
    t.equal(payloadsOf(raw.text, GOAWAY)[0]?.slice(4, 8), String.fromCharCode(0, 0, 0, code));
    await lives(t, desk);
  });
}
