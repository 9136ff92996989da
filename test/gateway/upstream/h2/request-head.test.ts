import { test } from 'tap';
import type { Metadata } from '../../../../gateway/upstream/call.js';
import { HpackDecoder } from '../../../../gateway/upstream/h2/hpack/decoder.js';
import { RequestHead } from '../../../../gateway/upstream/h2/request-head.js';

function lines(end: number): string[] {
  const out: string[] = [];
  new HpackDecoder(4096, 100).decode(RequestHead.block, RequestHead.START, end, (name, value) => out.push(`${name}: ${value}`));
  return out;
}

const fixed = (scheme: string): string[] => [
  ':method: POST',
  `:scheme: ${scheme}`,
  ':path: /pkg.Service/Method',
  ':authority: backend:50051',
  'te: trailers',
  'content-type: application/grpc',
  'user-agent: protogate',
  'grpc-accept-encoding: gzip,deflate,identity',
];

test('a request carries what gRPC wants, then its metadata in order', async (t) => {
  const metadata: Metadata = [
    ['x-b', '1'],
    ['x-a', '2'],
    ['x-raw-bin', Buffer.from([1, 2])],
    ['x-b', ''],
  ];
  const head = new RequestHead('/pkg.Service/Method', 'backend:50051', false);
  t.same(lines(head.write(Number.POSITIVE_INFINITY, metadata)), [...fixed('http'), 'x-b: 1', 'x-a: 2', 'x-raw-bin: AQI', 'x-b: ']);
  t.same(lines(new RequestHead('/pkg.Service/Method', 'backend:50051', true).write(Number.POSITIVE_INFINITY, [])), fixed('https'));
});

test('the deadline is a timeout of at most eight digits, rounded up', async (t) => {
  const head = new RequestHead('/pkg.Service/Method', 'backend:50051', false);
  const rows: readonly [ms: number, timeout: string][] = [
    [0.2, '1m'],
    [1500, '1500m'],
    [99_999_999, '99999999m'],
    [100_000_000, '100000S'],
    [1e12, '99999999S'],
  ];
  for (const [ms, timeout] of rows) t.same(lines(head.write(ms, [])), [...fixed('http'), `grpc-timeout: ${timeout}`]);
});

test('metadata of any size fits', async (t) => {
  const head = new RequestHead('/pkg.Service/Method', 'backend:50051', false);
  const value = 'v'.repeat(100_000);
  t.equal(lines(head.write(1, [['x-long', value]])).at(-1), `x-long: ${value}`);
});

test('the size of the header list counts every field with its name, its value and 32 octets (RFC 9113, 6.5.2)', async (t) => {
  const head = new RequestHead('/pkg.Service/Method', 'backend:50051', false);
  const metadata: Metadata = [
    ['x-a', 'some value'],
    ['x-raw-bin', Buffer.alloc(4)],
  ];
  for (const [ms, some] of [
    [Number.POSITIVE_INFINITY, []],
    [1500, metadata],
  ] as const) {
    const length = lines(head.write(ms, some)).reduce((sum, line) => sum + line.length - ': '.length + 32, 0);
    t.equal(head.listSize(ms, some), length);
  }
});
