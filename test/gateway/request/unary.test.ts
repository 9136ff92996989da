import { request } from 'node:http';
import { status } from '@grpc/grpc-js';
import { test } from 'tap';
import { type ConfigInput, startGateway } from '../../../gateway/index.js';
import { detailsMetadata, Failure, packAny, type Received, type UnaryHandler } from '../../support/backend.js';
import { send, sendRaw } from '../../support/http.js';
import { startDesk } from '../desk.js';

const json = { 'content-type': 'application/json' };

interface Case {
  readonly name: string;
  readonly request: readonly [method: string, path: string, body?: string, headers?: Readonly<Record<string, string>>];
  /** What the server receives, by protobufjs. */
  readonly received?: object;
  readonly status?: number;
  /** JSON text of the answer, or its `message` if it is an error. */
  readonly answer?: string;
  readonly message?: string;
  readonly config?: ConfigInput;
}

/** The server answers every call with the same note. */
const note = { name: 'notes/1', title: 'Käse', words: '9007199254740993', labels: { a: 'b' } };
const noteJson = '{"name":"notes/1","title":"Käse","words":"9007199254740993","tags":[],"labels":{"a":"b"}}';

const cases: readonly Case[] = [
  {
    name: 'a variable captures the segments of its template',
    request: ['GET', '/v1/notes/1'],
    received: { name: 'notes/1' },
    answer: noteJson,
  },
  {
    name: 'an additional binding is a route of its own',
    request: ['GET', '/v1/by-tag/x'],
    received: { filter: { tag: 'x' } },
    answer: noteJson,
  },
  {
    name: 'a capture is decoded once',
    request: ['GET', '/v1/by-tag/a%2520b%2Fc+d'],
    received: { filter: { tag: 'a%20b/c+d' } },
    answer: noteJson,
  },
  {
    name: 'fields that the path does not set come from the query, nested and repeated ones too',
    request: ['GET', '/v1/notes/1?page_size=5&filter.years=1&filter.years=2&filter.tag=a+b%26c'],
    received: { name: 'notes/1', page_size: 5, filter: { tag: 'a b&c', years: [1, 2] } },
    answer: noteJson,
  },
  {
    name: 'query keys may be JSON names',
    request: ['GET', '/v1/notes/1?pageSize=5'],
    received: { name: 'notes/1', page_size: 5 },
    answer: noteJson,
  },
  {
    name: 'an unknown query parameter is refused',
    request: ['GET', '/v1/notes/1?colour=red'],
    status: 400,
    message: 'colour: unknown query parameter',
  },
  {
    name: 'an unknown query parameter is ignored where the policy says so',
    request: ['GET', '/v1/notes/1?colour=red'],
    config: { policies: [{ select: '*', unknown: 'ignore' }] },
    received: { name: 'notes/1' },
    answer: noteJson,
  },
  { name: 'a query value of the wrong type is refused with its key', request: ['GET', '/v1/notes/1?page_size=five'], status: 400 },
  {
    name: 'a singular field given twice is refused',
    request: ['GET', '/v1/notes/1?page_size=1&pageSize=2'],
    status: 400,
    message: 'pageSize: is given twice',
  },
  {
    name: 'a query that contradicts the path is refused',
    request: ['GET', '/v1/notes/1?name=notes/2'],
    status: 400,
    message: 'name: contradicts the path, which sets name',
  },
  {
    name: 'a query that repeats the path is accepted',
    request: ['GET', '/v1/notes/1?name=notes/1'],
    received: { name: 'notes/1' },
    answer: noteJson,
  },
  {
    name: 'the path wins over the query where the policy says so',
    request: ['GET', '/v1/notes/1?name=notes/2'],
    config: { policies: [{ select: '*', pathConflict: 'override' }] },
    received: { name: 'notes/1' },
    answer: noteJson,
  },
  { name: 'malformed percent-encoding in the query is refused', request: ['GET', '/v1/notes/1?page_size=%zz'], status: 400 },
  {
    name: 'body: "*" takes the whole message',
    request: ['POST', '/v1/notes', '{"title":"t","words":"7"}', json],
    received: { title: 't', words: '7' },
    answer: noteJson,
  },
  { name: 'with body: "*" a query field is unknown', request: ['POST', '/v1/notes?title=t', '{}', json], status: 400 },
  { name: 'an empty body is an empty message', request: ['POST', '/v1/notes'], received: {}, answer: noteJson },
  {
    name: 'curl -d sends the form type, and JSON is JSON',
    request: ['POST', '/v1/notes', '{"title":"t"}', { 'content-type': 'application/x-www-form-urlencoded' }],
    received: { title: 't' },
    answer: noteJson,
  },
  {
    name: 'another media type is refused',
    request: ['POST', '/v1/notes', '<a/>', { 'content-type': 'application/xml' }],
    status: 415,
    message:
      'The media type of the request body is not supported: send application/json, application/x-www-form-urlencoded, multipart/form-data, application/protobuf.',
  },
  { name: 'a malformed media type is refused', request: ['POST', '/v1/notes', '{}', { 'content-type': 'json' }], status: 415 },
  {
    name: 'JSON from a foreign page in disguise is refused',
    request: ['POST', '/v1/notes', '{}', { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' }],
    status: 403,
  },
  { name: 'malformed JSON is refused', request: ['POST', '/v1/notes', '{"title":', json], status: 400 },
  { name: 'a value of the wrong type is refused', request: ['POST', '/v1/notes', '{"parent":{"words":"x"}}', json], status: 400 },
  { name: 'an unknown key is refused', request: ['POST', '/v1/notes', '{"titel":"t"}', json], status: 400 },
  { name: 'bytes after the value are refused', request: ['POST', '/v1/notes', '{} x', json], status: 400 },
  { name: 'two members of a oneof are refused', request: ['POST', '/v1/notes', '{"shelf":"a","box":"b"}', json], status: 400 },
  {
    name: 'a body where none belongs is refused',
    request: ['GET', '/v1/notes/1', '{"name":"x"}', json],
    status: 400,
    message: 'this method takes no request body',
  },
  {
    name: 'an empty object where no body belongs is accepted',
    request: ['GET', '/v1/notes/1', '{}', json],
    received: { name: 'notes/1' },
    answer: noteJson,
  },
  {
    name: 'body: "note" takes the field, the query the rest, and an unset mask of a PATCH comes from the keys of the body',
    request: ['PATCH', '/v1/notes/1?validate_only=true', '{"title":"t","parent":{"words":1}}', json],
    received: {
      note: { name: 'notes/1', title: 't', parent: { words: '1' } },
      update_mask: { paths: ['title', 'parent.words'] },
      validate_only: true,
    },
    answer: noteJson,
  },
  {
    name: 'a mask in the query stands',
    request: ['PATCH', '/v1/notes/1?update_mask=title,words', '{"title":"t"}', json],
    received: { note: { name: 'notes/1', title: 't' }, update_mask: { paths: ['title', 'words'] } },
    answer: noteJson,
  },
  {
    name: 'a body may repeat what the path says, and that is not in the mask',
    request: ['PATCH', '/v1/notes/1', '{"name":"notes/1","title":"t"}', json],
    received: { note: { name: 'notes/1', title: 't' }, update_mask: { paths: ['title'] } },
    answer: noteJson,
  },
  { name: 'a body that contradicts the path is refused', request: ['PATCH', '/v1/notes/1', '{"name":"notes/2"}', json], status: 400 },
  {
    name: 'an empty name in the body is unset, not another name',
    request: ['PATCH', '/v1/notes/1', '{"name":"","title":"t"}', json],
    received: { note: { name: 'notes/1', title: 't' }, update_mask: { paths: ['title'] } },
    answer: noteJson,
  },
  {
    name: 'derived masks can be turned off',
    request: ['PATCH', '/v1/notes/1', '{"title":"t"}', json],
    config: { patchMask: false },
    received: { note: { name: 'notes/1', title: 't' } },
    answer: noteJson,
  },
  { name: 'a custom verb is part of the path', request: ['POST', '/v1/notes/1:pin'], received: { name: 'notes/1' }, answer: '"Käse"' },
  { name: 'a verb under another method is 405', request: ['GET', '/v1/notes/1:pin'], status: 405 },
  { name: 'an unknown path is 404', request: ['GET', '/v2/notes'], status: 404, message: 'Not found.' },
  {
    name: 'a path under another method is 405',
    request: ['PUT', '/v1/notes/1'],
    status: 405,
    message: 'This path does not allow the HTTP method.',
  },
  { name: 'a bad percent-encoding is 400', request: ['GET', '/v1/notes/%zz'], status: 400 },
  { name: 'dot segments are 400', request: ['GET', '/v1/x/../notes/1'], status: 400 },
  { name: 'a trailing slash is another path', request: ['GET', '/v1/notes/1/'], status: 404 },
  {
    name: 'an absolute-form target is the same request',
    request: ['GET', 'http://elsewhere.example/v1/notes/1'],
    received: { name: 'notes/1' },
    answer: noteJson,
  },
  { name: 'the internal URL of a route does not reach it', request: ['GET', '/desk.v1.Desk/GetNote/0'], status: 404 },
  { name: 'nor does it percent-encoded', request: ['GET', '/desk.v1.Desk/%47etNote/0'], status: 404 },
  { name: 'a method without a rule is not exposed', request: ['POST', '/desk.v1.Desk/Hidden', '{}', json], status: 404 },
  {
    name: 'unless the policy says so',
    request: ['POST', '/desk.v1.Desk/Hidden', '{"title":"t"}', json],
    config: { policies: [{ select: '*', unbound: true }] },
    received: { title: 't' },
    answer: noteJson,
  },
  {
    name: 'replies can leave out defaults and use proto names',
    request: ['GET', '/v1/notes/1'],
    config: { json: { defaults: false, int64: 'number' } },
    received: { name: 'notes/1' },
    answer: '{"name":"notes/1","title":"Käse","words":9007199254740993,"labels":{"a":"b"}}',
  },
];

for (const { name, request: line, config, received, status: expected = 200, answer, message } of cases) {
  test(name, async (t) => {
    let seen: object | undefined;
    const handler: UnaryHandler = (call) => {
      seen = call.request;
      return note;
    };
    const names = ['GetNote', 'CreateNote', 'UpdateNote', 'DeleteNote', 'PinNote', 'Hidden'];
    const desk = await startDesk(t, { unary: Object.fromEntries(names.map((n) => [n, handler])) }, config);
    const reply = await send(desk.url, ...line);
    t.equal(reply.status, expected, reply.text);
    t.equal(reply.headers['content-type'], 'application/json');
    t.strictSame(seen, received);
    if (answer !== undefined) t.equal(reply.text, answer);
    if (message !== undefined) t.equal(JSON.parse(reply.text).message, message);
  });
}

test('HEAD is answered through GET, without a body (RFC 9110 section 9.3.2)', async (t) => {
  const desk = await startDesk(t, { unary: { GetNote: () => note } });
  const reply = await send(desk.url, 'HEAD', '/v1/notes/1');
  t.equal(reply.status, 200);
  t.equal(reply.text, '');
  t.equal(reply.headers['content-length'], String(Buffer.byteLength(noteJson)));
});

test('405 says which methods are allowed (RFC 9110 section 15.5.6)', async (t) => {
  const desk = await startDesk(t, {});
  const reply = await send(desk.url, 'PUT', '/v1/notes/1');
  t.equal(reply.headers.allow, 'DELETE, GET, HEAD, PATCH');
});

test('a field violation names the field', async (t) => {
  const desk = await startDesk(t, {});
  const { text } = await send(desk.url, 'POST', '/v1/notes', '{"parent":{"words":true}}', json);
  const [detail] = JSON.parse(text).details;
  t.equal(detail['@type'], 'type.googleapis.com/google.rpc.BadRequest');
  t.equal(detail.fieldViolations[0].field, 'parent.words');
});

test('an error of the server keeps its code, message and details, and an undecodable detail does not lose the others', async (t) => {
  const desk = await startDesk(t, {
    unary: {
      GetNote: () => {
        const { root } = desk.backend;
        const info = packAny(root, 'google.rpc.ErrorInfo', { reason: 'GONE', domain: 'desk', metadata: { id: '1' } });
        const details = [info, { type_url: 'type.googleapis.com/nobody.Knows', value: Buffer.from([1, 2]) }];
        throw new Failure(status.NOT_FOUND, 'nö', detailsMetadata(root, { code: 5, message: 'nö', details }));
      },
    },
  });
  const reply = await send(desk.url, 'GET', '/v1/notes/1');
  t.equal(reply.status, 404);
  t.strictSame(JSON.parse(reply.text), {
    code: 5,
    message: 'nö',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'GONE', domain: 'desk', metadata: { id: '1' } },
      { '@type': 'type.googleapis.com/nobody.Knows', value: 'AQI=' },
    ],
  });
});

test('the policy chooses the form of errors', async (t) => {
  const desk = await startDesk(t, {}, { policies: [{ select: 'desk.v1.*', errors: 'google' }] });
  const reply = await send(desk.url, 'GET', '/v1/notes/1');
  t.equal(reply.status, 501);
  t.equal(JSON.parse(reply.text).error.status, 'UNIMPLEMENTED');
});

test('a body over the limit is 413, declared or not', async (t) => {
  const desk = await startDesk(t, { unary: { CreateNote: () => note } }, { policies: [{ select: '*', maxBody: 100 }] });
  const body = JSON.stringify({ title: 'x'.repeat(88) });
  t.equal((await send(desk.url, 'POST', '/v1/notes', body, json)).status, 200, `${body.length} bytes`);
  const over = body.replace('x', 'xx');
  const declared = await send(desk.url, 'POST', '/v1/notes', over, json);
  const chunked = await send(desk.url, 'POST', '/v1/notes', over, { ...json, 'transfer-encoding': 'chunked' });
  for (const reply of [declared, chunked]) {
    t.equal(reply.status, 413);
    t.equal(reply.text, '{"code":8,"message":"The request body is larger than 100 bytes.","details":[]}');
  }
});

test('a body that does not arrive in time is 408', async (t) => {
  const desk = await startDesk(t, {}, { limits: { bodyTimeoutMs: 50 } });
  const answer = await sendRaw(
    desk.url,
    'POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{',
  );
  t.match(answer, /^HTTP\/1.1 408 /);
  t.match(answer, /"message":"The request body did not arrive in time."/);
});

test('a reply over the limit is 500', async (t) => {
  const desk = await startDesk(
    t,
    { unary: { GetNote: () => ({ title: 'x'.repeat(2000) }) } },
    { policies: [{ select: '*', maxReply: 1000 }] },
  );
  const reply = await send(desk.url, 'GET', '/v1/notes/1');
  t.equal(reply.status, 500);
  t.equal(reply.text, '{"code":13,"message":"The reply of the upstream is too large.","details":[]}');
});

test('an upstream that is not there is 503 at once, without its address', async (t) => {
  const desk = await startDesk(t, {});
  desk.backend.close();
  for (let i = 0; i < 3; i += 1) {
    const reply = await send(desk.url, 'GET', '/v1/notes/1');
    t.equal(reply.status, 503);
    t.equal(reply.text, '{"code":14,"message":"The upstream is unavailable.","details":[]}');
  }
});

test('a connection that is lost in the middle of a call is 503', async (t) => {
  for (const [lane, message] of [
    // grpc-js has the end of the connection as a reset of the call.
    ['grpc-js', 'The call was cut off.'],
    ['h2', 'The upstream is unavailable.'],
  ] as const) {
    const desk = await startDesk(t, {
      unary: {
        GetNote: async (call) => {
          desk.backend.close();
          await call.cancelled;
          return note;
        },
      },
    });
    const { config } = desk.running.gateway;
    const running = await startGateway({ ...config, upstreams: { default: { target: desk.backend.target, lane } } });
    t.teardown(() => running.close({ graceMs: 0 }));
    const reply = await send(running.url, 'GET', '/v1/notes/1');
    t.equal(reply.status, 503, lane);
    t.equal(reply.text, `{"code":14,"message":"${message}","details":[]}`);
  }
});

test('a silent upstream is 504 at the deadline, and its call is cancelled', async (t) => {
  let cancelled: Promise<void> | undefined;
  const silent: UnaryHandler = async (call: Received) => {
    cancelled = call.cancelled;
    await call.cancelled;
    return note;
  };
  const desk = await startDesk(t, { unary: { GetNote: silent } }, { policies: [{ select: '*', deadlineMs: 100 }] });
  const reply = await send(desk.url, 'GET', '/v1/notes/1');
  t.equal(reply.status, 504);
  t.equal(reply.text, '{"code":4,"message":"The upstream did not answer in time.","details":[]}');
  await cancelled;
});

test('a client may ask for a shorter deadline', async (t) => {
  let timeLeftMs = 0;
  const desk = await startDesk(t, {
    unary: {
      GetNote: (call) => {
        timeLeftMs = call.timeLeftMs;
        return note;
      },
    },
  });
  await send(desk.url, 'GET', '/v1/notes/1', undefined, { 'grpc-timeout': '5S' });
  t.ok(timeLeftMs > 1000 && timeLeftMs <= 5000, String(timeLeftMs));
  await send(desk.url, 'GET', '/v1/notes/1');
  t.ok(timeLeftMs > 30_000 && timeLeftMs <= 60_000, String(timeLeftMs));
  t.equal((await send(desk.url, 'GET', '/v1/notes/1', undefined, { 'grpc-timeout': 'soon' })).status, 400);
});

test('metadata passes by the lists, both ways', async (t) => {
  let seen: Record<string, unknown> = {};
  const desk = await startDesk(
    t,
    {
      unary: {
        GetNote: (call) => {
          seen = call.metadata.getMap();
          return note;
        },
      },
    },
    { metadata: { forward: ['x-tenant'], reply: ['x-served-by'] } },
  );
  await send(desk.url, 'GET', '/v1/notes/1', undefined, {
    authorization: 'Bearer t',
    'x-tenant': '7',
    cookie: 'a=b',
    'x-forwarded-for': '6.6.6.6',
    host: 'api.example',
  });
  t.match(seen, {
    authorization: 'Bearer t',
    'x-tenant': '7',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'api.example',
    'x-forwarded-proto': 'http',
  });
  t.notOk('cookie' in seen);
});

test('x-forwarded headers are believed from a trusted proxy', async (t) => {
  let seen: Record<string, unknown> = {};
  const handler: UnaryHandler = (call) => {
    seen = call.metadata.getMap();
    return note;
  };
  const desk = await startDesk(t, { unary: { GetNote: handler } }, { trustProxy: ['loopback'] });
  await send(desk.url, 'GET', '/v1/notes/1', undefined, {
    'x-forwarded-for': '192.0.2.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'public.example',
  });
  t.match(seen, { 'x-forwarded-for': '192.0.2.7, 127.0.0.1', 'x-forwarded-host': 'public.example', 'x-forwarded-proto': 'https' });
});

test('a client that leaves cancels the call', async (t) => {
  let arrive: (call: Received) => void;
  const arrived = new Promise<Received>((resolve) => {
    arrive = resolve;
  });
  const silent: UnaryHandler = async (call) => {
    arrive(call);
    await call.cancelled;
    return note;
  };
  const desk = await startDesk(t, { unary: { CreateNote: silent } });
  const client = request(`${desk.url}/v1/notes`, { method: 'POST', headers: json });
  client.on('error', () => {});
  client.end('{}');
  const call = await arrived;
  client.destroy();
  await call.cancelled;
  t.pass('the server saw the cancellation');
});
