import { test } from 'tap';
import { compileMetadata, compileReplyHeaders } from '../../../gateway/transcode/metadata.js';
import { Refusal } from '../../../gateway/transcode/refusal.js';
import type { Metadata } from '../../../gateway/upstream/call.js';

const forwarded = { for: '192.0.2.1', host: 'api.example', proto: 'https' };
const way: Metadata = [
  ['x-forwarded-for', '192.0.2.1'],
  ['x-forwarded-host', 'api.example'],
  ['x-forwarded-proto', 'https'],
];

const cases: readonly { name: string; forward?: string[]; headers: string[]; metadata: Metadata }[] = [
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
];

for (const { name, forward = [], headers, metadata } of cases) {
  test(name, async (t) => t.strictSame(compileMetadata(forward)(headers, forwarded), [...metadata, ...way]));
}

for (const [name, value, reason] of [
  ['x-a', 'caf\u00e9', 'must be printable ASCII'],
  ['x-a', 'a\tb', 'must be printable ASCII'],
  ['x-bin', '!!!', 'must be base64'],
  ['x-bin', 'A', 'must be base64'],
] as const) {
  test(`${name}: ${JSON.stringify(value)} ${reason}`, async (t) => {
    t.throws(() => compileMetadata(['x-a', 'x-bin'])([name, value], forwarded), new Refusal('header', name, reason));
  });
}

const replied = (names: string[], metadata: Metadata) => {
  const headers: [string, string | string[]][] = [];
  compileReplyHeaders(names)(metadata, (name, value) => headers.push([name, value]));
  return headers;
};

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
