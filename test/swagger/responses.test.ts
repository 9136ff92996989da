import t from 'tap';
import { protoOf, rpc, sampleOf } from './sample.js';

interface Row {
  readonly name: string;
  readonly signature?: string;
  readonly rule?: string;
  /** Fields of the reply, and after a blank line other types. */
  readonly proto: string;
  readonly expected: object;
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const ok = (schema: object, example: unknown) => ({ description: 'OK', content: { 'application/json': { schema, example } } });
const binary = {
  description: 'Bytes, of the type that the answer names.',
  content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
};
const asEvents =
  ' Asked for as `text/event-stream` it is server-sent events; the schema is that of their `data`. The last one is `event: end`, or `event: error` with the status.';
const lines =
  'A stream of JSON values, one a line; the schema is that of one line. A stream that fails after its beginning ends with a line `{"error": ...}` that holds the status.' +
  asEvents;
/** What is the same as lines and as events. */
const both = (type: string, content: object) => ({ [type]: content, 'text/event-stream': content });
const enveloped = lines.replace('that of one line.', 'that of one line, which holds an item as `result`.');
const stream = 'M(Q) returns (stream R)';
const selected = 'get: "/v1/x" response_body: "a"';

const rows: readonly Row[] = [
  { name: 'a message', proto: 'string a = 1;', expected: ok(ref('a.R'), { a: 'string' }) },
  { name: 'a field of it', rule: selected, proto: 'int64 a = 1;', expected: ok({ type: 'string', format: 'int64' }, '1') },
  {
    name: 'a list of it',
    rule: selected,
    proto: 'repeated E a = 1;\n\nenum E { Z = 0; A = 1; }',
    expected: ok({ type: 'array', items: ref('a.E') }, ['A']),
  },
  {
    name: 'a message with a form of its own',
    signature: 'M(Q) returns (google.protobuf.Timestamp)',
    proto: '',
    expected: ok({ type: 'string', format: 'date-time' }, '2025-01-31T12:00:00Z'),
  },
  { name: 'nothing', signature: 'M(Q) returns (google.protobuf.Empty)', proto: '', expected: ok(ref('google.protobuf.Empty'), {}) },
  { name: 'raw bytes', signature: 'M(Q) returns (google.api.HttpBody)', proto: '', expected: binary },
  { name: 'raw bytes in a field', rule: selected, proto: 'google.api.HttpBody a = 1;', expected: binary },
  { name: 'a stream of raw bytes', signature: 'M(Q) returns (stream google.api.HttpBody)', proto: '', expected: binary },
  {
    name: 'a stream has one item a line',
    signature: stream,
    proto: 'string a = 1;',
    expected: { description: lines, content: both('application/x-ndjson', { schema: ref('a.R'), example: { a: 'string' } }) },
  },
  {
    name: 'a stream of one field of its messages',
    signature: stream,
    rule: selected,
    proto: 'string a = 1; string error = 2;',
    expected: { description: lines, content: both('application/x-ndjson', { schema: { type: 'string' }, example: 'string' }) },
  },
  {
    name: 'a stream of items that could be taken for an error has an envelope',
    signature: stream,
    proto: 'string error = 1;',
    expected: {
      description: enveloped,
      content: {
        'application/x-ndjson': {
          schema: { type: 'object', properties: { result: ref('a.R'), error: ref('google.rpc.Status') } },
          example: { result: { error: 'string' } },
        },
        'text/event-stream': { schema: ref('a.R'), example: { error: 'string' } },
      },
    },
  },
];

t.test('streams are shown as the gateway writes them', async (t) => {
  const proto = protoOf(`service S { ${rpc(stream, 'get: "/v1/x"')} } message Q {} message R { string a = 1; }`);
  const array = sampleOf(proto, { streams: () => ({ envelope: 'auto', form: 'array' }) });
  t.same(array.json.paths?.['/v1/x']?.get?.responses?.['200'], {
    description:
      'A stream as a JSON array, an element an item. A stream that fails after its beginning ends with an element `{"error": ...}` that holds the status.' +
      asEvents,
    content: {
      'application/json': { schema: { type: 'array', items: ref('a.R') }, example: [{ a: 'string' }] },
      'text/event-stream': { schema: ref('a.R'), example: { a: 'string' } },
    },
  });
  const { json } = sampleOf(proto, { streams: () => ({ envelope: 'always', form: 'json-lines' }) });
  t.same(json.paths?.['/v1/x']?.get?.responses?.['200'], {
    description: enveloped,
    content: both('application/json', {
      schema: { type: 'object', properties: { result: ref('a.R'), error: ref('google.rpc.Status') } },
      example: { result: { a: 'string' } },
    }),
  });
});

t.test('answers to good requests', async (t) => {
  for (const { name, signature = 'M(Q) returns (R)', rule = 'get: "/v1/x"', proto, expected } of rows) {
    const [fields = '', types = ''] = proto.split('\n\n');
    const { json } = sampleOf(protoOf(`service S { ${rpc(signature, rule)} } message Q {} message R { ${fields} } ${types}`));
    t.same(json.paths?.['/v1/x']?.get?.responses?.['200'], expected, name);
  }
});

const methods = `service S { ${rpc('A(Q) returns (Q)', 'get: "/v1/a"')} ${rpc('B(Q) returns (Q)', 'get: "/v1/b"')} } message Q {}`;

const status = { 'application/json': { schema: ref('google.rpc.Status'), example: { code: 5, message: 'not found', details: [] } } };
const google = {
  'application/json': {
    schema: ref('google.rpc.ErrorBody'),
    example: { error: { code: 404, message: 'not found', status: 'NOT_FOUND', details: [] } },
  },
};

t.test('errors are a status', async (t) => {
  const { json } = sampleOf(protoOf(methods));
  t.same(json.paths?.['/v1/a']?.get?.responses?.default, { $ref: '#/components/responses/Error' });
  t.same(json.components?.responses, { Error: { description: 'Any error.', content: status } });
  t.same(Object.keys({ ...json.components?.schemas?.['google.rpc.Status']?.properties }), ['code', 'message', 'details']);
  t.same(json.components?.schemas?.['google.rpc.Status']?.properties?.details, { type: 'array', items: ref('google.protobuf.Any') });
});

t.test('errors of a binding may have the form of Google APIs', async (t) => {
  const { json } = sampleOf(protoOf(methods), { errors: (binding) => (binding.method.protoName === 'B' ? 'google' : 'status') });
  t.same(json.paths?.['/v1/a']?.get?.responses?.default, { $ref: '#/components/responses/Error' });
  t.same(json.paths?.['/v1/b']?.get?.responses?.default, { $ref: '#/components/responses/GoogleError' });
  t.same(json.components?.responses, {
    Error: { description: 'Any error.', content: status },
    GoogleError: { description: 'Any error.', content: google },
  });
});

t.test('a status in the descriptors is the one that is shown', async (t) => {
  const { json } = sampleOf(
    protoOf(`import "google/rpc/status.proto"; service S { ${rpc('A(Q) returns (google.rpc.Status)', 'get: "/v1/a"')} } message Q {}`),
  );
  t.equal(String(json.components?.schemas?.['google.rpc.Status']?.description).startsWith('The `Status` type defines'), true);
});
