import t from 'tap';
import { createDocument } from '../../swagger/document.js';
import { library } from './library.js';
import { bindingsOf, type Json, protoOf, rpc, type Sample, sampleOf, schemaOf } from './sample.js';

const messages = 'message Q { string name = 1; string id = 2; } message R {}';
const get = (name: string, path: string) => rpc(`${name}(Q) returns (R)`, `get: "${path}"`);

/** `get /v1/x Service_Method` in the order of the document. */
function operations({ json }: Sample): string[] {
  return Object.entries({ ...json.paths }).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => `${method} ${path} ${operation.operationId}`),
  );
}

function only(json: Json): Json {
  const [item] = Object.values({ ...json.paths });
  const [operation] = Object.values({ ...item });
  if (operation === undefined) throw new Error('no operation');
  return operation;
}

t.test('a document says its version and what it was told of itself', async (t) => {
  const servers = [{ url: 'https://api.example.com', description: 'Ours' }];
  const info = { title: 'Books', version: 'v1', description: 'All of them.' };
  const { json } = sampleOf(protoOf(''), { info, servers });
  t.same(json, {
    openapi: '3.1.0',
    info,
    servers,
    tags: [],
    paths: {},
    components: { responses: {}, schemas: {} },
  });
  t.equal(sampleOf(protoOf(''), { version: '3.0' }).json.openapi, '3.0.3');
});

t.test('a comment of a method is its summary and description', async (t) => {
  const { json } = sampleOf(protoOf(`service S {\n// Gets\n// a thing.\n//\n// Or not.\n${get('Get', '/v1/x')} } ${messages}`));
  t.equal(only(json).summary, 'Gets a thing');
  t.equal(only(json).description, 'Or not.');
  const without = only(sampleOf(protoOf(`service S { ${get('Get', '/v1/x')} } ${messages}`)).json);
  t.same(Object.keys(without), ['tags', 'operationId', 'parameters', 'responses']);
});

t.test('methods are deprecated by themselves or with their service', async (t) => {
  const method = 'rpc A(Q) returns (R) { option deprecated = true; option (google.api.http) = { get: "/v1/a" }; }';
  t.equal(only(sampleOf(protoOf(`service S { ${method} } ${messages}`)).json).deprecated, true);
  const service = sampleOf(protoOf(`// All.\nservice S { option deprecated = true; ${get('A', '/v1/a')} } ${messages}`)).json;
  t.equal(only(service).deprecated, true);
  t.same(service.tags, [{ name: 'S', description: 'All.\n\nDeprecated.' }]);
});

t.test('a service is named by its package only where another one has its name', async (t) => {
  const file = (pkg: string, path: string) =>
    `syntax = "proto3"; package ${pkg}; import "google/api/annotations.proto"; service Books { ${get('Get', path)} } ${messages}`;
  const one = sampleOf({ 'a.proto': file('a.v1', '/v1/a') });
  t.same(operations(one), ['get /v1/a Books_Get']);
  const two = sampleOf({ 'b.proto': file('b', '/v1/b'), 'a.proto': file('a.v1', '/v1/a') });
  t.same(operations(two), ['get /v1/a a_v1_Books_Get', 'get /v1/b b_Books_Get']);
  t.same(two.json.tags, [{ name: 'a.v1.Books' }, { name: 'b.Books' }]);
  t.same(two.json.paths?.['/v1/a']?.get?.tags, ['a.v1.Books']);
});

t.test('additional bindings have numbered ids, unique ones', async (t) => {
  const rule = 'get: "/v1/a" additional_bindings { get: "/v1/b" } additional_bindings { post: "/v1/c" body: "*" }';
  const sample = sampleOf(protoOf(`service S { ${rpc('Get(Q) returns (R)', rule)} ${get('Get_1', '/v1/d')} } ${messages}`));
  t.same(operations(sample), ['get /v1/a S_Get', 'get /v1/b S_Get_12', 'post /v1/c S_Get_2', 'get /v1/d S_Get_1']);
});

t.test('services go by name, methods as declared, HTTP methods as OpenAPI lists them', async (t) => {
  const sample = sampleOf(
    protoOf(
      `service Z { ${get('A', '/v1/z')} } service B { ${get('Z', '/v1/b')} ${rpc('Y(Q) returns (R)', 'delete: "/v1/a"')} ${get('X', '/v1/a')} } ${messages}`,
    ),
  );
  t.same(operations(sample), ['get /v1/b B_Z', 'get /v1/a B_X', 'delete /v1/a B_Y', 'get /v1/z Z_A']);
  t.same(sample.json.tags, [{ name: 'B' }, { name: 'Z' }]);
});

t.test('paths that differ in names only are one', async (t) => {
  const sample = sampleOf(
    protoOf(`service S { ${get('Get', '/v1/books/{id}')} ${rpc('Delete(Q) returns (R)', 'delete: "/v1/{name=books/*}"')} } ${messages}`),
  );
  t.same(operations(sample), ['get /v1/books/{id} S_Get', 'delete /v1/books/{id} S_Delete']);
  t.same(sample.json.paths?.['/v1/books/{id}']?.delete?.parameters?.[0], {
    name: 'id',
    in: 'path',
    description: 'Part of `name`: `books/{id}`.',
    required: true,
    schema: { type: 'string', pattern: '^[^/]+$' },
  });
  t.same(sample.warnings, []);
});

t.test('of bindings that come to the same place the one with definite segments is shown, and the other reported', async (t) => {
  const sample = sampleOf(protoOf(`service S {\n${get('All', '/v1/books/{name=**}')}\n${get('One', '/v1/books/{id}')} } ${messages}`));
  t.same(operations(sample), ['get /v1/books/{id} S_One']);
  t.same(sample.warnings, [
    {
      severity: 'warning',
      file: 'a.proto',
      line: 3,
      column: 1,
      subject: 'a.S.All',
      reason:
        'is left out of the OpenAPI document, where GET /v1/books/{name=**} would be /v1/books/{id}, which is already /v1/books/{id} of a.S.One',
    },
  ]);
});

t.test('HTTP methods that OpenAPI does not know are reported', async (t) => {
  const sample = sampleOf(
    protoOf(
      `service S { ${rpc('Purge(Q) returns (R)', 'custom { kind: "PURGE" path: "/v1/x" }')} ${rpc('Head(Q) returns (R)', 'custom { kind: "HEAD" path: "/v1/x" }')} } ${messages}`,
    ),
  );
  t.same(operations(sample), ['head /v1/x S_Head']);
  t.same(
    sample.warnings.map(({ subject, reason }) => [subject, reason]),
    [['a.S.Purge', 'is left out of the OpenAPI document, which has no place for PURGE /v1/x']],
  );
});

t.test('a binding of every HTTP method is shown under one that is free', async (t) => {
  const any = (body: string) => rpc('Any(Q) returns (R)', `custom { kind: "*" path: "/v1/x" } ${body}`);
  const shown = (body: string, ...more: string[]) =>
    operations(sampleOf(protoOf(`service S { ${any(body)} ${more.join(' ')} } ${messages}`)));
  t.same(shown(''), ['get /v1/x S_Any']);
  t.same(shown('', get('Get', '/v1/x')), ['get /v1/x S_Get', 'post /v1/x S_Any']);
  t.same(shown('body: "*"'), ['post /v1/x S_Any']);
  const { json } = sampleOf(protoOf(`service S { ${any('')} } ${messages}`));
  t.equal(only(json).description, 'Answers every HTTP method for which no other operation is listed here.');
});

t.test('methods of every kind are described, unless some are left out', async (t) => {
  const methods = `${rpc('Up(stream Q) returns (R)', 'post: "/v1/up" body: "*"')} ${rpc('Both(stream Q) returns (stream R)', 'post: "/v1/both" body: "*"')} ${get('Get', '/v1/x')}`;
  const texts = protoOf(`service S { ${methods} } ${messages}`);
  t.same(operations(sampleOf(texts)), ['post /v1/up S_Up', 'post /v1/both S_Both', 'get /v1/x S_Get']);
  t.same(operations(sampleOf(texts, { include: ({ method }) => method.clientStream && !method.serverStream })), ['post /v1/up S_Up']);
});

t.test('a stream of requests is one JSON value a line, or an array', async (t) => {
  const { json } = sampleOf(protoOf(`service S { ${rpc('Up(stream Q) returns (R)', 'post: "/v1/up" body: "*"')} } ${messages}`));
  const { required, content = {} } = only(json).requestBody ?? {};
  const { schema, example } = content['application/x-ndjson'] ?? {};
  t.equal(required, undefined, 'a stream of none has no body');
  t.same(schema, { $ref: '#/components/schemas/a.Q' });
  t.same(content['application/json'], { schema: { type: 'array', items: schema }, example: [example] });
});

t.test('path parameters have the schema of what they capture', async (t) => {
  const field = (type: string) => `message Q { ${type} x = 1; } message R {} enum E { Z = 0; }`;
  const cases: [name: string, type: string, template: string, expected: object][] = [
    ['a string is not empty', 'string', '/v1/{x}', { schema: { type: 'string', minLength: 1 } }],
    ['an integer', 'int64', '/v1/{x}', { schema: { type: 'string', format: 'int64' } }],
    ['an enum', 'E', '/v1/{x}', { schema: { $ref: '#/components/schemas/a.E' } }],
    ['a time', 'google.protobuf.Timestamp', '/v1/{x}', { schema: { type: 'string', format: 'date-time' } }],
    ['bytes', 'bytes', '/v1/{x}', { description: 'Base64.', schema: { type: 'string' } }],
    [
      'a part has no slash',
      'string',
      '/v1/{x=xs/*}',
      { description: 'Part of `x`: `xs/{x}`.', schema: { type: 'string', pattern: '^[^/]+$' } },
    ],
    [
      'several segments may be anything',
      'string',
      '/v1/{x=**}',
      {
        description: 'May hold several segments: their slashes are sent as they are, not percent-encoded. May be empty.',
        'x-multi-segment': true,
        schema: { type: 'string' },
      },
    ],
  ];
  for (const [name, type, template, expected] of cases) {
    const { json } = sampleOf(protoOf(`service S { ${get('Get', template)} } ${field(type)}`));
    t.same(only(json).parameters, [{ name: 'x', in: 'path', required: true, ...expected }], name);
  }
});

t.test('the same input gives the same bytes, in whatever order', async (t) => {
  const file = (pkg: string) =>
    `syntax = "proto3"; package ${pkg}; import "google/api/annotations.proto"; service S_${pkg} { ${get('A', `/v1/${pkg}/{name}`)} ${get('B', `/v1/${pkg}s/{id}`)} } ${messages}`;
  const texts = { 'x.proto': file('x'), 'm.proto': file('m'), 'a.proto': file('a') };
  const reversed = Object.fromEntries(Object.entries(texts).reverse());
  const { text } = sampleOf(texts);
  t.equal(sampleOf(reversed).text, text);
  const schema = schemaOf(texts);
  const info = { title: 'Sample', version: '1.2.3' };
  const print = { protoNames: false, int64: 'string' } as const;
  const bindings = [...bindingsOf(schema)].reverse();
  const document = createDocument({ schema, bindings, info, print });
  t.equal(new TextDecoder().decode(document.bytes), text);
  t.match(text, /^\{\n {2}"openapi": "3\.1\.0",\n[\s\S]*\n\}\n$/);
  t.equal(sampleOf(library).text, sampleOf(library).text);
});
