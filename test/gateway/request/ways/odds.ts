/** What a client of the desk may say besides the ordinary; `grave` lines and targets end a connection, or are refused before anything is served. */

/** To choose from. */
export type Texts = readonly [string, ...string[]];

export const oddMethods = ['HEAD', 'OPTIONS', 'PUT', 'TRACE', 'SEARCH', 'DELETE', 'GET', 'POST', 'PATCH'] as const;

export const graveMethods = ['CONNECT', 'get', 'NONE', ''] as const;

export const oddPaths = [
  ...[
    '/v1/by-tag/x',
    '/v1/reports:stream',
    '/v1/notes:upload',
    '/v1/notes/1:unpin',
    '/v1/notes/a:b',
    '/healthz',
    '/readyz',
    '/openapi.json',
  ],
  ...['/v1/notes/%41%C3%A9', '/v1/notes/%2F', '/v1/notes/%zz', '/v1/notes/%ff', '/v1/notes/%00', '/v1/notes/', '/v1/notes//', '/v1//notes'],
  ...['/v1/notes/..', '/v1/notes/%2e', '/swagger-ui/', '/', '//', '*', '/desk.v1.Desk/GetNote/0', '/.protogate', '//b/v1/notes/1'],
  ...['http://b/v1/notes/1', 'HTTP://b', '/v1/notes/1;a=b', `/v1/notes/${'x'.repeat(300)}`],
] as const;

export const gravePaths = ['', 'v1/notes/1', 'http://', '/v1/notes/1#x', '/v1/notes/é', '/v1/notes/a b'] as const;

export const oddKeys = [
  ...[
    'name',
    'title',
    'words',
    'tags',
    'labels[a]',
    'labels[é]',
    'parent.title',
    'parent.parent.name',
    'shelf',
    'box',
    'filter.tag',
    'alt',
  ],
  ...[
    'filter.years',
    'page_size',
    'pageSize',
    'count',
    'fault',
    'update_mask',
    'updateMask',
    'validate_only',
    'note.title',
    'colour',
    '$key',
  ],
  ...['$alt', '$fields', '$prettyPrint', '$method', 'prettyPrint', '__proto__', 'constructor', '%66ilter.tag', 'a%zz', ''],
] as const;

export const oddValues = [
  ...[
    '1',
    '2',
    '0',
    '-1',
    '1e1',
    '9223372036854775808',
    'x',
    'a+b',
    'a%20b',
    '%C3%A9',
    '%ff',
    '%',
    'true',
    'false',
    'null',
    '',
    '{}',
    '[1]',
  ],
  ...['json', 'proto', 'json%3Benum-encoding=int', 'sse', 'title', 'name,title', 'title,tags', '*', 'notes/1', '"x"', '201', '204', '304'],
] as const;

export const headers = [
  ...['accept: application/json', 'accept: application/x-protobuf', 'accept: */*', 'accept: text/event-stream', 'accept: text/html'],
  ...['accept: application/x-ndjson', 'accept: application/problem+json', 'accept: application/json;q=0, */*', 'accept:', 'cookie: a=b'],
  ...['accept-encoding: gzip, br', 'te: trailers', 'te: gzip', 'connection: keep-alive', 'keep-alive: timeout=1'],
  ...['authorization: Bearer x', 'x-request-id: 1'],
  ...[
    'tracestate: a=b\r\ntracestate: c=d',
    'traceparent: x',
    'accept-language: de',
    'grpc-timeout: 50S',
    'grpc-metadata-a: 1',
    'if-match: *',
  ],
  ...['origin: http://a', 'sec-fetch-site: same-origin', 'x-http-method-override: PUT', 'x-forwarded-for: 1.2.3.4', 'x-forwarded-host: c'],
  ...['x-forwarded-proto: https', 'forwarded: for=1', 'grpc-metadata-b-bin: AAE=', 'range: bytes=0-1', `x-long: ${'y'.repeat(2000)}`],
] as const;

export const oddHeaders = [
  ...['accept: image/png', 'accept: ,;q=x', 'authorization: a\r\nauthorization: b', 'grpc-timeout: 0m', 'grpc-timeout: soon', 'x-é: ü'],
  ...['origin: https://evil.example', 'origin: null', 'sec-fetch-site: cross-site', 'grpc-metadata-b-bin: é', 'authorization: é'],
  ...['access-control-request-method: POST', 'content-encoding: identity', 'content-encoding: snappy', 'content-type: application/json'],
] as const;

export const graveHeaders = [
  ...[
    'connection: close',
    'connection: x, close',
    'expect: wonders',
    'expect: 100-continue',
    'x-a: \u0001',
    'a b: c',
    ': d',
    'x',
    'content-length: 3',
  ],
  ...['content-length: x', 'transfer-encoding: chunked', 'transfer-encoding: gzip', 'host: b', 'x: y\r\n z'],
  ...['connection: upgrade\r\nupgrade: h2c', 'connection: upgrade\r\nupgrade: websocket'],
] as const;

export const oddHosts = ['host: b:80', 'host: [::1]:1', 'HOST: A.example', 'host:'] as const;

export const graveHosts = ['host: a<b', 'host: é', 'x: y'] as const;

export const graveVersions = ['HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', ''] as const;

export const texts = [
  '{}',
  '{"title":"Käse"}',
  '{"title":"t","tags":["a","b"],"labels":{"a":"b"}}',
  '{"title":"201"}',
  '{"words":"3"}',
] as const;

export const oddTexts = [
  ...['', '""', 'null', '{"parent":{"parent":{"title":"x"}}}', '{"title":"204"}', '{"title":"205"}', '{"title":"304"}', '{"title":"500"}'],
  ...[
    '{"words":9007199254740993}',
    '{"words":"x"}',
    '{"colour":1}',
    '{"shelf":"a","box":"b"}',
    '{"name":"notes/2"}',
    '{"title":"a","title":"b"}',
  ],
  ...[
    '{"title":"t"} x',
    '[1]',
    '{"title":1',
    '{"words":1e3}',
    '\ufeff{}',
    '{"title":"\\ud800"}',
    '[['.repeat(200),
    '{"__proto__":{"a":1}}',
  ],
  ...[`{"title":"${'x'.repeat(3000)}"}`, `{"title":"${'x'.repeat(5000)}"}`, `{"title":"${'x'.repeat(100_000)}"}`],
] as const;

const forms = [
  'title=t',
  'title=t&tags=a&tags=b',
  'title=%C3%A9',
  'colour=1',
  'labels[a]=b',
  '',
  '&&',
  'title=%ff',
  '{"title":"t"}',
] as const;

const part = (name: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nt\r\n`;
const parts = [
  `${part('title')}--b--\r\n`,
  `${part('title')}${part('tags')}--b--`,
  '--b\r\n\r\nt\r\n--b--\r\n',
  part('title'),
  '',
] as const;

const messages = ['', '\x12\x01t', '\x12\x05t', '\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01', '\x0a\x07notes/3'] as const;

/** The line of a head that says the type of a body, and bodies of that type. */
type Type = readonly [line: string, bodies: Texts];

export const usualType: Type = ['content-type: application/json', texts];

export const oddTypes: readonly [Type, ...Type[]] = [
  ['content-type: application/json; charset=utf-8', texts],
  ['content-type: application/json; charset=latin1', texts],
  ['Content-Type: Application/JSON', texts],
  ['content-type: application/merge-patch+json', texts],
  ['content-type: text/plain', texts],
  ['x: y', texts],
  ['content-type:', texts],
  ['content-type: application', texts],
  ['content-type: image/png', texts],
  ['content-type: application/x-www-form-urlencoded', forms],
  ['content-type: multipart/form-data; boundary=b', parts],
  ['content-type: multipart/form-data', parts],
  ['content-type: application/protobuf', messages],
  ['content-type: application/x-protobuf', messages],
];
