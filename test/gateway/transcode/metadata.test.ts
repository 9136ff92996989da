import { test } from 'tap';
import { Refusal } from '../../../gateway/exchange/refusal.js';
import { compileMetadata, compileReplyMetadata, type ForwardRules, type ReplyHeaders } from '../../../gateway/transcode/metadata.js';
import type { Metadata } from '../../../gateway/upstream/call.js';

const forwarded = { for: '192.0.2.1', host: 'api.example', proto: 'https' };
const way: Metadata = [
  ['x-forwarded-for', '192.0.2.1'],
  ['x-forwarded-host', 'api.example'],
  ['x-forwarded-proto', 'https'],
];

const rules: ForwardRules = { forward: [], forwardPrefixed: false, forwardPermanent: false, nonAscii: 'error', fileNames: false };

const cases: readonly { name: string; forward?: string[]; rules?: Partial<ForwardRules>; headers: string[]; metadata: Metadata }[] = [
  {
    name: 'credentials, trace context, language and request id go to the upstream',
    headers: ['Authorization', 'Bearer x', 'traceparent', '00-1', 'tracestate', 'a=b', 'Accept-Language', 'de', 'X-Request-Id', '7'],
    metadata: [
      ['authorization', 'Bearer x'],
      ['traceparent', '00-1'],
      ['tracestate', 'a=b'],
      ['accept-language', 'de'],
      ['x-request-id', '7'],
    ],
  },
  { name: 'other headers stay', headers: ['Cookie', 'a=b', 'X-Tenant', '1', 'User-Agent', 'curl'], metadata: [] },
  { name: 'configured headers go', forward: ['x-tenant'], headers: ['X-Tenant', '1'], metadata: [['x-tenant', '1']] },
  {
    name: 'a pattern stands for all that begin so',
    forward: ['x-goog-*'],
    headers: ['X-Goog-A', '1', 'x-goog-b', '2', 'x-gooq', '3'],
    metadata: [
      ['x-goog-a', '1'],
      ['x-goog-b', '2'],
    ],
  },
  {
    name: 'repeats and order are kept',
    forward: ['x-a', 'x-b'],
    headers: ['x-b', '1', 'x-a', '2', 'x-b', '3'],
    metadata: [
      ['x-b', '1'],
      ['x-a', '2'],
      ['x-b', '3'],
    ],
  },
  {
    name: 'hop-by-hop, grpc-, content-, te and host headers never go, whatever is configured',
    forward: ['*'],
    headers: [
      'Connection',
      'close',
      'grpc-timeout',
      '1S',
      'Content-Type',
      'a/b',
      'TE',
      'trailers',
      'Host',
      'evil',
      'Transfer-Encoding',
      'chunked',
      'X-Ok',
      '1',
    ],
    metadata: [['x-ok', '1']],
  },
  { name: 'what the client says of its way here is not believed', forward: ['*'], headers: ['X-Forwarded-For', '6.6.6.6'], metadata: [] },
  { name: 'names that gRPC does not allow stay', forward: ['x*'], headers: ["x'y", '1', 'x~', '2'], metadata: [] },
  {
    name: 'binary values are decoded, padded or not',
    forward: ['x-bin', 'y-bin'],
    headers: ['x-bin', 'AAEC', 'y-bin', '_w'],
    metadata: [
      ['x-bin', Buffer.from([0, 1, 2])],
      ['y-bin', Buffer.from([255])],
    ],
  },
  {
    name: 'what has the prefix goes without it, binary values decoded',
    rules: { forwardPrefixed: true },
    headers: ['Grpc-Metadata-X-Tenant', '1', 'grpc-metadata-x-bin', 'AAEC', 'X-Other', '2'],
    metadata: [
      ['x-tenant', '1'],
      ['x-bin', Buffer.from([0, 1, 2])],
    ],
  },
  {
    name: 'a prefix sets nothing that the protocol or the gateway owns',
    rules: { forwardPrefixed: true },
    headers: ['Content-Type', 'TE', 'Grpc-Timeout', 'X-Forwarded-For', 'Host', ''].flatMap((name) => [`Grpc-Metadata-${name}`, '1']),
    metadata: [],
  },
  { name: 'without the rule a prefix means nothing', forward: ['*'], headers: ['Grpc-Metadata-X-Tenant', '1'], metadata: [] },
  {
    name: 'permanent headers go under a prefix, credentials also under their own name; the host and unknown headers do not',
    rules: { forwardPermanent: true },
    headers: [
      'Authorization',
      'Bearer x',
      'User-Agent',
      'curl',
      'Content-Type',
      'a/b',
      'Host',
      'h',
      'X-Other',
      '1',
      'Referer',
      'caf\u00e9',
    ],
    metadata: [
      ['authorization', 'Bearer x'],
      ['grpcgateway-authorization', 'Bearer x'],
      ['grpcgateway-user-agent', 'curl'],
      ['grpcgateway-content-type', 'a/b'],
    ],
  },
];

for (const { name, forward = [], rules: other, headers, metadata } of cases) {
  test(name, async (t) => {
    t.strictSame(compileMetadata({ ...rules, forward, ...other })(headers, forwarded), [...metadata, ...way]);
  });
}

for (const [name, value, reason] of [
  ['x-a', 'caf\u00e9', 'must be printable ASCII'],
  ['x-a', 'a\tb', 'must be printable ASCII'],
  ['x-bin', '!!!', 'must be base64'],
  ['x-bin', 'A', 'must be base64'],
] as const) {
  test(`${name}: ${JSON.stringify(value)} ${reason}`, async (t) => {
    t.throws(() => compileMetadata({ ...rules, forward: ['x-a', 'x-bin'] })([name, value], forwarded), new Refusal('header', name, reason));
  });
}

test('nonAscii: drop leaves a value out that gRPC cannot carry, and tells; what is no base64 is refused all the same', async (t) => {
  const read = compileMetadata({ ...rules, forward: ['x-a', 'x-bin'], forwardPrefixed: true, nonAscii: 'drop' });
  const dropped: string[] = [];
  const headers = [
    'X-A',
    'caf\u00e9',
    'X-A',
    '1',
    'Grpc-Metadata-X-B',
    'a\tb',
    'X-Other',
    '\u00e9',
    'Authorization',
    '\u00e9',
    'Authorization',
    'b',
  ];
  const metadata = read(headers, forwarded, (header) => dropped.push(header));
  t.strictSame(metadata, [['x-a', '1'], ['authorization', 'b'], ...way]);
  t.strictSame(dropped, ['x-a', 'grpc-metadata-x-b', 'authorization']);
  t.throws(() => read(['x-bin', '!!!'], forwarded), new Refusal('header', 'x-bin', 'must be base64'));
});

const written = (write: ReplyHeaders | undefined, metadata: Metadata) => {
  const headers: [string, string | string[]][] = [];
  write?.(metadata, (name, value) => headers.push([name, value]));
  return headers;
};
const replied = (reply: string[], metadata: Metadata) =>
  written(compileReplyMetadata({ reply, replyPrefixed: false, trailers: false }).initial, metadata);

test('metadata of the upstream leaves by the list only', async (t) => {
  const metadata: Metadata = [
    ['x-a', '1'],
    ['x-b', '2'],
    ['x-c-bin', Buffer.from([255])],
    ['content-type', 'application/grpc'],
    ['grpc-status', '0'],
  ];
  t.strictSame(replied([], metadata), []);
  t.strictSame(replied(['x-b'], metadata), [['x-b', '2']]);
  t.strictSame(replied(['*'], metadata), [
    ['x-a', '1'],
    ['x-b', '2'],
    ['x-c-bin', '/w=='],
  ]);
});

test('a repeated name is several values', async (t) => {
  t.strictSame(
    replied(
      ['x-a'],
      [
        ['x-a', '1'],
        ['x-a', '2'],
      ],
    ),
    [['x-a', ['1', '2']]],
  );
});

test('other metadata leaves under a prefix where the rules say so: the initial as headers, the trailing as trailer fields', async (t) => {
  const metadata: Metadata = [
    ['x-a', '1'],
    ['x-b-bin', Buffer.from([255])],
    ['content-type', 'application/grpc'],
    ['grpc-status', '0'],
    ['x-http-code', '201'],
  ];
  const { initial, trailing, trailer } = compileReplyMetadata({ reply: ['x-a'], replyPrefixed: true, trailers: true });
  t.strictSame(written(initial, metadata), [
    ['x-a', '1'],
    ['grpc-metadata-x-b-bin', '/w=='],
  ]);
  t.strictSame(written(trailing, metadata), [['x-a', '1']]);
  t.strictSame(written(trailer, metadata), [
    ['grpc-trailer-x-a', '1'],
    ['grpc-trailer-x-b-bin', '/w=='],
  ]);
  t.equal(compileReplyMetadata({ reply: [], replyPrefixed: true, trailers: false }).trailer, undefined);
});
