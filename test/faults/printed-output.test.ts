import { status } from '@grpc/grpc-js';
import { test } from 'tap';
import { createCodec } from '../../proto/json/create.js';
import { startReplies } from '../gateway/replies.js';
import { detailsMetadata, Failure, type Message, packAny } from '../support/backend.js';
import { send } from '../support/http.js';
import { schemaOf } from '../support/schema.js';

const TOO_LARGE = '{"code":13,"message":"The reply of the upstream is too large.","details":[]}';
const KiB = 1024;

/** 2 bytes each on the wire, 33 as JSON. */
const many = (count: number): Message => ({ many: Array(count).fill({}) });

for (const [way, config] of [
  ['the direct way', {}],
  ['through Fastify', { trustProxy: ['192.0.2.1'] }],
] as const) {
  test(`maxReply bounds what is printed as well, to the byte (${way})`, async (t) => {
    const reply = { text: '', many: Array(1000).fill({}) };
    const whole = await startReplies(t, { unary: { Get: () => reply } }, config);
    const { text } = await send(whole.url, 'GET', '/v1/reply');
    for (const [maxReply, expected] of [
      [text.length, 200],
      [text.length - 1, 500],
    ] as const) {
      const policies = [{ select: '*', maxReply }];
      const { url } = await startReplies(t, { unary: { Get: () => reply } }, { ...config, policies });
      const answer = await send(url, 'GET', '/v1/reply');
      t.equal(answer.status, expected);
      t.equal(answer.text, expected === 200 ? text : TOO_LARGE);
      const pretty = await send(url, 'GET', '/v1/reply?$prettyPrint=true');
      t.equal(pretty.status, 500, 'with white space');
      t.equal(pretty.text, TOO_LARGE);
    }
  });

  test(`replies of 140 kB do not print to megabytes where maxReply is one (${way})`, async (t) => {
    const policies = [{ select: '*', maxReply: 1024 * KiB }];
    const { url } = await startReplies(t, { unary: { Get: () => many(70_000) } }, { ...config, policies });
    const answer = await send(url, 'GET', '/v1/reply');
    t.equal(answer.status, 500);
    t.equal(answer.text, TOO_LARGE);
  });

  test(`details that do not fit are base64 or left out, and the error keeps its code and message (${way})`, async (t) => {
    const codeAndMessage = { code: 5, message: 'gone' };
    const base64 = (count: number) => ({
      '@type': 'type.googleapis.com/replies.v1.Reply',
      value: Buffer.alloc(count * 2, Buffer.from([0x42, 0])).toString('base64'),
    });
    const item = { '@type': 'type.googleapis.com/replies.v1.Item', displayName: 'a', kind: 'NONE' };
    let counts: readonly number[] = [];
    const fail = (): Message => {
      const { root } = service.backend;
      const details = [
        ...counts.map((count) => packAny(root, 'replies.v1.Reply', many(count))),
        packAny(root, 'replies.v1.Item', { display_name: 'a' }),
      ];
      throw new Failure(status.NOT_FOUND, 'gone', detailsMetadata(root, { ...codeAndMessage, details }));
    };
    const policies = [{ select: '*', maxDetails: 4 * KiB }];
    const service = await startReplies(t, { unary: { Get: fail } }, { ...config, policies });
    for (const [sent, expected] of [
      [[], [item]],
      [[1000], [base64(1000), item]],
      [[2000], [item]],
      [
        [2000, 1000, 1000],
        [base64(1000), item],
      ],
      [[4000], [item]],
    ] as const) {
      counts = sent;
      const answer = await send(service.url, 'GET', '/v1/reply');
      t.equal(answer.status, 404);
      t.strictSame(JSON.parse(answer.text), { ...codeAndMessage, details: expected }, `${sent}`);
    }
  });
}

test('maxItem bounds what is printed of an item as well', async (t) => {
  const long = '\u0001'.repeat(400);
  const policies = [{ select: '*', maxItem: KiB }];
  const stream = {
    List: async (_call: unknown, out: { write(m: Message): boolean }) => {
      out.write({ display_name: 'a' });
      out.write({ display_name: long });
    },
  };
  const { url } = await startReplies(t, { stream }, { policies });
  const { text } = await send(url, 'GET', '/v1/items');
  const error = { code: 13, message: 'The reply of the upstream is too large.', details: [] };
  t.equal(text, `{"displayName":"a","kind":"NONE"}\n${JSON.stringify({ error })}\n`);
});

const schema = schemaOf({
  'a.proto': `syntax = "proto2"; import "google/protobuf/any.proto";
    message E { optional string aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1; repeated string bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb = 2; }
    message M {
      repeated E e = 1; optional google.protobuf.Any any = 6; optional string bad = 7;
      optional group G = 8 { optional M m = 9; }
    }`,
});

const varint = (n: number): readonly number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);
const field = (number: number, content: Uint8Array) =>
  Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(content.length)]), content]);
const nested = (depth: number, inner: Buffer, wrap: (inner: Buffer) => Buffer): Buffer =>
  depth === 0 ? inner : nested(depth - 1, wrap(inner), wrap);

test('what a reply costs is bounded by its size and its limit, however it is built', (t) => {
  const type = schema.message('M');
  if (type === undefined) throw new Error('no type');
  const codec = createCodec(schema);
  const sink = codec.createSink();
  const print = codec.printer(type, [], { defaults: true, protoNames: false, int64: 'string' });
  const limit = 16 * KiB * KiB;
  const inAny = (inner: Buffer) =>
    Buffer.concat([field(6, Buffer.concat([field(1, Buffer.from('t/M')), field(2, inner)])), field(7, Buffer.from([0xff]))]);
  const inGroup = (inner: Buffer) => Buffer.concat([Buffer.from([0x43]), field(9, inner), Buffer.from([0x44])]);
  const unknown = Buffer.alloc(6_000_000, Buffer.from([0xa0, 6, 1]));
  const rows = [
    ['empty messages', Buffer.alloc(16_000_000, Buffer.from([0x0a, 0]))],
    ['Any in Any, each malformed behind what it holds', nested(45, field(19, Buffer.alloc(6_000_000)), inAny)],
    ['groups in groups, out of order', Buffer.concat([nested(45, unknown, inGroup), inGroup(Buffer.alloc(0))])],
  ] as const;
  for (const [name, wire] of rows) {
    const before = process.cpuUsage();
    const memory = process.memoryUsage().arrayBuffers;
    t.throws(() => print(wire, sink, { pretty: false, enumNumbers: false, fields: undefined, limit }), { name: 'OutputLimit' }, name);
    const { user, system } = process.cpuUsage(before);
    // 8 ns a byte, five times over.
    t.ok((user + system) * 1000 < 5 * 8 * limit, `${name}: ${(user + system) / 1000} ms`);
    t.ok(process.memoryUsage().arrayBuffers - memory < 6 * limit, name);
    sink.reset();
  }
  t.end();
});
