import t from 'tap';
import { protoOf, rpc, sampleOf } from './sample.js';

interface Row {
  readonly name: string;
  readonly rule: string;
  /** Fields of the request, and after a blank line other types. */
  readonly proto: string;
  readonly expected: object | undefined;
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const string = { type: 'string' };
const json = (schema: object, example: unknown) => ({ content: { 'application/json': { schema, example } } });
const binary = { '*/*': { schema: { type: 'string', format: 'binary' } } };

const rows: readonly Row[] = [
  { name: 'no body', rule: 'post: "/v1/x"', proto: 'string a = 1;', expected: undefined },
  {
    name: 'the whole message',
    rule: 'post: "/v1/x" body: "*"',
    proto: 'string a = 1;',
    expected: { required: true, ...json(ref('a.Q'), { a: 'string' }) },
  },
  {
    name: 'the whole message without what the path says, and without the rest of its oneof',
    rule: 'post: "/v1/{a}" body: "*"',
    proto: 'string x = 4 [(google.api.field_behavior) = REQUIRED]; oneof o { string a = 1; string b = 2; } string c = 3;',
    expected: {
      required: true,
      ...json({ type: 'object', properties: { x: string, c: string }, required: ['x'] }, { x: 'string', c: 'string' }),
    },
  },
  {
    name: 'the whole message without a field of a message in it',
    rule: 'post: "/v1/{n.a}" body: "*"',
    proto: '// A part.\nN n = 1; N o = 2;\n\n// The type.\nmessage N { string a = 1; string b = 2; }',
    expected: {
      required: true,
      ...json(
        { type: 'object', properties: { n: { type: 'object', description: 'A part.', properties: { b: string } }, o: ref('a.N') } },
        { n: { b: 'string' }, o: { a: 'string', b: 'string' } },
      ),
    },
  },
  {
    name: 'nothing is left of the message: a body may be sent, but need not',
    rule: 'post: "/v1/{a}:run" body: "*"',
    proto: 'string a = 1;',
    expected: json({ type: 'object', properties: {} }, {}),
  },
  {
    name: 'a field, with its comment',
    rule: 'post: "/v1/x" body: "n"',
    proto: '// The new one.\nN n = 1;\n\nmessage N { string a = 1; }',
    expected: { description: 'The new one.', required: true, ...json(ref('a.N'), { a: 'string' }) },
  },
  {
    name: 'a field whose own field the path says keeps its type; the example leaves that out',
    rule: 'patch: "/v1/{n.a}" body: "n"',
    proto: 'N n = 1;\n\nmessage N { string a = 1; string b = 2; }',
    expected: { required: true, ...json(ref('a.N'), { b: 'string' }) },
  },
  {
    name: 'a field whose required field the path says is written without it',
    rule: 'patch: "/v1/{n.a}" body: "n"',
    proto: 'N n = 1;\n\nmessage N { string a = 1 [(google.api.field_behavior) = REQUIRED]; string b = 2; }',
    expected: { required: true, ...json({ type: 'object', properties: { b: string } }, { b: 'string' }) },
  },
  {
    name: 'a repeated field',
    rule: 'post: "/v1/x" body: "n"',
    proto: 'repeated N n = 1;\n\nmessage N { string a = 1; }',
    expected: { required: true, ...json({ type: 'array', items: ref('a.N') }, [{ a: 'string' }]) },
  },
  {
    name: 'a map',
    rule: 'post: "/v1/x" body: "m"',
    proto: 'map<string, bool> m = 1;',
    expected: { required: true, ...json({ type: 'object', additionalProperties: { type: 'boolean' } }, { key: true }) },
  },
  {
    name: 'a scalar',
    rule: 'post: "/v1/x" body: "a"',
    proto: 'int64 a = 1;',
    expected: { required: true, ...json({ type: 'string', format: 'int64' }, '1') },
  },
  {
    name: 'raw bytes as a field',
    rule: 'post: "/v1/x" body: "b"',
    proto: 'google.api.HttpBody b = 1;',
    expected: { required: true, content: binary },
  },
  {
    name: 'raw bytes in a list are JSON',
    rule: 'post: "/v1/x" body: "b"',
    proto: 'repeated google.api.HttpBody b = 1;',
    expected: {
      required: true,
      ...json({ type: 'array', items: ref('google.api.HttpBody') }, [{ contentType: 'string', data: 'Ynl0ZXM=' }]),
    },
  },
];

t.test('request bodies', async (t) => {
  for (const { name, rule, proto, expected } of rows) {
    const [fields = '', types = ''] = proto.split('\n\n');
    const body = `service S { ${rpc('M(Q) returns (R)', rule)} }\nmessage R {}\nmessage Q {\n${fields}\n}\n${types}`;
    const { json } = sampleOf(protoOf(body));
    const [item] = Object.values({ ...json.paths });
    const [operation] = Object.values({ ...item });
    t.same(operation?.requestBody, expected, name);
  }
});

t.test('raw bytes as the whole request', async (t) => {
  const { json } = sampleOf(protoOf(`service S { ${rpc('M(google.api.HttpBody) returns (R)', 'post: "/v1/x" body: "*"')} } message R {}`));
  t.same(json.paths?.['/v1/x']?.post?.requestBody, { required: true, content: binary });
});
