import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import type { Message } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { startReplies } from '../replies.js';

const text = (value: string) => Buffer.from(value);

/** A reply with every field set. */
const full: Message = {
  text: 'Käse "x"',
  number: '9007199254740993',
  ratio: 1.5,
  flag: true,
  data: Buffer.from([0xfb, 0xff]),
  kind: 1,
  numbers: [1, 2],
  many: [{ display_name: 'a', kind: 1 }, {}],
  counts: { k: '9007199254740993' },
  by_name: { k: { display_name: 'b' } },
  inner: { display_name: 'c', kind: 1 },
  wrapped: { value: '7' },
  time: { seconds: '1', nanos: 500_000_000 },
  span: { seconds: '1', nanos: 500_000_000 },
  mask: { paths: ['display_name', 'kind'] },
  struct: { fields: { a: { numberValue: 1 } } },
  value: { listValue: { values: [{ boolValue: true }, { nullValue: 0 }] } },
  any: { type_url: 'type.googleapis.com/google.protobuf.Duration', value: Buffer.from([8, 2]) },
  maybe: '',
  one: { display_name: 'd' },
  file: { content_type: 'text/csv; header=present', data: text('a,b\r\n') },
};

/** `response_body` by field: what is answered when it is set, and when nothing is. */
const selected: readonly (readonly [field: string, set: string, unset: string])[] = [
  ['text', '"Käse \\"x\\""', '""'],
  ['number', '"9007199254740993"', '"0"'],
  ['ratio', '1.5', '0'],
  ['flag', 'true', 'false'],
  ['data', '"+/8="', '""'],
  ['kind', '"SOME"', '"NONE"'],
  ['numbers', '[1,2]', '[]'],
  ['many', '[{"displayName":"a","kind":"SOME"},{"displayName":"","kind":"NONE"}]', '[]'],
  ['counts', '{"k":"9007199254740993"}', '{}'],
  ['by_name', '{"k":{"displayName":"b","kind":"NONE"}}', '{}'],
  ['inner', '{"displayName":"c","kind":"SOME"}', 'null'],
  ['wrapped', '"7"', 'null'],
  ['time', '"1970-01-01T00:00:01.500Z"', 'null'],
  ['span', '"1.500s"', 'null'],
  ['mask', '"displayName,kind"', 'null'],
  ['struct', '{"a":1}', 'null'],
  ['value', '[true,null]', 'null'],
  ['any', '{"@type":"type.googleapis.com/google.protobuf.Duration","value":"2s"}', 'null'],
  ['maybe', '""', '""'],
  ['one', '{"displayName":"d","kind":"NONE"}', 'null'],
];

test('response_body selects a field of any kind, by the rules of ProtoJSON', async (t) => {
  let reply = full;
  const { url } = await startReplies(t, { unary: { Get: () => reply } });
  for (const [field, set, unset] of selected) {
    reply = full;
    const answer = await send(url, 'GET', `/v1/reply/${field}`);
    t.equal(answer.text, set, field);
    t.equal(answer.headers['content-type'], 'application/json');
    reply = {};
    t.equal((await send(url, 'GET', `/v1/reply/${field}`)).text, unset, `${field} unset`);
  }
});

interface Case {
  readonly name: string;
  readonly path: string;
  readonly accept?: string;
  readonly reply?: Message;
  readonly config?: ConfigInput;
  readonly status?: number;
  readonly type?: string;
  /** The body, or the message of an error. */
  readonly answer?: string;
  readonly bytes?: string;
  readonly message?: string;
  readonly vary?: string | undefined;
}

const item = { inner: { display_name: 'c', kind: 1 }, number: '1' };
const itemJson = '{"displayName":"c","kind":"SOME"}';
const csv = { file: full.file };
const both: ConfigInput = { systemParameters: 'both' };
const small: ConfigInput = { json: { defaults: false } };

const cases: readonly Case[] = [
  { name: 'a browser gets JSON', path: '/v1/reply/inner', accept: 'text/html', answer: itemJson },
  {
    name: 'wire bytes are answered as they came',
    path: '/v1/reply',
    accept: 'application/protobuf',
    type: 'application/protobuf',
    bytes: '10015a050a01631001',
  },
  {
    name: 'under the name that was asked for',
    path: '/v1/reply',
    accept: 'application/x-protobuf',
    type: 'application/x-protobuf',
    bytes: '10015a050a01631001',
  },
  {
    name: 'response_body selects of wire bytes, too',
    path: '/v1/reply/inner',
    accept: 'application/protobuf',
    type: 'application/protobuf',
    bytes: '0a01631001',
  },
  {
    name: 'a message that is unset has no bytes',
    path: '/v1/reply/one',
    accept: 'application/protobuf',
    type: 'application/protobuf',
    bytes: '',
  },
  {
    name: 'a value that is no message has no wire form of its own',
    path: '/v1/reply/number',
    accept: 'application/protobuf',
    status: 406,
    message: 'The reply can only be application/json.',
  },
  { name: 'unless JSON will do as well', path: '/v1/reply/number', accept: 'application/protobuf, */*;q=0.1', answer: '"1"' },
  {
    name: '406 says what there is',
    path: '/v1/reply',
    accept: 'application/xml',
    status: 406,
    message: 'The reply can only be application/json or application/protobuf or application/x-protobuf.',
  },
  { name: '$alt=json wins over Accept', path: '/v1/reply/inner?$alt=json', accept: 'application/xml', answer: itemJson, vary: undefined },
  {
    name: '$alt=proto wins over Accept',
    path: '/v1/reply/inner?$alt=proto',
    accept: 'application/json',
    type: 'application/protobuf',
    bytes: '0a01631001',
    vary: undefined,
  },
  {
    name: '$alt=proto needs a message',
    path: '/v1/reply/number?$alt=proto',
    status: 400,
    message: '$alt: a reply that is no message can only be json',
  },
  {
    name: '$alt=json;enum-encoding=int writes enums as numbers',
    path: '/v1/reply/inner?$alt=json;enum-encoding=int',
    answer: '{"displayName":"c","kind":1}',
    vary: undefined,
  },
  {
    name: 'with json.enums they are numbers in any case',
    path: '/v1/reply/inner?$fields=kind',
    config: { json: { enums: 'number' } },
    answer: '{"kind":1}',
  },
  {
    name: 'also without any parameter',
    path: '/v1/reply/inner',
    config: { json: { enums: 'number' } },
    answer: '{"displayName":"c","kind":1}',
  },
  {
    name: 'its second half may be encoded',
    path: '/v1/reply/inner?%24alt=json%3Benum-encoding%3Dint',
    answer: '{"displayName":"c","kind":1}',
    vary: undefined,
  },
  {
    name: '$prettyPrint indents',
    path: '/v1/reply/inner?$prettyPrint=true',
    answer: '{\n  "displayName": "c",\n  "kind": "SOME"\n}',
  },
  { name: '$prettyPrint=false does not', path: '/v1/reply/inner?$prettyPrint=false', answer: itemJson },
  {
    name: '$fields selects, in either spelling',
    path: '/v1/reply?$fields=inner.display_name,number',
    answer: '{"number":"1","inner":{"displayName":"c"}}',
  },
  { name: '$fields begins at the field that response_body selects', path: '/v1/reply/inner?$fields=kind', answer: '{"kind":"SOME"}' },
  { name: '$fields=* is all', path: '/v1/reply/inner?$fields=*', answer: itemJson },
  {
    name: '$fields names the field that was probably meant',
    path: '/v1/reply?$fields=inner.displayNam',
    status: 400,
    message: '$fields: inner has no field "displayNam"; is "displayName" meant?',
  },
  {
    name: '$fields needs fields',
    path: '/v1/reply/number?$fields=x',
    status: 400,
    message: '$fields: the reply has no fields',
  },
  {
    name: '$fields is for JSON',
    path: '/v1/reply?$fields=number&$alt=proto',
    status: 400,
    message: '$fields: selects fields of JSON replies only',
  },
  {
    name: 'an unknown system parameter is refused, whatever the policy says of unknown fields',
    path: '/v1/reply?$field=x',
    config: { policies: [{ select: '*', unknown: 'ignore' }] },
    status: 400,
    message: '$field: unknown system parameter; is "$fields" meant?',
  },
  {
    name: 'without $ they are unknown fields',
    path: '/v1/reply?prettyPrint=true',
    status: 400,
  },
  {
    name: 'unless the configuration takes both spellings',
    path: '/v1/reply/inner?prettyPrint=true&fields=kind',
    config: both,
    answer: '{\n  "kind": "SOME"\n}',
  },
  { name: 'a field of the request has its name for itself', path: '/v1/reply/inner?alt=proto', config: both, answer: itemJson },
  {
    name: 'a method that takes its fields from the body takes system parameters all the same',
    path: 'POST /v1/reply?$fields=number',
    answer: '{"number":"1"}',
  },
  {
    name: 'problem details for those who ask',
    path: '/v1/reply?$alt=xml',
    accept: 'application/problem+json, application/json',
    status: 400,
    type: 'application/problem+json',
    answer:
      '{"type":"about:blank","title":"Bad Request","status":400,"detail":"$alt: must be json, proto or sse","code":3,"details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"$alt","description":"must be json, proto or sse"}]}]}',
  },
  {
    name: 'who asks for problem details gets good replies as JSON',
    path: '/v1/reply/inner',
    accept: 'application/problem+json',
    answer: itemJson,
  },
  {
    name: 'problem details of an unknown path',
    path: '/v1/nowhere',
    accept: 'application/problem+json',
    status: 404,
    type: 'application/problem+json',
    answer: '{"type":"about:blank","title":"Not Found","status":404,"detail":"Not found.","code":5,"details":[]}',
  },
  {
    name: 'an HttpBody is answered as its bytes, whatever Accept says',
    path: '/v1/reply/file',
    accept: 'application/json',
    reply: csv,
    type: 'text/csv; header=present',
    answer: 'a,b\r\n',
    vary: undefined,
  },
  {
    name: 'an HttpBody without bytes is an empty body',
    path: '/v1/reply/file',
    type: 'application/octet-stream',
    answer: '',
    vary: undefined,
  },
  {
    name: 'a content type that is none is not passed on',
    path: '/v1/reply/file',
    reply: { file: { content_type: 'text/html\r\nset-cookie: a=b', data: text('x') } },
    type: 'application/octet-stream',
    answer: 'x',
    vary: undefined,
  },
  {
    name: '$alt=json gives the HttpBody itself',
    path: '/v1/reply/file?$alt=json',
    reply: csv,
    config: small,
    answer: '{"contentType":"text/csv; header=present","data":"YSxiDQo="}',
    vary: undefined,
  },
  {
    name: '$fields is not for bytes',
    path: '/v1/reply/file?$fields=data',
    reply: csv,
    status: 400,
    message: '$fields: selects fields of JSON replies only',
  },
  {
    name: 'elsewhere in a reply an HttpBody is a message like any other',
    path: '/v1/reply',
    reply: csv,
    config: small,
    answer: '{"file":{"contentType":"text/csv; header=present","data":"YSxiDQo="}}',
  },
];

for (const { name, path, accept, reply = item, config = small, status = 200, type, answer, bytes, message, ...rest } of cases) {
  test(name, async (t) => {
    const { url } = await startReplies(t, { unary: { Get: () => reply } }, config);
    const [method = '', target = ''] = path.startsWith('/') ? ['GET', path] : path.split(' ');
    const got = await send(url, method, target, undefined, accept === undefined ? {} : { accept });
    t.equal(got.status, status, got.text);
    t.equal(got.headers['content-type'], type ?? 'application/json');
    if (answer !== undefined) t.equal(got.text, answer);
    if (bytes !== undefined) t.equal(got.bytes.toString('hex'), bytes);
    if (message !== undefined) t.equal(JSON.parse(got.text).message, message);
    t.equal(got.headers.vary, 'vary' in rest && status === 200 ? rest.vary : 'Accept');
  });
}
