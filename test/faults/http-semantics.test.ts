import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import { turns } from '../gateway/upstream/contract/recorder.js';
import { Gate } from '../support/gate.js';
import { sendRaw } from '../support/http.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const close = 'host: a\r\nconnection: close';

/** What a client waits for that asks before it sends its body, and what it gets. */
const expectations: Readonly<Record<string, readonly [line: string, type: string, length: number, httpStatus: number]>> = {
  'a body that is too large': ['POST /v1/notes', 'application/json', 1_000_000_000, 413],
  'a path that is not known': ['POST /v2', 'application/json', 10, 404],
  'another method': ['POST /v1/notes/1', 'application/json', 10, 405],
  'a type that is not taken': ['POST /v1/notes', 'image/png', 10, 415],
  'a coding that is not known': ['POST /v1/notes', 'application/json\r\ncontent-encoding: snappy', 10, 415],
};

for (const [way, config] of Object.entries(ways)) {
  test(`100 Continue comes when the body is wanted, and not before a refusal (RFC 9110 section 10.1.1), ${way}`, async (t) => {
    const { url } = await startDesk(t, { unary: { CreateNote: ({ request }) => request } }, config);
    for (const [name, [line, type, length, httpStatus]] of Object.entries(expectations)) {
      const head = `${line} HTTP/1.1\r\nhost: a\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\nexpect: 100-continue\r\n\r\n`;
      const answer = await sendRaw(url, head);
      t.match(answer, new RegExp(`^HTTP/1\\.1 ${httpStatus} [\\s\\S]*\\r\\nconnection: close\\r\\n`, 'i'), name);
    }
    const raw = await Raw.open(
      url,
      'POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 13\r\nexpect: 100-continue\r\n\r\n',
    );
    await until(() => raw.text === 'HTTP/1.1 100 Continue\r\n\r\n');
    raw.socket.write('{"title":"t"}');
    await raw.until(() => raw.text.includes('"title":"t"'));
    t.match(raw.text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    raw.socket.destroy();
  });

  test(`100 Continue comes behind the answers before it, and not into its own, ${way}`, async (t) => {
    const gate = new Gate();
    const { url } = await startDesk(t, { unary: { GetNote: gate.unary, CreateNote: ({ request }) => request } }, config);
    const get = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';
    const title = 'x'.repeat(10_000);
    const body = JSON.stringify({ title });
    const post = `POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`;
    const raw = await Raw.open(url, get + post + body);
    await until(() => gate.calls.length === 1);
    await turns();
    gate.open();
    await raw.until(() => raw.text.includes(title));
    t.match(
      raw.text,
      /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n\{"name":"notes\/1"[^}]*\}\}(HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.1 200 OK\r\n/s,
    );
    raw.socket.destroy();
  });

  test(`a refusal leaves the connection open where nothing of the request is left, ${way}`, async (t) => {
    const { url } = await startDesk(t, { unary: { GetNote: () => ({ name: 'notes/1' }) } }, config);
    const raw = await Raw.open(
      url,
      ['GET /v2', 'DELETE /v2', 'POST /v1/notes/1', 'GET /v1/notes/%zz', 'GET /v1/notes/1']
        .map((line) => `${line} HTTP/1.1\r\nhost: a\r\n\r\n`)
        .join(''),
    );
    await raw.until(() => raw.text.includes('notes/1"'));
    t.same(
      raw.text.match(/HTTP\/1\.1 \d+/g),
      ['404', '404', '405', '400', '200'].map((httpStatus) => `HTTP/1.1 ${httpStatus}`),
    );
    t.notMatch(raw.text, /connection: close/i);
    raw.socket.destroy();
  });

  test(`what HTTP does not allow is refused and calls nobody, ${way}`, async (t) => {
    const gate = new Gate();
    gate.open();
    const { url } = await startDesk(t, { unary: { GetNote: gate.unary, CreateNote: gate.unary } }, config);
    const rows: readonly (readonly [name: string, bytes: string, httpStatus: number])[] = [
      ['a host that is none', 'GET /v1/notes/1 HTTP/1.1\r\nhost: a<script>\r\n\r\n', 400],
      ['a host with a user', 'GET /v1/notes/1 HTTP/1.1\r\nhost: u@a\r\n\r\n', 400],
      ['a port that is none', 'GET /v1/notes/1 HTTP/1.1\r\nhost: a:b\r\n\r\n', 400],
      ['a transfer coding in HTTP/1.0', 'POST /v1/notes HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 400],
      ['a fragment', `GET /v1/notes/1#x HTTP/1.1\r\n${close}\r\n\r\n`, 400],
      ['no version', 'GET /v1/notes/1\r\nhost: a\r\n\r\n', 505],
      ['another version', 'GET /v1/notes/1 HTTP/2.0\r\nhost: a\r\n\r\n', 505],
      ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n', 501],
    ];
    for (const [name, bytes, httpStatus] of rows) {
      const answer = await sendRaw(url, bytes);
      t.match(answer, new RegExp(`^HTTP/1\\.1 ${httpStatus} [\\s\\S]*\\r\\nconnection: close\\r\\n[\\s\\S]*"code":`, 'i'), name);
    }
    t.equal(gate.calls.length, 0);
    for (const host of ['a', 'a:80', '[::1]:80', 'a.example:', '', '%61'])
      t.match(await sendRaw(url, `GET /v1/notes/1 HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`), /^HTTP\/1\.1 200 /, host);
  });

  test(`answers in progress at a stop say that their connection closes, ${way}`, async (t) => {
    const gate = new Gate();
    const desk = await startDesk(t, { unary: { GetNote: gate.unary } }, config);
    const get = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';
    const [one, three] = [await Raw.open(desk.url, get), await Raw.open(desk.url, get.repeat(3))];
    await until(() => gate.calls.length === 4);
    const closed = desk.running.close();
    await turns();
    await turns();
    gate.open();
    await Promise.all([one, three].map((raw) => raw.until(() => false)));
    t.match(one.text, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nconnection: close\r\n/i);
    t.equal(three.text.split('HTTP/1.1 200 OK').length, 4, 'all three are answered');
    t.match(three.text.slice(three.text.lastIndexOf('HTTP/1.1')), /\r\nconnection: close\r\n/i);
    await closed;
  });
}
