import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import type { ClientStreamHandler, Message } from '../../support/backend.js';
import { type Answer, send } from '../../support/http.js';
import { Raw, until } from '../../support/raw.js';
import { ways } from '../../support/ways.js';
import { collect, startStreams } from '../streams.js';
import { peer } from '../upstream/h2/peer.js';

type Headers = Readonly<Record<string, string>>;

const lines = { 'content-type': 'application/x-ndjson' };
const json = { 'content-type': 'application/json' };
const protobuf = { 'content-type': 'application/protobuf' };
const coded = (coding: string) => ({ ...lines, 'content-encoding': coding });

/** Messages in wire form behind their lengths. */
function delimited(...messages: readonly string[]): Buffer {
  return Buffer.concat(messages.map((message) => Buffer.from(`${String.fromCharCode(message.length)}${message}`, 'latin1')));
}

const three = '{"text":"a","n":1}\n{"text":"b"}\r\n{"n":3}\n';
const ofThree = ['r/a/1', 'r/b/0', 'r//3'];

interface Row {
  readonly target?: string;
  readonly method?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Headers;
  readonly items: readonly string[];
}

const rows: Readonly<Record<string, Row>> = {
  'a value a line': { body: three, items: ofThree },
  'values one after the other': { body: three.replaceAll(/\r?\n/g, ''), items: ofThree },
  'an array': { body: '[{"text":"a","n":1}, {"text":"b"},{"n":3}]', items: ofThree },
  'one object, which is a stream of one': { body: '{"text":"a"}', items: ['r/a/0'] },
  'an empty object, which is one, too': { body: '{}', items: ['r//0'] },
  'an empty array, which is a stream of none': { body: '[]', items: [] },
  'an empty body, which is a stream of none': { body: '', items: [] },
  'no body, which is a stream of none': { items: [] },
  'JSON under its own name': { body: '[{"text":"a"}]', items: ['r/a/0'], headers: json },
  'JSON without a type': { body: '{"text":"a"}', items: ['r/a/0'], headers: {} },
  'what curl sends without being told a type': {
    ...{ body: '{"text":"a"}', items: ['r/a/0'] },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  'application/jsonl': { body: '{"text":"a"}', items: ['r/a/0'], headers: { 'content-type': 'application/jsonl; charset=utf-8' } },
  'messages in wire form behind their lengths': {
    ...{ body: delimited('\x12\x01a\x18\x01', '', '\x18\x03'), items: ['r/a/1', 'r//0', 'r//3'] },
    headers: protobuf,
  },
  'no message in wire form': { body: '', items: [], headers: protobuf },
  gzip: { body: gzipSync(three), items: ofThree, headers: coded('gzip') },
  deflate: { body: deflateSync(three), items: ofThree, headers: coded('deflate') },
  brotli: { body: brotliCompressSync(three), items: ofThree, headers: coded('br') },
  'chunks of unknown length': { body: three, items: ofThree, headers: { ...lines, 'transfer-encoding': 'chunked' } },
  'one field an item, and the query for each': { target: '/v1/r:texts?n=7', body: '"a" "b"', items: ['r/a/7', 'r/b/7'] },
  'path and query alone, where the rule takes no body': { target: '/v1/r/5:single?text=a', items: ['r/a/5'] },
  'the same with a body that holds nothing': { target: '/v1/r/5:single', body: ' {} ', items: ['r//5'] },
  'the same with an empty body': { target: '/v1/r/5:single', body: '', items: ['r//5'] },
  'a GET': { method: 'GET', target: '/v1/r/5:get?text=a', items: ['r/a/5'], headers: {} },
};

interface BadRow extends Omit<Row, 'items'> {
  readonly status: number;
  readonly message: string;
  readonly config?: ConfigInput;
}

const limited = (limits: object): ConfigInput => ({ policies: [{ select: '*', ...limits }] });

const bad: Readonly<Record<string, BadRow>> = {
  'an item that does not fit': {
    body: '{"text":"a"}\n{"text":"b","n":"x"}\n{}',
    status: 400,
    message: '[1].n: an integer is expected',
  },
  'an item with a field that is not known': { body: '[{"txt":"a"}]', status: 400, message: '[0].txt: unknown field; is "text" meant?' },
  'an item that contradicts the path': { body: '{"room":"s"}', status: 400, message: '[0].room: the path says otherwise' },
  'an item that is another type': { body: '{} 7', status: 400, message: '[1]: an object is expected' },
  'what is no JSON': { body: '{"text":"a"}\noops\n', status: 400, message: '[1]: a value is expected at offset 0' },
  'an item that is cut off': { body: '{}{"text":"', status: 400, message: '[1]: the JSON text ends within a value' },
  'an array that is cut off': { body: '[{}', status: 400, message: '[1]: the JSON text ends within an array' },
  'an item of one byte too many': {
    ...{ body: '{"text":"a"}{"text":"bb"}', config: limited({ maxItem: 12 }) },
    status: 413,
    message: '[1]: is larger than 12 bytes',
  },
  'an item larger than a body may be': {
    body: '{"text":"bb"}',
    config: limited({ maxBody: 12 }),
    status: 413,
    message: '[0]: is larger than 12 bytes',
  },
  'an item too many': {
    ...{ body: '{}{}{}', config: limited({ maxItems: 2 }) },
    status: 400,
    message: '[2]: the stream has more than 2 items',
  },
  'wire form that is malformed': {
    body: delimited('\x12'),
    headers: protobuf,
    status: 400,
    message: '[0]: the message is malformed: truncated',
  },
  'wire form that is cut off': {
    body: delimited('\x18\x01').subarray(0, 2),
    headers: protobuf,
    status: 400,
    message: '[0]: the message is cut off',
  },
  'what is not in its coding': {
    ...{ body: '{}', headers: coded('gzip') },
    status: 400,
    message: 'content-encoding: is not how the request body is compressed',
  },
  'bytes behind what is compressed': {
    ...{ body: Buffer.concat([deflateSync('{}'), Buffer.from('x')]), headers: coded('deflate') },
    status: 400,
    message: 'content-encoding: is not how the request body is compressed',
  },
};

/** Refused before any call. */
const refused: Readonly<Record<string, BadRow>> = {
  'a type that is not taken': {
    ...{ body: 'x', headers: { 'content-type': 'image/png' } },
    status: 415,
    message:
      'The media type of the request body is not supported: send application/x-ndjson, application/json, multipart/form-data, application/protobuf.',
  },
  'a type that is none': {
    ...{ body: '{}', headers: { 'content-type': 'application' } },
    status: 415,
    message:
      'The media type of the request body is not supported: send application/x-ndjson, application/json, multipart/form-data, application/protobuf.',
  },
  'a charset that is not UTF-8': {
    ...{ body: '{}', headers: { 'content-type': 'application/x-ndjson; charset=latin1' } },
    status: 415,
    message: 'The charset of the request body is not supported: send UTF-8.',
  },
  'a coding that is not known': {
    ...{ body: '{}', headers: coded('snappy') },
    status: 415,
    message: 'The content encoding of the request body is not supported: send one of gzip, deflate, br, or none.',
  },
  'a query that does not fit': { target: '/v1/r:texts?n=x', body: '"a"', status: 400, message: 'n: an integer is expected' },
  'a path that does not fit': { target: '/v1/r/x:single', status: 400, message: 'n: an integer is expected' },
  'a page of another site': {
    ...{ body: '{}', headers: { ...lines, origin: 'https://evil.example' } },
    status: 403,
    message: 'A request from a page of another site is not allowed.',
  },
};

function ask(url: string, { method = 'POST', target = '/v1/r:collect', body, headers = lines }: Omit<Row, 'items'>): Promise<Answer> {
  return send(url, method, target, body, headers);
}

for (const [way, config] of Object.entries(ways)) {
  test(`a client stream is taken in every form, ${way}`, async (t) => {
    const { url } = await startStreams(t, { clientStream: { Collect: collect } }, config);
    for (const [name, row] of Object.entries(rows)) {
      const { status, text } = await ask(url, row);
      t.strictSame([status, text], [200, JSON.stringify({ items: row.items })], name);
    }
  });

  test(`an item that is wrong is told by its index, and the stream of the upstream is not ended, ${way}`, async (t) => {
    let isEnded = false;
    const server = await peer(t, () => {
      isEnded = true;
    });
    for (const [name, row] of Object.entries(bad)) {
      const { url, running } = await startStreams(t, {}, { ...config, upstreams: { default: { target: server.address } }, ...row.config });
      const { status, text, headers } = await ask(url, row);
      const { message, code } = JSON.parse(text);
      t.strictSame([status, message, code], [row.status, row.message, row.status === 413 ? 8 : 3], name);
      t.equal(headers['content-type'], 'application/json', name);
      await until(() => running.gateway.current.inFlight === 0);
    }
    t.notOk(isEnded, 'nothing half-sent counts as done');
  });

  test(`what is wrong beside the items is refused before the call, ${way}`, async (t) => {
    let calls = 0;
    const count = async () => {
      calls += 1;
      return {};
    };
    const { url } = await startStreams(t, { clientStream: { Collect: count } }, config);
    for (const [name, row] of Object.entries(refused)) {
      const { status, text } = await ask(url, row);
      t.strictSame([status, JSON.parse(text).message], [row.status, row.message], name);
    }
    t.equal(calls, 0);
  });
}

const png = { 'content-type': 'image/png' };

for (const [way, config] of Object.entries(ways)) {
  test(`bytes of any type go to a stream of google.api.HttpBody in pieces, each with their type and the path, ${way}`, async (t) => {
    const pieces: string[] = [];
    const note = ({ name, content_type: type, data, content }: Message): void => {
      const body = (content ?? { content_type: type, data }) as { content_type?: string; data?: Uint8Array };
      pieces.push([name ?? '-', body.content_type ?? '-', body.data?.length ?? 0].join(' '));
    };
    const store: ClientStreamHandler = async (_call, messages) => {
      for await (const piece of messages) note(piece);
      return {};
    };
    const { url } = await startStreams(t, { clientStream: { Store: store, StoreAs: store } }, config);
    const taken = async (method: string, target: string, body: string | Uint8Array, headers: Headers) => {
      pieces.length = 0;
      t.equal((await send(url, method, target, body, headers)).status, 200);
      return pieces;
    };
    t.strictSame(await taken('POST', '/v1/blobs', 'abc', png), ['- image/png 3']);
    t.strictSame(await taken('PUT', '/v1/blobs/b', 'abc', png), ['b image/png 3']);
    t.strictSame(await taken('PUT', '/v1/blobs/b', '{"a":1}', json), ['b application/json 7']);
    t.strictSame(await taken('PUT', '/v1/blobs/b', gzipSync('abc'), { ...png, 'content-encoding': 'gzip' }), ['b image/png 3']);
    t.strictSame(await taken('POST', '/v1/blobs', '', png), ['- image/png 0'], 'an upload of no bytes has a type');
    t.strictSame(await taken('POST', '/v1/blobs', '', {}), [], 'nothing at all is no message');
    const sizes = (await taken('PUT', '/v1/blobs/b', Buffer.alloc(3_000_000), png)).map((piece) => Number(piece.split(' ')[2]));
    t.ok(sizes.length > 40 && Math.max(...sizes) <= 65_536, `${sizes.length} pieces, larger in all than a body may be`);
    t.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      3_000_000,
    );
  });
}

const boundary = { 'content-type': 'multipart/form-data; boundary=b' };
const part = (name: string, content: string, more = '') =>
  `--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`;
const file = (name: string, content: string) => part(name, content, '; filename="f"\r\ncontent-type: image/png');
const form = (...parts: readonly string[]) => `${parts.join('')}--b--\r\n`;

/** Bodies of parts, and the messages that they make: name, tags, and each content with its type. */
const forms: Readonly<Record<string, readonly [body: string, messages: readonly string[]]>> = {
  'fields alone are one message': [form(part('tags', 't'), part('tags', 'u')), ['n t,u']],
  'a file is a message, with its type': [form(file('content', 'abc')), ['n  image/png abc']],
  'so it is in a field of bytes, without': [form(file('data', 'abc')), ['n  - abc']],
  'a file of no bytes is one, too': [form(file('content', '')), ['n  image/png ']],
  'fields before and behind a file are messages of their own': [
    form(part('tags', 't'), file('content', 'abc'), file('data', 'd'), part('tags', 'u')),
    ['n t', 'n  image/png abc', 'n  - d', 'n u'],
  ],
  'no parts are no message': ['--b--\r\n', []],
};

const badForms: Readonly<Record<string, readonly [body: string, status: number, message: RegExp]>> = {
  'a field that is not known': [form(part('tags', 't'), file('data', 'd'), part('colour', 'u')), 400, /^\[2\]\.colour: /],
  'the end that is missing': [part('tags', 't'), 400, /^\[0\]: The multipart body is incomplete: its last boundary is missing\.$/],
  'a part without headers': ['--b\r\n\r\nx\r\n--b--\r\n', 400, /Part 1 of the body /],
  'a part too many': [form(...Array.from({ length: 11 }, () => part('tags', 't'))), 400, /The body has more than 10 parts\./],
  'fields that are too large': [form(part('tags', 'x'.repeat(1001))), 413, /^\[0\]: is larger than 1000 bytes$/],
};

for (const [way, config] of Object.entries(ways)) {
  test(`the parts of a form become messages as they come, ${way}`, async (t) => {
    const messages: string[] = [];
    const store: ClientStreamHandler = async (_call, parts) => {
      for await (const { name, tags = [], content, data } of parts) {
        const body = content as { content_type: string; data?: Uint8Array } | undefined;
        const bytes = body === undefined ? (data as Uint8Array | undefined) : (body.data ?? new Uint8Array(0));
        const shown = bytes === undefined ? '' : ` ${body?.content_type ?? '-'} ${Buffer.from(bytes)}`;
        messages.push(`${name} ${(tags as string[]).join()}${shown}`);
      }
      return {};
    };
    const { url, running } = await startStreams(
      t,
      { clientStream: { StoreAs: store } },
      { ...config, policies: [{ select: '*', maxItem: 1000, maxParts: 10 }] },
    );
    for (const [name, [body, expected]] of Object.entries(forms)) {
      for (const [headers, sent] of [
        [boundary, body],
        [{ ...boundary, 'content-encoding': 'gzip' }, gzipSync(body)],
      ] as const) {
        messages.length = 0;
        t.strictSame([(await send(url, 'POST', '/v1/blobs/n', sent, headers)).status, messages], [200, expected], name);
      }
    }
    messages.length = 0;
    const large = Array.from({ length: 10_000 }, (_, i) => String(i % 10)).join('');
    t.equal((await send(url, 'POST', '/v1/blobs/n', form(file('data', large)), boundary)).status, 200);
    t.ok(messages.length >= 10, `${messages.length} pieces`);
    t.equal(messages.map((message) => message.slice('n  - '.length)).join(''), large);
    for (const [name, [body, status, message]] of Object.entries(badForms)) {
      const answer = await send(url, 'POST', '/v1/blobs/n', body, boundary);
      t.equal(answer.status, status, name);
      t.match(JSON.parse(answer.text).message, message, name);
    }
    t.equal(running.gateway.current.inFlight, 0);
  });

  test(`a form that breaks off is no whole one, ${way}`, async (t) => {
    let isEnded = false;
    const server = await peer(t, () => {
      isEnded = true;
    });
    const { url, running } = await startStreams(t, {}, { ...config, upstreams: { default: { target: server.address } } });
    const body = `${file('data', 'abc')}--b\r\ncontent-disposition: form-data; name="da`;
    const raw = await Raw.open(
      url,
      `POST /v1/blobs/n HTTP/1.1\r\nhost: a\r\ncontent-type: ${boundary['content-type']}\r\ncontent-length: 9999\r\n\r\n${body}`,
    );
    await until(() => server.peers.some(({ seen }) => seen.some((what) => what.startsWith('DATA 1 '))));
    raw.socket.destroy();
    await until(() => server.peers.some(({ seen }) => seen.includes('RST_STREAM 1 8')));
    await until(() => running.gateway.current.inFlight === 0);
    t.notOk(isEnded);
  });
}
