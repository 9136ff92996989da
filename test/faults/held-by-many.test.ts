import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import type { ClientStreamHandler } from '../support/backend.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const GET = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';
const LENGTH = 1_048_576;
const head = (framing: string) => `POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`;

/** A body of a megabyte that lacks its end, and that. */
const item = `POST /v1/notes:upload HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n`;

const bodies: Readonly<Record<string, readonly [begin: string, end: string]>> = {
  'of known length': [`${head(`content-length: ${LENGTH}`)}${' '.repeat(LENGTH - 2)}`, '{}'],
  'in chunks': [
    `${head('transfer-encoding: chunked')}${(LENGTH - 2).toString(16)}\r\n${' '.repeat(LENGTH - 2)}\r\n`,
    '2\r\n{}\r\n0\r\n\r\n',
  ],
  'of one item of a stream': [`${item}${(LENGTH - 1).toString(16)}\r\n{${' '.repeat(LENGTH - 2)}\r\n`, '1\r\n}\r\n0\r\n\r\n'],
};

const count: ClientStreamHandler = async (_call, messages) => {
  let words = 0;
  for await (const _note of messages) words += 1;
  return { words };
};

for (const [way, config] of Object.entries(ways)) {
  test(`of large answers that nobody reads those are cut that wait for the longest time, ${way}`, async (t) => {
    const note = { title: 'x'.repeat(1_000_000) };
    const { url, running } = await startDesk(t, { unary: { GetNote: () => note } }, config);
    const { current } = running.gateway;
    const clients: Raw[] = [];
    for (let i = 0; i < 34; i++) {
      const raw = await Raw.open(url, GET.repeat(16));
      clients.push(raw);
      await raw.until(() => raw.text !== '');
      raw.socket.pause();
    }
    await until(() => current.inFlight < 34 * 16 * 0.6);
    const [first, last] = [clients[0], clients.at(-1)];
    if (first === undefined || last === undefined) throw new Error('no clients');
    const answers = ({ text }: Raw) => text.split('"labels":{}}').length - 1;
    last.socket.resume();
    await last.until(() => answers(last) === 16);
    t.equal(answers(last), 16);
    first.socket.resume();
    await first.until(() => false);
    t.ok(answers(first) < 16, `${answers(first)} answers`);
    for (const { socket } of clients) socket.destroy();
    await until(() => current.inFlight === 0);
  });

  for (const [kind, [begin, end]] of Object.entries(bodies)) {
    test(`of bodies ${kind} whose rest does not come the oldest are 503 when they are too many, ${way}`, async (t) => {
      const { url, running } = await startDesk(
        t,
        { unary: { CreateNote: ({ request }) => request }, clientStream: { UploadNotes: count } },
        config,
      );
      const clients: Raw[] = [];
      for (let i = 0; i < 270; i++) clients.push(await Raw.open(url, begin));
      const [first, last] = [clients[0], clients.at(-1)];
      if (first === undefined || last === undefined) throw new Error('no clients');
      await first.until(() => false);
      t.match(first.text, /^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n[\s\S]*"message":"Too many request bodies are incomplete\."/);
      t.match(first.text, /\r\nconnection: close\r\n/i);
      last.socket.write(end);
      await last.until(() => last.text !== '');
      t.match(last.text, /^HTTP\/1\.1 200 OK/);
      for (const { socket } of clients) socket.destroy();
      await until(() => running.gateway.current.inFlight === 0);
    });
  }
}
