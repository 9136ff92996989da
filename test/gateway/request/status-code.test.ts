import { status } from '@grpc/grpc-js';
import { pino } from 'pino';
import { test } from 'tap';
import type { ConfigInput, Logger } from '../../../gateway/index.js';
import { Failure, metadataOf, type UnaryHandler } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { startReplies } from '../replies.js';

type Md = Readonly<Record<string, string>>;

interface Case {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Md;
  readonly trailers?: Md;
  readonly config?: ConfigInput;
  readonly status: number;
  readonly answer?: string;
  readonly expected?: Readonly<Record<string, string | undefined>>;
}

const policy = (settings: object): ConfigInput => ({ policies: [{ select: 'replies.v1.Replies.Get', ...settings }] });
const redirecting: ConfigInput = { ...policy({ redirects: true }), metadata: { reply: ['location', 'etag', 'x-http-code'] } };
const answer = '"t"';

const cases: readonly Case[] = [
  { name: 'a good answer is 200', status: 200, answer },
  { name: 'x-http-code among the headers sets a 2xx status', headers: { 'x-http-code': '201' }, status: 201, answer },
  { name: 'so it does among the trailers', trailers: { 'x-http-code': '202' }, status: 202, answer },
  { name: 'where both have it the trailers count', headers: { 'x-http-code': '201' }, trailers: { 'x-http-code': '202' }, status: 202 },
  { name: 'it stays inside', headers: { 'x-http-code': '201' }, status: 201, expected: { 'x-http-code': undefined } },
  {
    name: 'unless the list of metadata lets it out',
    headers: { 'x-http-code': '201', location: '/v1/x' },
    config: redirecting,
    status: 201,
    expected: { 'x-http-code': '201', location: '/v1/x' },
  },
  ...['204', '205'].map((code) => ({
    name: `${code} has no body`,
    headers: { 'x-http-code': code },
    status: Number(code),
    answer: '',
    expected: { 'content-type': undefined, 'content-length': code === '204' ? undefined : '0', vary: 'Accept' },
  })),
  { name: 'a redirect is not believed', headers: { 'x-http-code': '302' }, status: 200, answer },
  { name: 'unless the policy lets it', headers: { 'x-http-code': '302' }, config: redirecting, status: 302, answer },
  {
    name: '304 has no body, and keeps its entity tag',
    headers: { 'x-http-code': '304', etag: '"1"' },
    config: redirecting,
    status: 304,
    answer: '',
    expected: { 'content-type': undefined, 'content-length': undefined, etag: '"1"' },
  },
  ...['404', '500', '100', '600', '2e2', ' 201', '', '0201'].map((code) => ({
    name: `"${code}" is no status that an upstream may set`,
    headers: { 'x-http-code': code },
    config: redirecting,
    status: 200,
    answer,
  })),
  { name: 'a policy sets the status of good answers', config: policy({ successStatus: 201 }), status: 201, answer },
  { name: 'the upstream knows better', headers: { 'x-http-code': '200' }, config: policy({ successStatus: 201 }), status: 200, answer },
  { name: 'a policy may answer without a body', config: policy({ successStatus: 204 }), status: 204, answer: '' },
  { name: 'HEAD has the status of GET', method: 'HEAD', headers: { 'x-http-code': '203' }, status: 203, answer: '' },
  {
    name: 'bytes of an HttpBody may have a status, too',
    path: '/v1/reply/file',
    headers: { 'x-http-code': '206' },
    status: 206,
    answer: 'bytes',
  },
];

for (const { name, method = 'GET', path = '/v1/reply/text', headers = {}, trailers = {}, config, status: code, ...rest } of cases) {
  test(name, async (t) => {
    const handler: UnaryHandler = (call) => {
      call.sendHeaders(headers);
      call.trailers.merge(metadataOf(trailers));
      return { text: 't', file: { data: Buffer.from('bytes') } };
    };
    const { url } = await startReplies(t, { unary: { Get: handler } }, config);
    const got = await send(url, method, path);
    t.equal(got.status, code);
    if (rest.answer !== undefined) t.equal(got.text, rest.answer);
    for (const [header, value] of Object.entries(rest.expected ?? {})) t.equal(got.headers[header], value, header);
  });
}

test('an error has the status of its code', async (t) => {
  const handler: UnaryHandler = (call) => {
    call.sendHeaders({ 'x-http-code': '201' });
    throw new Failure(status.NOT_FOUND, 'no');
  };
  const { url } = await startReplies(t, { unary: { Get: handler } }, policy({ successStatus: 202 }));
  t.equal((await send(url, 'GET', '/v1/reply')).status, 404);
});

test('a status that an upstream may not set is logged', async (t) => {
  const lines: string[] = [];
  const log = pino({ level: 'warn', base: null }, { write: (line: string) => lines.push(line) }) as Logger;
  const handler: UnaryHandler = (call) => {
    call.sendHeaders({ 'x-http-code': '404' });
    return { text: 't' };
  };
  const { url } = await startReplies(t, { unary: { Get: handler } }, {}, { log });
  await send(url, 'GET', '/v1/reply');
  t.match(
    lines.map((line) => JSON.parse(line)),
    [{ rpc: 'replies.v1.Replies.Get', code: '404', msg: 'x-http-code is ignored' }],
  );
});
