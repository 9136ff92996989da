import type { ConfigInput } from '../../../../gateway/index.js';

/** What the table needs. */
export const config: ConfigInput = {
  policies: [{ select: '*', maxBody: 300_000 }],
  metadata: { reply: ['x-checksum'], trailers: true },
  limits: { bodyTimeoutMs: 200 },
};

/** Lines of a request head behind the first, without those of its framing. */
type Lines = readonly string[];

/** A request as it is written; its connection is to close. */
export function request(line: string, lines: Lines = [], body?: string): string {
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  return [`${line} HTTP/1.1`, 'host: a', 'connection: close', ...length, ...lines, '', body ?? ''].join('\r\n');
}

/** The line that says that a body is JSON. */
export const json = 'content-type: application/json';
const form = 'content-type: application/x-www-form-urlencoded';
/** The line that says that a body is JSON, one value a line. */
export const lines = 'content-type: application/x-ndjson';
const longItem = JSON.stringify({ title: 'x'.repeat(100_000) });
const parts = 'content-type: multipart/form-data; boundary=b';
const part = (name: string, value: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--b--\r\n`;
const long = JSON.stringify({ title: 'x'.repeat(200_000) });

/** Requests by what is special of each. */
export const rows: Readonly<Record<string, string>> = {
  'a GET': request('GET /v1/notes/1'),
  'its HEAD': request('HEAD /v1/notes/1'),
  'a query': request('GET /v1/notes/1?filter.tag=a'),
  'an additional binding': request('GET /v1/by-tag/x'),
  'trailers for who takes them': request('GET /v1/notes/1', ['te: trailers']),
  'a HEAD from who takes trailers': request('HEAD /v1/notes/1', ['te: trailers']),
  'an error for who takes trailers': request('GET /v1/notes/1?page_size=1', ['te: trailers']),
  'wire form': request('GET /v1/notes/1', ['accept: application/protobuf']),
  pretty: request('GET /v1/notes/1?$prettyPrint=true'),
  'some fields': request('GET /v1/notes/1?$fields=title'),
  'a PATCH': request('PATCH /v1/notes/1', [json], '{"title":"t"}'),
  'a DELETE': request('DELETE /v1/notes/1'),
  'a response body': request('POST /v1/notes/1:pin'),
  'a JSON body': request('POST /v1/notes', [json], '{"title":"Käse"}'),
  'a long one': request('POST /v1/notes', [json], long),
  'a JSON body without a type': request('POST /v1/notes', [], '{"title":"t"}'),
  'a chunked body': `${request('POST /v1/notes', [json, 'transfer-encoding: chunked'])}2\r\n{}\r\n0\r\n\r\n`,
  'no bytes of JSON': request('POST /v1/notes', [json], ''),
  'a form': request('POST /v1/notes', [form], 'title=t&tags=a&tags=b'),
  parts: request('POST /v1/notes', [parts], part('title', 't')),
  'a body in no coding': request('POST /v1/notes', [json, 'content-encoding: identity'], '{}'),
  'status 201': request('POST /v1/notes', [json], '{"title":"201"}'),
  'status 204': request('POST /v1/notes', [json], '{"title":"204"}'),
  'status 205': request('POST /v1/notes', [json], '{"title":"205"}'),
  'a stream': request('GET /v1/notes:stream?count=3'),
  'a stream of nothing': request('GET /v1/notes:stream'),
  'a stream as an array': request('GET /v1/notes:stream?count=3', ['accept: application/json']),
  'a stream that fails': request('GET /v1/notes:stream?count=2&fault=x'),
  'a stream that fails at once': request('GET /v1/notes:stream?fault=x'),
  'a stream of events': request('GET /v1/notes:stream?count=2', ['accept: text/event-stream']),
  'events that fail': request('GET /v1/notes:stream?count=2&fault=x', ['accept: text/event-stream']),
  'events of which all were had': request('GET /v1/notes:stream?count=2', ['accept: text/event-stream', 'last-event-id: end']),
  'trailers of a stream': request('GET /v1/notes:stream?count=2&fault=x', ['te: trailers']),
  'trailers of a stream that nobody takes': request('GET /v1/notes:stream?count=2&fault=x'),
  'trailers of a stream of HTTP/1.0': 'GET /v1/notes:stream?count=2&fault=x HTTP/1.0\r\nte: trailers\r\n\r\n',
  'a stream in an envelope': request('GET /v1/reports:stream'),
  'HEAD of a stream': request('HEAD /v1/notes:stream'),
  'a health check': request('GET /healthz'),
  'a path that is not known': request('GET /v2'),
  'another method': request('PUT /v1/notes/1'),
  'another method of a health check': request('DELETE /healthz'),
  OPTIONS: request('OPTIONS /v1/notes/1'),
  'a path that is no URL': request('GET /v1/notes/%zz'),
  dots: request('GET /v1/notes/../x'),
  'an unknown key': request('GET /v1/notes/1?colour=red'),
  'an unknown field': request('POST /v1/notes', [json], '{"colour":1}'),
  'JSON that is wrong': request('POST /v1/notes', [json], '{"title":1}'),
  'a body where none is taken': request('DELETE /v1/notes/1', [json], '{"name":"x"}'),
  'an answer that cannot be had': request('GET /v1/notes/1', ['accept: image/png']),
  'a type that is not taken': request('POST /v1/notes', ['content-type: image/png'], 'x'),
  'a type that is none': request('POST /v1/notes', ['content-type: application'], '{}'),
  'a coding that is not known': request('POST /v1/notes', [json, 'content-encoding: snappy'], '{}'),
  'what is not in its coding': request('POST /v1/notes', [json, 'content-encoding: gzip'], '{}'),
  'a body that is too large': request('POST /v1/notes', [json], long.repeat(2)),
  'a body that does not come': request('POST /v1/notes', [json, 'content-length: 10']),
  'a client stream': request('POST /v1/notes:upload', [json], '[{"title":"a"},{"title":"b"}]'),
  'a client stream in chunks': `${request('POST /v1/notes:upload', [lines, 'transfer-encoding: chunked'])}6\r\n{}\n{"t\r\n9\r\nitle":"a"\r\n1\r\n}\r\n0\r\n\r\n`,
  'a client stream without a type': request('POST /v1/notes:upload', [], '{}'),
  'a client stream of nothing': request('POST /v1/notes:upload', [lines], ''),
  'a client stream without a body': request('POST /v1/notes:upload'),
  'an item that is wrong': request('POST /v1/notes:upload', [lines], '{}{"words":"x"}'),
  'an item that is cut off': request('POST /v1/notes:upload', [lines], '{"ti'),
  'a type that no client stream has': request('POST /v1/notes:upload', ['content-type: image/png'], 'x'),
  'a coding that is not known, of a client stream': request('POST /v1/notes:upload', [lines, 'content-encoding: snappy'], '{}'),
  'a client stream of another site': request('POST /v1/notes:upload', [lines, 'origin: https://evil.example'], '{}'),
  'a client stream whose query is not known': request('POST /v1/notes:upload?colour=red', [lines], '{}'),
  'a client stream that expects': request('POST /v1/notes:upload', [lines, 'expect: 100-continue'], '{}'),
  'a client stream that expects and is refused': request('POST /v1/notes:upload', [
    ...[lines, 'content-encoding: snappy'],
    ...['expect: 100-continue', 'content-length: 10'],
  ]),
  'a client stream that is larger than a body may be': request('POST /v1/notes:upload', [lines], `${longItem}\n`.repeat(4)),
  'an item larger than a body may be': request('POST /v1/notes:upload', [lines], JSON.stringify({ title: 'x'.repeat(300_000) })),
  'a client stream that is answered before it ends': request('POST /v1/notes:upload', [lines, 'transfer-encoding: chunked']).concat(
    '11\r\n{"title":"early"}\r\n',
  ),
  'a client stream in wire form': request('POST /v1/notes:upload', ['content-type: application/protobuf'], '\x03\x12\x01a'),
  'a client stream of HTTP/1.0': 'POST /v1/notes:upload HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}',
  'an error': request('GET /v1/notes/1?page_size=1'),
  'an error as problem details': request('GET /v1/notes/1?page_size=1', ['accept: application/problem+json']),
  'a header that cannot go on': request('GET /v1/notes/1', ['authorization: a', 'authorization: b']),
  'a deadline that is none': request('GET /v1/notes/1', ['grpc-timeout: soon']),
  'a page of another site': request('POST /v1/notes', [json, 'origin: https://evil.example'], '{}'),
  'no host': 'GET /v1/notes/1 HTTP/1.1\r\n\r\n',
  'HTTP/1.0': 'GET /v1/notes/1 HTTP/1.0\r\n\r\n',
  'a stream of HTTP/1.0': 'GET /v1/notes:stream?count=2 HTTP/1.0\r\n\r\n',
  'an expectation': request('POST /v1/notes', [json, 'expect: 100-continue'], '{}'),
  'an expectation that is none': request('POST /v1/notes', [json, 'expect: wonders'], '{}'),
  'one after the other':
    request('GET /v1/notes/1').replace('connection: close\r\n', '').repeat(3) + request('POST /v1/notes', [json], '{}'),
  'an error between': `${request('GET /v2').replace('connection: close\r\n', '')}${request('GET /v1/notes/1')}`,
  'no HTTP': 'nonsense\r\n\r\n',
};

/** Configurations that change answers of all kinds. */
export const presets: Readonly<Record<string, ConfigInput>> = {
  'by default': {},
  'in the form of Google': { policies: [{ select: '*', maxBody: 300_000, errors: 'google' }] },
  'as grpc-gateway does': { compat: 'grpc-gateway', metadata: {} },
};
