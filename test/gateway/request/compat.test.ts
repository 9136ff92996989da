import { status } from '@grpc/grpc-js';
import { test } from 'tap';
import { Failure, type Message, metadataOf, type Received } from '../../support/backend.js';
import { type Answer, send } from '../../support/http.js';
import { startDesk } from '../desk.js';

interface Row {
  /** A sentence about grpc-gateway, or about what differs from it. */
  readonly name: string;
  readonly request: readonly [method: string, path: string, body?: string | undefined, headers?: Readonly<Record<string, string>>];
  readonly status?: number;
  /** What the server receives, by protobufjs; undefined = nothing. */
  readonly received?: Message;
  /** Metadata that the server receives. */
  readonly metadata?: Readonly<Record<string, readonly (string | Buffer)[]>>;
  readonly answer?: string;
  /** The code in the body of an error. */
  readonly code?: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly trailers?: Readonly<Record<string, string>>;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const note = '{"name":"n","title":"","words":"0","tags":[],"labels":{},"parent":null}';
const [first, second] = ['a', 'b'].map((name) => `{"result":${note.replace('"n"', `"${name}"`)}}\n`);

const same: readonly Row[] = [
  {
    name: 'default values are written, 64-bit integers as text, unset messages as null, members of a oneof not',
    request: ['GET', '/v1/notes/1'],
    received: { name: 'notes/1' },
    answer: note,
    headers: { 'content-type': 'application/json' },
  },
  {
    name: 'unknown query parameters are ignored',
    request: ['GET', '/v1/notes/1?colour=red&page_size=2&filter.colour=red'],
    received: { name: 'notes/1', page_size: 2 },
  },
  {
    name: 'query parameters have proto names or JSON names, and repeat for a list',
    request: ['GET', '/v1/notes/1?pageSize=2&filter.years=1&filter.years=2'],
    received: { name: 'notes/1', page_size: 2, filter: { years: [1, 2] } },
  },
  { name: 'a parameter of the wrong type is 400, code 3', request: ['GET', '/v1/notes/1?page_size=x'], status: 400, code: 3 },
  { name: 'a scalar given twice is 400', request: ['GET', '/v1/notes/1?page_size=1&page_size=2'], status: 400, code: 3 },
  {
    name: 'a parameter that names a field of the path is dropped',
    request: ['GET', '/v1/notes/1?name=notes/2'],
    received: { name: 'notes/1' },
  },
  {
    name: 'with body "*" the query is ignored',
    request: ['POST', '/v1/notes?title=x', '{"name":"n"}', json],
    received: { name: 'n' },
  },
  {
    name: 'a parameter that names the field of the body is dropped',
    request: ['PATCH', '/v1/notes/1?note.title=q&update_mask=title', '{"title":"t"}', json],
    received: { note: { name: 'notes/1', title: 't' }, update_mask: { paths: ['title'] } },
  },
  {
    name: 'booleans of the query are also 1 and t',
    request: ['PATCH', '/v1/notes/1?validate_only=1', '{"title":"t"}', json],
    received: { note: { name: 'notes/1', title: 't' }, update_mask: { paths: ['title'] }, validate_only: true },
  },
  {
    name: 'unknown keys of the body are ignored',
    request: ['POST', '/v1/notes', '{"name":"n","colour":"red"}', json],
    received: { name: 'n' },
  },
  { name: 'an empty body is an empty message', request: ['POST', '/v1/notes', '', json], received: {} },
  ...['application/xml', 'text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded'].map(
    (type): Row => ({
      name: `a body is JSON though it is called ${type}`,
      request: ['POST', '/v1/notes', '{"name":"n"}', { 'content-type': type }],
      received: { name: 'n' },
    }),
  ),
  {
    name: 'a body where the rule has none is ignored',
    request: ['DELETE', '/v1/notes/1', '{"page_size":1}', json],
    received: { name: 'notes/1' },
    answer: '{}',
  },
  {
    name: 'but a form there sets fields beside the query',
    request: ['POST', '/v1/notes/1:pin?page_size=4', 'filter.tag=x', form],
    received: { name: 'notes/1', page_size: 4, filter: { tag: 'x' } },
    answer: '""',
  },
  {
    name: 'a POST of a form is served by the GET rule of its path',
    request: ['POST', '/v1/by-tag/x', 'page_size=3', form],
    received: { filter: { tag: 'x' }, page_size: 3 },
  },
  {
    name: 'a PATCH without a mask gets one of the keys of its body',
    request: ['PATCH', '/v1/notes/1', '{"labels":{"k":"v"},"parent":{"title":"x"}}', json],
    received: { note: { name: 'notes/1', labels: { k: 'v' }, parent: { title: 'x' } }, update_mask: { paths: ['labels', 'parent.title'] } },
  },
  {
    name: 'any Accept gets JSON',
    request: ['GET', '/v1/notes/1', undefined, { accept: 'application/xml' }],
    received: { name: 'notes/1' },
    answer: note,
  },
  {
    name: 'Grpc-Metadata headers lose their prefix, binary ones are base64',
    request: ['GET', '/v1/notes/1', undefined, { 'grpc-metadata-x-tenant': 'a', 'grpc-metadata-key-bin': 'AQI=', 'x-other': 'b' }],
    received: { name: 'notes/1' },
    metadata: { 'x-tenant': ['a'], 'key-bin': [Buffer.from([1, 2])], 'x-other': [], 'grpc-metadata-x-tenant': [] },
  },
  {
    name: 'a binary one that is no base64 is 400',
    request: ['GET', '/v1/notes/1', undefined, { 'grpc-metadata-key-bin': '#' }],
    status: 400,
    code: 3,
  },
  {
    name: 'metadata that is not ASCII is left out',
    request: ['GET', '/v1/notes/1', undefined, { 'grpc-metadata-a': '\u00e4', 'grpc-metadata-b': 'b' }],
    received: { name: 'notes/1' },
    metadata: { a: [], b: ['b'] },
  },
  {
    name: 'permanent headers get a prefix, Authorization goes bare as well',
    request: ['GET', '/v1/notes/1', undefined, { authorization: 'Bearer x', cookie: 'a=b', 'user-agent': 'curl' }],
    received: { name: 'notes/1' },
    metadata: {
      authorization: ['Bearer x'],
      'grpcgateway-authorization': ['Bearer x'],
      'grpcgateway-cookie': ['a=b'],
      'grpcgateway-user-agent': ['curl'],
    },
  },
  {
    name: 'initial metadata of the server is Grpc-Metadata headers',
    request: ['GET', '/v1/notes/1'],
    received: { name: 'notes/1' },
    headers: { 'grpc-metadata-x-head': 'h', 'x-head': undefined, trailer: undefined },
    trailers: {},
  },
  {
    name: 'trailing metadata is Grpc-Trailer fields if the client takes trailers',
    request: ['GET', '/v1/notes/1', undefined, { te: 'trailers' }],
    received: { name: 'notes/1' },
    headers: { trailer: 'grpc-trailer-x-tail', 'transfer-encoding': 'chunked' },
    trailers: { 'grpc-trailer-x-tail': 't' },
  },
  {
    name: 'errors carry both, and a google.rpc.Status',
    request: ['GET', '/v1/notes/none', undefined, { te: 'trailers' }],
    received: { name: 'notes/none' },
    status: 404,
    answer: '{"code":5,"message":"none","details":[]}',
    headers: { 'grpc-metadata-x-head': 'h', 'content-type': 'application/json' },
    trailers: { 'grpc-trailer-x-why': 'gone' },
  },
  { name: 'a malformed Grpc-Timeout is 400', request: ['GET', '/v1/notes/1', undefined, { 'grpc-timeout': 'x' }], status: 400, code: 3 },
  { name: 'an unknown path is 404, code 5', request: ['GET', '/nothing'], status: 404, code: 5 },
  { name: 'a slash at the end is another path', request: ['GET', '/v1/notes/1/'], status: 404, code: 5 },
  ...[undefined, 'application/json', 'application/json, text/plain, */*', 'text/plain'].map(
    (accept): Row => ({
      name: `a stream is a line with "result" per item, of type application/json, for Accept: ${accept}`,
      request: ['GET', '/v1/notes:stream?count=2', undefined, accept === undefined ? {} : { accept }],
      received: { count: 2 },
      answer: `${first}${second}`,
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked', 'grpc-metadata-x-head': 'h' },
    }),
  ),
  {
    name: 'a stream that fails ends with a line "error"',
    request: ['GET', '/v1/notes:stream?count=1&fault=later'],
    received: { count: 1, fault: 'later' },
    answer: `${first}{"error":{"code":9,"message":"later","details":[]}}\n`,
  },
  {
    name: 'one that fails before the first item has the status of the error, and that line alone',
    request: ['GET', '/v1/notes:stream?fault=now'],
    received: { fault: 'now' },
    status: 400,
    answer: '{"error":{"code":9,"message":"now","details":[]}}\n',
  },
  { name: 'an empty stream has no body', request: ['GET', '/v1/notes:stream'], received: {}, answer: '' },
];

const different: readonly Row[] = [
  {
    name: 'another method is 405 with Allow instead of 501; the code is the same',
    request: ['PUT', '/v1/notes/1'],
    status: 405,
    code: 12,
    headers: { allow: 'DELETE, GET, HEAD, PATCH' },
  },
  { name: 'HEAD is answered', request: ['HEAD', '/v1/notes/1'], received: { name: 'notes/1' }, answer: '' },
  {
    name: 'the path is matched before it is decoded',
    request: ['GET', '/v1/by-tag/a%2Fb'],
    received: { filter: { tag: 'a/b' } },
  },
  { name: 'so that an encoded slash is no slash', request: ['GET', '/v1/notes%2F1'], status: 404, code: 5 },
  { name: 'a variable does not match an empty segment', request: ['GET', '/v1/by-tag/'], status: 404, code: 5 },
  {
    name: 'X-HTTP-Method-Override changes nothing',
    request: ['POST', '/v1/notes/1', '', { ...form, 'x-http-method-override': 'DELETE' }],
    status: 405,
    code: 12,
  },
  { name: 'bytes behind the JSON value are 400', request: ['POST', '/v1/notes', '{"name":"n"} x', json], status: 400, code: 3 },
  { name: 'a form is fields of the body', request: ['POST', '/v1/notes', 'name=n&title=t', form], received: { name: 'n', title: 't' } },
  {
    name: 'a mask of the query may be in camelCase',
    request: ['PATCH', '/v1/notes/1?update_mask=parent.title,tagList', '{"title":"t"}', json],
    received: { note: { name: 'notes/1', title: 't' }, update_mask: { paths: ['parent.title', 'tag_list'] } },
  },
  {
    name: 'what the path says is not in the mask',
    request: ['PATCH', '/v1/notes/1', '{"name":"notes/1","title":"t"}', json],
    received: { note: { name: 'notes/1', title: 't' }, update_mask: { paths: ['title'] } },
  },
  {
    name: 'unknown keys of a PATCH are ignored like others',
    request: ['PATCH', '/v1/notes/1', '{"title":"t","colour":"x"}', json],
    received: { note: { name: 'notes/1', title: 't' }, update_mask: { paths: ['title'] } },
  },
  {
    name: '401 has a challenge that is one',
    request: ['GET', '/v1/notes/secret'],
    received: { name: 'notes/secret' },
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
  },
  {
    name: 'X-Forwarded-For is believed from trusted proxies alone',
    request: ['GET', '/v1/notes/1', undefined, { 'x-forwarded-for': '192.0.2.1' }],
    received: { name: 'notes/1' },
    metadata: { 'x-forwarded-for': ['127.0.0.1'] },
  },
  {
    name: 'what a foreign web page can send without asking is 403',
    request: ['POST', '/v1/notes', '{}', { ...form, origin: 'https://evil.example' }],
    status: 403,
    code: 7,
  },
];

test('compat: grpc-gateway', async (t) => {
  const calls: Received[] = [];
  const answer = (reply: Message) => (call: Received) => {
    calls.push(call);
    call.sendHeaders({ 'x-head': 'h' });
    if (call.request.name === 'notes/none') throw new Failure(status.NOT_FOUND, 'none', metadataOf({ 'x-why': 'gone' }));
    if (call.request.name === 'notes/secret') throw new Failure(status.UNAUTHENTICATED, 'who are you?');
    call.trailers.set('x-tail', 't');
    return reply;
  };
  const [GetNote, DeleteNote] = [answer({ name: 'n' }), answer({})];
  const unary = { GetNote, CreateNote: GetNote, UpdateNote: GetNote, DeleteNote, PinNote: GetNote };
  const StreamNotes = async (call: Received, out: { write(message: Message): boolean }) => {
    calls.push(call);
    call.sendHeaders({ 'x-head': 'h' });
    const { count = 0, fault = '' } = call.request;
    for (const name of ['a', 'b'].slice(0, Number(count))) out.write({ name });
    if (fault !== '') throw new Failure(status.FAILED_PRECONDITION, String(fault));
  };
  const { url } = await startDesk(t, { unary, stream: { StreamNotes } }, { compat: 'grpc-gateway' });

  for (const [kind, rows] of [
    ['same', same],
    ['different', different],
  ] as const) {
    for (const row of rows) {
      await t.test(`${kind}: ${row.name}`, async (t) => {
        calls.length = 0;
        const got = await send(url, ...row.request);
        t.equal(got.status, row.status ?? 200, got.text);
        t.strictSame(
          calls.map(({ request }) => request),
          row.received === undefined ? [] : [row.received],
        );
        if (row.answer !== undefined) t.equal(got.text, row.answer);
        if (row.code !== undefined) t.equal(JSON.parse(got.text).code, row.code);
        if (row.trailers !== undefined) t.strictSame(got.trailers, row.trailers);
        t.strictSame(headersOf(got, row.headers), { ...row.headers });
        for (const [name, values] of Object.entries(row.metadata ?? {})) t.strictSame(calls[0]?.metadata.get(name), values, name);
      });
    }
  }
});

/** Those headers of an answer that a row speaks of. */
function headersOf({ headers }: Answer, named: Row['headers'] = {}): Row['headers'] {
  return Object.fromEntries(Object.keys(named).map((name) => [name, headers[name]?.toString()]));
}

test('a policy wins over the preset, for its methods', async (t) => {
  const GetNote = () => ({ name: 'n' });
  const { url } = await startDesk(
    t,
    { unary: { GetNote, PinNote: GetNote } },
    {
      compat: 'grpc-gateway',
      policies: [{ select: 'desk.v1.Desk.GetNote', unknown: 'error', mediaTypes: 'strict' }],
      metadata: { replyPrefixed: false },
      json: { nulls: false },
    },
  );
  t.equal((await send(url, 'GET', '/v1/notes/1?colour=red')).status, 400);
  t.equal((await send(url, 'GET', '/v1/notes/1', undefined, { accept: 'application/xml' })).status, 406);
  t.equal((await send(url, 'POST', '/v1/notes/1:pin?colour=red')).status, 200);
  t.equal((await send(url, 'GET', '/v1/notes/1')).text, note.replace(',"parent":null', ''));
});
