import { test } from 'tap';
import type { ConfigInput } from '../../gateway/index.js';
import { startDesk } from '../gateway/desk.js';
import { startReplies } from '../gateway/replies.js';
import { Transcoder } from '../gateway/transcode/transcoder.js';
import { Failure, type Message, type Received, type StreamHandler } from '../support/backend.js';
import { type Answer, send } from '../support/http.js';

const json = { 'content-type': 'application/json' };

async function start(t: Parameters<typeof startDesk>[0], config: ConfigInput) {
  const calls: Received[] = [];
  const answer = (call: Received): Message => {
    calls.push(call);
    if (call.request.name === 'notes/none') throw new Failure(5, 'none');
    return { name: 'n' };
  };
  const unary = { GetNote: answer, CreateNote: answer, UpdateNote: answer, PinNote: answer };
  const { url } = await startDesk(t, { unary }, config);
  const ask = async (method: string, path: string, body?: string, headers: Readonly<Record<string, string>> = json) => {
    calls.length = 0;
    return { answer: await send(url, method, path, body, headers), call: calls[0] };
  };
  return { ask };
}

const errorOf = ({ status, text }: Answer) => [status, JSON.parse(text).error?.code, JSON.parse(text).error?.status];

test('compat: google has errors in the form of Google, also where there is no method', async (t) => {
  const { ask } = await start(t, { compat: 'google' });
  t.strictSame(errorOf((await ask('GET', '/v1/notes/none')).answer), [404, 404, 'NOT_FOUND']);
  t.strictSame(errorOf((await ask('GET', '/nothing')).answer), [404, 404, 'NOT_FOUND']);
  t.strictSame(errorOf((await ask('PUT', '/v1/notes/1')).answer), [405, 405, 'UNIMPLEMENTED']);
  t.strictSame(errorOf((await ask('GET', '/v1/%zz')).answer), [400, 400, 'INVALID_ARGUMENT']);
});

test('what a policy says of everything wins, there too', async (t) => {
  const { ask } = await start(t, { compat: 'google', policies: [{ select: '*', errors: 'status' }] });
  t.equal(JSON.parse((await ask('GET', '/nothing')).answer.text).code, 5);
  const plain = await start(t, { policies: [{ select: '*', errors: 'google' }] });
  t.strictSame(errorOf((await plain.ask('GET', '/nothing')).answer), [404, 404, 'NOT_FOUND']);
});

test('a body of "" is an empty message', async (t) => {
  const { ask } = await start(t, { compat: 'google' });
  t.strictSame((await ask('POST', '/v1/notes', '""')).call?.request, {});
  t.strictSame((await ask('POST', '/v1/notes', ' "" ')).call?.request, {});
  t.strictSame((await ask('PATCH', '/v1/notes/1', '""')).call?.request, { note: { name: 'notes/1' } });
  t.equal((await ask('POST', '/v1/notes', '"x"')).answer.status, 400);
  const other = await start(t, {});
  t.equal((await other.ask('POST', '/v1/notes', '""')).answer.status, 400);
});

test('a PATCH without a mask has none', async (t) => {
  const { ask } = await start(t, { compat: 'google' });
  t.strictSame((await ask('PATCH', '/v1/notes/1', '{"title":"t"}')).call?.request, { note: { name: 'notes/1', title: 't' } });
  const derived = await start(t, { compat: 'google', patchMask: true });
  t.strictSame((await derived.ask('PATCH', '/v1/notes/1', '{"title":"t"}')).call?.request.update_mask, { paths: ['title'] });
});

test('x-goog headers reach the server, and what metadata.forward adds', async (t) => {
  const headers = { 'X-Goog-Api-Client': 'gl-js/1', 'x-goog-request-params': 'name=1', 'x-tenant': 'a', 'x-other': 'b' };
  for (const forward of [[], ['x-tenant']]) {
    const { ask } = await start(t, { compat: 'google', metadata: { forward } });
    const { call } = await ask('GET', '/v1/notes/1', undefined, headers);
    t.strictSame(
      Object.keys(headers).map((name) => call?.metadata.get(name)),
      [['gl-js/1'], ['name=1'], forward.length > 0 ? ['a'] : [], []],
    );
  }
});

test('system parameters need no $, as its clients send them', async (t) => {
  const { ask } = await start(t, { compat: 'google' });
  const { answer, call } = await ask('GET', '/v1/notes/1?alt=json&prettyPrint=false&fields=name&key=k&page_size=2');
  t.strictSame([answer.status, answer.text], [200, '{"name":"n"}']);
  t.strictSame(call?.request, { name: 'notes/1', page_size: 2 });
  t.strictSame(call?.metadata.get('x-goog-api-key'), ['k']);
  t.equal((await ask('GET', '/v1/notes/1?%24alt=json%3Benum-encoding=int')).answer.status, 200);
});

const masked = new Transcoder(`
  syntax = "proto3";
  package t;
  import "google/api/annotations.proto";
  import "google/protobuf/field_mask.proto";
  service S {
    rpc Update(Req) returns (Book) { option (google.api.http) = { patch: "/v1/books" body: "*" }; }
  }
  message Book { string full_name = 1; string displayName = 2; google.protobuf.FieldMask inner_mask = 3; }
  message Req { Book book = 1; google.protobuf.FieldMask update_mask = 2; repeated google.protobuf.FieldMask masks = 3; }`);

const refused = '400 updateMask: a path of the field mask must be in lowerCamelCase';
const rows: readonly (readonly [masks: 'protojson' | 'either', paths: string, received: string])[] = [
  ['either', 'fullName,book.fullName', 'full_name,book.full_name'],
  ['either', 'full_name,book.full_name', 'full_name,book.full_name'],
  ['either', 'full\\u005fname', 'full_name'],
  ['either', 'displayName', 'displayName'],
  ['either', 'otherThing,other_thing', 'other_thing,other_thing'],
  ['either', 'other_Thing', refused],
  ['protojson', 'fullName', 'full_name'],
  ['protojson', 'full_name', refused],
];

test('masks: either takes paths of masks in bodies in either spelling, wherever they stand', (t) => {
  for (const [masks, paths, received] of rows) {
    const line = 'PATCH /v1/books';
    const told = masked.send(line, `{"updateMask":"${paths}"}`, 'application/json', { masks });
    if (received === refused) {
      t.equal(told, refused, paths);
      continue;
    }
    for (const body of [`{"updateMask":"${paths}"}`, `{"masks":["${paths}"]}`, `{"book":{"innerMask":"${paths}"}}`]) {
      t.equal(textsOf(masked.wire(line, body, 'application/json', { masks })), received, body);
    }
  }
  t.end();
});

/** The texts of a message that holds one mask. */
function textsOf(wire: Uint8Array): string {
  return (
    Buffer.from(wire)
      .toString('latin1')
      .match(/[A-Za-z_.]{8,}/g) ?? []
  ).join(',');
}

test('the error that ends a stream is in the form of Google, too', async (t) => {
  const List: StreamHandler = async (_call, out) => {
    out.write({ display_name: 'a' });
    throw new Failure(5, 'none');
  };
  const { url } = await startReplies(t, { stream: { List } }, { compat: 'google' });
  const error = '{"error":{"code":404,"message":"none","status":"NOT_FOUND","details":[]}}';
  const item = '{"displayName":"a","kind":"NONE"}';
  t.equal((await send(url, 'GET', '/v1/items?$alt=json')).text, `[${item},\n${error}]`);
  t.equal((await send(url, 'GET', '/v1/items')).text, `${item}\n${error}\n`);
  const { url: plain } = await startReplies(t, { stream: { List } });
  t.equal((await send(plain, 'GET', '/v1/items')).text, `${item}\n{"error":{"code":5,"message":"none","details":[]}}\n`);
});
