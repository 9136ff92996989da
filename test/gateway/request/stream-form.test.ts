import { status } from '@grpc/grpc-js';
import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import { Failure, type Message, type StreamHandler } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { startReplies } from '../replies.js';

interface Case {
  readonly name: string;
  readonly path: string;
  readonly accept?: string;
  readonly items: readonly Message[];
  readonly fails?: boolean;
  readonly config?: ConfigInput;
  readonly status?: number;
  readonly type?: string;
  readonly answer?: string;
  readonly message?: string;
}

const items = [{ display_name: 'a' }, { display_name: 'b', kind: 1 }];
const [a, b] = ['{"displayName":"a","kind":"NONE"}', '{"displayName":"b","kind":"SOME"}'];
const none = '{"displayName":"","kind":"NONE"}';
const error = '{"error":{"code":15,"message":"lost","details":[]}}';
const lines = 'application/x-ndjson';
const json = 'application/json';
const events = 'text/event-stream';
const ok = '{"code":0,"message":"","details":[]}';
const end = `id: end\nevent: end\ndata: ${ok}\n\n`;
const chunks = [
  { content_type: 'image/png', data: Buffer.from('one,') },
  { content_type: 'text/html' },
  { content_type: 'text/html', data: Buffer.from('two') },
];

const asLines: ConfigInput = { policies: [{ select: '*', streamForm: 'json-lines' }] };

const cases: readonly Case[] = [
  { name: 'without Accept a stream is one value a line', path: '/v1/items', items, type: lines, answer: `${a}\n${b}\n` },
  { name: 'so it is for any type', path: '/v1/items', accept: '*/*', items, type: lines, answer: `${a}\n${b}\n` },
  {
    name: 'and under the newer name of the format',
    path: '/v1/items',
    accept: 'application/jsonl',
    items,
    type: 'application/jsonl',
    answer: `${a}\n${b}\n`,
  },
  { name: 'application/json is an array', path: '/v1/items', accept: 'application/json, */*', items, type: json, answer: `[${a},\n${b}]` },
  { name: '$alt=json is an array', path: '/v1/items?$alt=json', accept: lines, items, type: json, answer: `[${a},\n${b}]` },
  { name: 'an empty array', path: '/v1/items?$alt=json', items: [], type: json, answer: '[]' },
  {
    name: 'an array ends with its error',
    path: '/v1/items',
    accept: json,
    items,
    fails: true,
    type: json,
    answer: `[${a},\n${b},\n${error}]`,
  },
  { name: 'an error before the first item has its own status', path: '/v1/items', accept: json, items: [], fails: true, status: 500 },
  {
    name: 'items of an array that may have a member "error" stand in an envelope',
    path: '/v1/failures?$alt=json',
    items: [{ error: 'x' }],
    type: json,
    answer: '[{"result":{"error":"x"}}]',
  },
  {
    name: 'all items stand in an envelope where the policy says so',
    path: '/v1/items',
    items,
    config: { policies: [{ select: '*', streamEnvelope: 'always' }] },
    type: lines,
    answer: `{"result":${a}}\n{"result":${b}}\n`,
  },
  {
    name: 'in an envelope an error before the first item is a line, too',
    path: '/v1/items',
    accept: json,
    items: [],
    fails: true,
    config: { policies: [{ select: '*', streamEnvelope: 'always' }] },
    status: 500,
    type: json,
    answer: `${error}\n`,
  },
  {
    name: 'but what Google clients parse stays as it is',
    path: '/v1/items',
    items: [],
    fails: true,
    config: { policies: [{ select: '*', streamEnvelope: 'always', errors: 'google' }] },
    status: 500,
    answer: '{"error":{"code":500,"message":"lost","status":"DATA_LOSS","details":[]}}',
  },
  ...[undefined, '*/*', json, 'application/json, text/plain, */*'].map(
    (accept): Case => ({
      name: `as lines of JSON a stream is application/json, to Accept: ${accept}`,
      path: '/v1/items',
      ...(accept === undefined ? {} : { accept }),
      items,
      fails: true,
      config: asLines,
      type: json,
      answer: `${a}\n${b}\n${error}\n`,
    }),
  ),
  { name: 'and NDJSON to who asks for it', path: '/v1/items', accept: lines, items, config: asLines, type: lines, answer: `${a}\n${b}\n` },
  {
    name: '$prettyPrint does not break lines of application/json either',
    path: '/v1/items?$prettyPrint=true&$alt=json',
    items: [{}],
    config: asLines,
    type: json,
    answer: '{"displayName":"","kind":"NONE"}\n',
  },
  {
    name: 'where media types do not matter an Accept for none of them gets the first',
    path: '/v1/items',
    accept: 'application/xml',
    items,
    config: { policies: [{ select: '*', mediaTypes: 'lenient' }] },
    type: lines,
    answer: `${a}\n${b}\n`,
  },
  {
    name: 'text/event-stream is an event an item, with ids that count, and one that says that it was all',
    path: '/v1/items',
    accept: events,
    items,
    type: events,
    answer: `id: 1\ndata: ${a}\n\nid: 2\ndata: ${b}\n\n${end}`,
  },
  {
    name: 'and so is $alt=sse',
    path: '/v1/items?$alt=sse',
    accept: json,
    items: [{}],
    type: events,
    answer: `id: 1\ndata: ${none}\n\n${end}`,
  },
  { name: 'no items are events, too', path: '/v1/items', accept: events, items: [], type: events, answer: end },
  {
    name: 'events that fail end with one that is the status',
    path: '/v1/items',
    accept: events,
    items: [{}],
    fails: true,
    type: events,
    answer: `id: 1\ndata: ${none}\n\nevent: error\ndata: {"code":15,"message":"lost","details":[]}\n\n`,
  },
  {
    name: 'before the first event an error has its own status',
    path: '/v1/items',
    accept: events,
    items: [],
    fails: true,
    status: 500,
    type: json,
    answer: '{"code":15,"message":"lost","details":[]}',
  },
  {
    name: 'the name of an event tells an error from an item that has one',
    path: '/v1/failures',
    accept: events,
    items: [{ error: 'x' }],
    type: events,
    answer: `id: 1\ndata: {"error":"x"}\n\n${end}`,
  },
  {
    name: 'where all items stand in an envelope they do in events',
    path: '/v1/items',
    accept: events,
    items: [{}],
    config: { policies: [{ select: '*', streamEnvelope: 'always' }] },
    type: events,
    answer: `id: 1\ndata: {"result":${none}}\n\n${end}`,
  },
  {
    name: 'how long a client shall wait before it comes again stands before all events',
    path: '/v1/items',
    accept: events,
    items: [{}],
    config: { streams: { retryMs: 2500 } },
    type: events,
    answer: `retry: 2500\n\nid: 1\ndata: ${none}\n\n${end}`,
  },
  {
    name: 'and where there are none',
    path: '/v1/items',
    accept: events,
    items: [],
    config: { streams: { retryMs: 2500 } },
    type: events,
    answer: `retry: 2500\n\n${end}`,
  },
  {
    name: '$prettyPrint makes of an event several lines of data',
    path: '/v1/items?$prettyPrint=true&$fields=kind',
    accept: events,
    items: [{}],
    type: events,
    answer: `id: 1\ndata: {\ndata:   "kind": "NONE"\ndata: }\n\n${end}`,
  },
  {
    name: 'line ends within texts are escaped, and end no data',
    path: '/v1/items?$fields=displayName',
    accept: events,
    items: [{ display_name: 'a\nb\r\n\ndata: c\u2028' }],
    type: events,
    answer: `id: 1\ndata: {"displayName":"a\\nb\\r\\n\\ndata: c\u2028"}\n\n${end}`,
  },
  {
    name: '$fields selects of each item, and enum numbers are for each',
    path: '/v1/items?$fields=kind&$alt=json;enum-encoding=int',
    items,
    type: json,
    answer: '[{"kind":0},\n{"kind":1}]',
  },
  {
    name: '$prettyPrint indents the items of an array',
    path: '/v1/items?$prettyPrint=true&$fields=kind&$alt=json',
    items: [{}],
    type: json,
    answer: '[{\n  "kind": "NONE"\n}]',
  },
  {
    name: '$prettyPrint does not break lines',
    path: '/v1/items?$prettyPrint=true&$fields=kind',
    items,
    type: lines,
    answer: '{"kind":"NONE"}\n{"kind":"SOME"}\n',
  },
  {
    name: 'a stream has no wire form',
    path: '/v1/items?$alt=proto',
    items,
    status: 400,
    message: '$alt: a stream can only be json or sse',
  },
  {
    name: 'nor by Accept',
    path: '/v1/items',
    accept: 'application/protobuf',
    items,
    status: 406,
    message: 'The reply can only be application/x-ndjson or application/jsonl or application/json or text/event-stream.',
  },
  {
    name: 'a stream of HttpBody is their bytes, of the type of the first',
    path: '/v1/export',
    items: chunks,
    type: 'image/png',
    answer: 'one,two',
  },
  { name: 'an empty one has no bytes', path: '/v1/export', items: [], type: 'application/octet-stream', answer: '' },
  {
    name: 'they stay bytes to who asks for events',
    path: '/v1/export',
    accept: events,
    items: [{ content_type: 'text/event-stream; charset=utf-8', data: Buffer.from('data: 1\n\n') }],
    type: 'text/event-stream; charset=utf-8',
    answer: 'data: 1\n\n',
  },
  {
    name: '$alt=sse has the messages themselves as events',
    path: '/v1/export?$alt=sse',
    items: [{ content_type: 'a/b', data: Buffer.from('x') }],
    type: events,
    answer: `id: 1\ndata: {"contentType":"a/b","data":"eA==","extensions":[]}\n\n${end}`,
  },
  {
    name: 'one that begins without bytes goes on',
    path: '/v1/export',
    items: [...chunks].reverse().slice(1),
    type: 'text/html',
    answer: 'one,',
  },
];

for (const { name, path, accept, items: sent, fails = false, config, status: expected = 200, type, answer, message } of cases) {
  test(name, async (t) => {
    const stream: StreamHandler = async (_call, out) => {
      for (const one of sent) out.write(one);
      if (fails) throw new Failure(status.DATA_LOSS, 'lost');
    };
    const { url } = await startReplies(t, { stream: { List: stream, ListFailures: stream, Export: stream } }, config);
    const got = await send(url, 'GET', path, undefined, accept === undefined ? {} : { accept });
    t.equal(got.status, expected, got.text);
    if (type !== undefined) t.equal(got.headers['content-type'], type);
    if (answer !== undefined) t.equal(got.text, answer);
    if (message !== undefined) t.equal(JSON.parse(got.text).message, message);
    t.equal(got.headers['x-content-type-options'], path === '/v1/export' ? 'nosniff' : undefined);
    t.equal(got.headers.vary, path === '/v1/export' || (/\$alt=(json|sse)/.test(path) && expected === 200) ? undefined : 'Accept');
    const flows = type?.startsWith(events);
    t.equal(got.headers['cache-control'], flows ? 'no-store' : undefined);
    t.equal(got.headers['x-accel-buffering'], flows ? 'no' : undefined);
  });
}

test('a stream of bytes that fails is cut, so that it cannot be taken for a complete one', async (t) => {
  const failing: StreamHandler = async (_call, out) => {
    out.write({ content_type: 'image/png', data: Buffer.from('one') });
    throw new Failure(status.DATA_LOSS, 'lost');
  };
  const { url } = await startReplies(t, { stream: { Export: failing } });
  await t.rejects(send(url, 'GET', '/v1/export'), { code: 'ECONNRESET' });
});

test('a stream of bytes that fails before the first of them has the status of its error', async (t) => {
  const failing: StreamHandler = async () => {
    throw new Failure(status.NOT_FOUND, 'no such export');
  };
  const { url } = await startReplies(t, { stream: { Export: failing } });
  const got = await send(url, 'GET', '/v1/export');
  t.equal(got.status, 404);
  t.equal(got.text, '{"code":5,"message":"no such export","details":[]}');
});

test('an item over maxReply ends its stream, one of that size does not', async (t) => {
  const stream: StreamHandler = async ({ request }, out) => {
    out.write({ display_name: 'x'.repeat(Number(request.filter)) });
  };
  // Tag and length of the field are 3 bytes.
  const { url } = await startReplies(t, { stream: { List: stream } }, { policies: [{ select: '*', maxReply: 203 }] });
  t.equal((await send(url, 'GET', '/v1/items?filter=200&$fields=kind')).text, '{"kind":"NONE"}\n');
  const over = await send(url, 'GET', '/v1/items?filter=201');
  t.equal(over.status, 500);
  t.equal(over.text, '{"code":13,"message":"The reply of the upstream is too large.","details":[]}');
});
