import { request as requestHttp1 } from 'node:http';
import type { ClientHttp2Session } from 'node:http2';
import { test } from 'tap';
import { ask, connectHttp2 } from '../../support/http2.js';
import { startWays, type Way } from './ways/desks.js';
import { config, presets, rows } from './ways/table.js';

/** Not of HTTP/2: versions, framing, and requests that are several or broken. */
const ofHttp1 = ['no host', 'HTTP/1.0', 'a stream of HTTP/1.0', 'one after the other', 'an error between', 'no HTTP'];

/** Node's client does not send it. */
const unsent = ['a header that cannot go on'];

/** Headers of an HTTP/1.1 connection and its framing, and the time, which servers tell as well. */
const notCompared = ['connection', 'keep-alive', 'transfer-encoding', 'date'];

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Body | undefined;
}

interface Body {
  readonly text: string;
  /** What is missing does not come. */
  readonly whole: boolean;
}

/** What was written for HTTP/1.1, without its framing. */
function parse(text: string): Request {
  const at = text.indexOf('\r\n\r\n');
  const [line = '', ...lines] = text.slice(0, at).split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const headers: Record<string, string | string[]> = {};
  let body: Body = { text: text.slice(at + 4), whole: true };
  for (const each of lines) {
    const colon = each.indexOf(':');
    const [name, value] = [each.slice(0, colon), each.slice(colon + 1).trim()];
    if (name === 'transfer-encoding') body = unchunk(body.text);
    if (name === 'content-length') body = { ...body, whole: Buffer.byteLength(body.text) === Number(value) };
    if (name === 'host' || notCompared.includes(name)) continue;
    headers[name] = name in headers ? [headers[name] ?? '', value].flat() : value;
  }
  const hasBody = /^(?:content-length|transfer-encoding):/m.test(text.slice(0, at));
  return { method, path, headers, body: hasBody ? body : undefined };
}

/** Chunks are of ASCII. */
function unchunk(text: string): Body {
  let [at, data] = [0, ''];
  for (;;) {
    const end = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, end), 16);
    if (end === -1 || size === 0) return { text: data, whole: size === 0 };
    data += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}

interface Seen {
  readonly status: number;
  readonly headers: object;
  readonly trailers: object;
  readonly body: string;
  readonly calls: readonly string[];
}

/** A call that is cancelled at once may reach its server or not. */
const isSettled = (call: string) => !call.startsWith('["UploadNotes"');

const compared = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^:|date$/.test(name) && !notCompared.includes(name)));

async function overHttp2(session: ClientHttp2Session, { calls }: Way, { method, path, headers, body }: Request): Promise<Seen> {
  calls.length = 0;
  const answer = await ask(session, { ':method': method, ':path': path, ':authority': 'a', ...headers }, body?.text, body?.whole);
  const { status, trailers, text } = answer;
  return { status, headers: compared(answer.headers), trailers: compared(trailers), body: text, calls: calls.filter(isSettled) };
}

function overHttp1({ desk, calls }: Way, { method, path, headers, body }: Request): Promise<Seen> {
  calls.length = 0;
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(desk.url);
    const out = requestHttp1({ hostname, port, method, path, headers: { host: 'a', ...headers }, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const { statusCode = 0, trailers } = response;
        resolve({
          status: statusCode,
          headers: compared(response.headers),
          trailers: compared(trailers),
          body: text,
          calls: calls.filter(isSettled),
        });
      });
    });
    out.on('error', reject);
    if (body !== undefined && !body.whole) {
      out.flushHeaders();
      if (body.text !== '') out.write(body.text);
    } else out.end(body?.text);
  });
}

for (const [name, more] of Object.entries(presets)) {
  test(`a request is answered over HTTP/2 as over HTTP/1.1, on the direct way and on Fastify's, ${name}`, async (t) => {
    const ways = await startWays(t, { ...config, ...more });
    for (const [way, label] of [
      [ways[0], 'direct'],
      [ways[1], 'through Fastify'],
    ] as const) {
      const session = await connectHttp2(t, way.desk.url);
      for (const [what, text] of Object.entries(rows)) {
        if (ofHttp1.includes(what) || unsent.includes(what)) continue;
        const request = parse(text);
        const wanted = await overHttp1(way, request);
        t.same(await overHttp2(session, way, request), wanted, `${what}, ${label}`);
      }
    }
  });
}
