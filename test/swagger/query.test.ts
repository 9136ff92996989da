import t from 'tap';
import { protoOf, rpc, sampleOf } from './sample.js';

interface Row {
  readonly name: string;
  /** HTTP method, path and more of the rule. */
  readonly rule?: string;
  /** Fields of the request, and after a blank line other types. */
  readonly proto: string;
  /** The query parameters by name, without `in`. */
  readonly expected: Readonly<Record<string, object>>;
  readonly protoNames?: boolean;
}

const string = { schema: { type: 'string' } };

const rows: readonly Row[] = [
  { name: 'every field is a parameter', proto: 'string a = 1; bool b = 2;', expected: { a: string, b: { schema: { type: 'boolean' } } } },
  {
    name: 'what the path says is none',
    rule: 'get: "/v1/{name=books/*}"',
    proto: 'string name = 1; string b = 2;',
    expected: { b: string },
  },
  {
    name: 'what the body says is none',
    rule: 'post: "/v1/x" body: "n"',
    proto: 'N n = 1; string b = 2;\n\nmessage N { string x = 1; }',
    expected: { b: string },
  },
  { name: 'a body of everything leaves nothing', rule: 'post: "/v1/x" body: "*"', proto: 'string a = 1;', expected: {} },
  {
    name: 'fields of nested messages have dotted names, in the printed spelling',
    proto: 'N the_n = 1;\n\nmessage N { O the_o = 1; string x = 2; } message O { int32 the_y = 1; }',
    protoNames: true,
    expected: { 'the_n.the_o.the_y': { schema: { type: 'integer', format: 'int32' } }, 'the_n.x': string },
  },
  {
    name: 'the rest of a message stays when the path says a field of it',
    rule: 'get: "/v1/{n.o.x}"',
    proto: 'N n = 1;\n\nmessage N { O o = 1; string y = 2; } message O { string x = 1; string z = 2; }',
    expected: { 'n.o.z': string, 'n.y': string },
  },
  {
    name: 'other members of a oneof go with what is said elsewhere',
    rule: 'post: "/v1/{a}" body: "c"',
    proto: 'oneof one { string a = 1; string b = 2; } oneof two { N c = 3; string d = 4; } string e = 5;\n\nmessage N {}',
    expected: { e: string },
  },
  {
    name: 'members of a oneof know each other',
    proto: 'oneof one { string a_b = 1; string c = 2; }',
    expected: {
      aB: { description: 'At most one of `aB`, `c` is set.', schema: { type: 'string' } },
      c: { description: 'At most one of `aB`, `c` is set.', schema: { type: 'string' } },
    },
  },
  {
    name: 'repeated fields are repeated',
    proto: 'repeated string a = 1; repeated E e = 2;\n\nenum E { Z = 0; }',
    expected: {
      a: { style: 'form', explode: true, schema: { type: 'array', items: { type: 'string' } } },
      e: { style: 'form', explode: true, schema: { type: 'array', items: { $ref: '#/components/schemas/a.E' } } },
    },
  },
  {
    name: 'maps are deep objects',
    proto: 'N n = 1;\n\nmessage N { map<string, int64> m = 1; }',
    expected: {
      'n.m': {
        style: 'deepObject',
        explode: true,
        schema: { type: 'object', additionalProperties: { type: 'string', format: 'int64' } },
        example: {},
      },
    },
  },
  {
    name: 'messages that are repeated, or in a map, are JSON text',
    proto: 'repeated N n = 1; map<string, N> m = 2;\n\nmessage N { string x = 1; }',
    expected: {
      n: { description: 'JSON text of `a.N`.', style: 'form', explode: true, schema: { type: 'array', items: { type: 'string' } } },
      m: {
        description: 'JSON text of `a.N`.',
        style: 'deepObject',
        explode: true,
        schema: { type: 'object', additionalProperties: { type: 'string' } },
        example: {},
      },
    },
  },
  {
    name: 'a message inside of itself is JSON text',
    proto: 'N n = 1; Q q = 2;\n\nmessage N { O o = 1; } message O { N n = 1; string x = 2; }',
    expected: {
      'n.o.n': { description: 'JSON text of `a.N`.', schema: { type: 'string' } },
      'n.o.x': string,
      q: { description: 'JSON text of `a.Q`.', schema: { type: 'string' } },
    },
  },
  {
    name: 'a message below the fifth level is JSON text',
    proto:
      'A a = 1;\n\nmessage A { B b = 1; } message B { C c = 1; } message C { D d = 1; } message D { E e = 1; string x = 2; } message E { F f = 1; } message F { string y = 1; }',
    expected: { 'a.b.c.d.e': { description: 'JSON text of `a.E`.', schema: { type: 'string' } }, 'a.b.c.d.x': string },
  },
  {
    name: 'messages with a plain form are plain',
    proto:
      'google.protobuf.Timestamp a = 1; google.protobuf.Int64Value b = 2; google.protobuf.Duration c = 3; google.protobuf.FieldMask d = 4;',
    expected: {
      a: { schema: { type: 'string', format: 'date-time' } },
      b: { schema: { type: 'string', format: 'int64' } },
      c: {
        description: 'Seconds, with up to nine fractional digits: `3.5s`.',
        schema: { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$' },
      },
      d: { description: 'Paths of fields, separated by commas: `user.displayName,photo`.', schema: { type: 'string' } },
    },
  },
  {
    name: 'messages of free form, and without fields, are JSON text',
    proto: 'google.protobuf.Struct a = 1; google.protobuf.Value b = 2; N n = 3;\n\nmessage N {}',
    expected: {
      a: { description: 'JSON text of `google.protobuf.Struct`.', schema: { type: 'string' } },
      b: { description: 'JSON text of `google.protobuf.Value`.', schema: { type: 'string' } },
      n: { description: 'JSON text of `a.N`.', schema: { type: 'string' } },
    },
  },
  { name: 'bytes are no files', proto: 'bytes a = 1;', expected: { a: { description: 'Base64.', schema: { type: 'string' } } } },
  {
    name: 'a field is required where all above it are',
    proto:
      'N a = 1 [(google.api.field_behavior) = REQUIRED]; N b = 2;\n\nmessage N { string x = 1 [(google.api.field_behavior) = REQUIRED]; string y = 2; }',
    expected: { 'a.x': { required: true, ...string }, 'a.y': string, 'b.x': string, 'b.y': string },
  },
  {
    name: 'what only a server sets is no parameter',
    proto: 'string a = 1 [(google.api.field_behavior) = OUTPUT_ONLY]; string b = 2;',
    expected: { b: string },
  },
  {
    name: 'a field is deprecated with what it is in',
    proto: 'N a = 1 [deprecated = true]; string b = 2;\n\nmessage N { string x = 1; }',
    expected: { 'a.x': { deprecated: true, ...string }, b: string },
  },
  {
    name: 'comments are descriptions',
    proto: '// How many.\nint32 a = 1;\n// When.\ngoogle.protobuf.FieldMask b = 2;',
    expected: {
      a: { description: 'How many.', schema: { type: 'integer', format: 'int32' } },
      b: { description: 'When.\n\nPaths of fields, separated by commas: `user.displayName,photo`.', schema: { type: 'string' } },
    },
  },
];

t.test('fields become query parameters', async (t) => {
  for (const { name, rule = 'get: "/v1/x"', proto, expected, protoNames = false } of rows) {
    const [fields = '', types = ''] = proto.split('\n\n');
    const body = `service S { ${rpc('M(Q) returns (R)', rule)} }\nmessage R {}\nmessage Q {\n${fields}\n}\n${types}`;
    const { json } = sampleOf(protoOf(body), { print: { protoNames, int64: 'string' } });
    const found: Record<string, object> = {};
    for (const { name: parameter, in: place, ...rest } of parametersOf(json)) {
      if (place === 'query') found[parameter] = rest;
    }
    t.same(found, expected, name);
    t.same(Object.keys(found), Object.keys(expected), `${name} (order)`);
  }
});

function parametersOf(json: unknown): { readonly name: string; readonly in: string }[] {
  const { paths } = json as { paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>> };
  return Object.values(paths).flatMap((item) => Object.values(item).flatMap((operation) => operation.parameters ?? []));
}

const mask = 'Paths of fields, separated by commas: `user.displayName,photo`.';
const derived = `${mask}\n\nIf unset: the fields that the body names.`;

t.test('a PATCH says what becomes of an unset mask', async (t) => {
  const cases: [name: string, fields: string, rule: string, patchMask: boolean, expected: string][] = [
    ['the one mask of a PATCH is derived', '', 'patch: "/v1/x" body: "n"', true, derived],
    ['not if that is off', '', 'patch: "/v1/x" body: "n"', false, mask],
    ['not of a PUT', '', 'put: "/v1/x" body: "n"', true, mask],
    ['not of two', 'google.protobuf.FieldMask read = 3;', 'patch: "/v1/x" body: "n"', true, mask],
  ];
  for (const [name, fields, rule, patchMask, expected] of cases) {
    const body = `service S { ${rpc('M(Q) returns (R)', rule)} } message R {} message N {}
      message Q { N n = 1; google.protobuf.FieldMask update = 2; ${fields} }`;
    const { json } = sampleOf(protoOf(body), { patchMask });
    t.equal((parametersOf(json)[0] as { description?: string } | undefined)?.description, expected, name);
  }
});

t.test('fewer levels are spread out where there would be too many parameters', async (t) => {
  const fields = (type: string, count: number) => Array.from({ length: count }, (_, i) => `${type} f${i} = ${i + 1};`).join(' ');
  const body = `service S { ${rpc('M(Q) returns (R)', 'get: "/v1/x"')} } message R {}
    message Q { ${fields('A', 10)} } message A { ${fields('B', 10)} } message B { ${fields('string', 2)} }`;
  const parameters = parametersOf(sampleOf(protoOf(body)).json);
  t.equal(parameters.length, 100);
  t.same(parameters.at(-1), { name: 'f9.f9', in: 'query', description: 'JSON text of `a.B`.', schema: { type: 'string' } });
});
