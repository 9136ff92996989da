import t from 'tap';
import type { OpenApiVersion } from '../../swagger/dialect.js';
import { protoOf, rpc, sampleOf } from './sample.js';

interface Row {
  readonly name: string;
  /** Fields of message M, and after a blank line other types. */
  readonly proto: string;
  /** Its properties. */
  readonly expected: object;
  readonly protoNames?: boolean;
  readonly int64?: 'string' | 'number';
  readonly version?: OpenApiVersion;
}

const int64 = { type: 'string', format: 'int64' };
const uint64 = { type: 'string', format: 'uint64' };
const uint32 = { type: 'integer', format: 'int64', minimum: 0, maximum: 4294967295 };
const int32 = { type: 'integer', format: 'int32' };
const string = { type: 'string' };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const rows: readonly Row[] = [
  {
    name: 'integers of 32 bits are numbers',
    proto: 'int32 a = 1; sint32 b = 2; sfixed32 c = 3;',
    expected: { a: int32, b: int32, c: int32 },
  },
  { name: 'unsigned ones have a range', proto: 'uint32 a = 1; fixed32 b = 2;', expected: { a: uint32, b: uint32 } },
  {
    name: 'integers of 64 bits are strings',
    proto: 'int64 a = 1; sint64 b = 2; sfixed64 c = 3; uint64 d = 4; fixed64 e = 5;',
    expected: { a: int64, b: int64, c: int64, d: uint64, e: uint64 },
  },
  {
    name: 'integers of 64 bits are numbers where they are printed so',
    proto: 'int64 a = 1; uint64 b = 2; google.protobuf.Int64Value c = 3;',
    int64: 'number',
    expected: {
      a: { type: 'integer', format: 'int64' },
      b: { type: 'integer', format: 'uint64' },
      c: { type: 'integer', format: 'int64' },
    },
  },
  {
    name: 'other scalars',
    proto: 'float a = 1; double b = 2; bool c = 3; string d = 4;',
    expected: { a: { type: 'number', format: 'float' }, b: { type: 'number', format: 'double' }, c: { type: 'boolean' }, d: string },
  },
  { name: 'bytes are base64', proto: 'bytes a = 1;', expected: { a: { type: 'string', format: 'byte', contentEncoding: 'base64' } } },
  { name: 'bytes are base64 in 3.0', proto: 'bytes a = 1;', version: '3.0', expected: { a: { type: 'string', format: 'byte' } } },
  {
    name: 'names are JSON names',
    proto: 'string page_size = 1; string x = 2 [json_name = "y"];',
    expected: { pageSize: string, y: string },
  },
  {
    name: 'names are proto names where they are printed so',
    proto: 'string page_size = 1; string x = 2 [json_name = "y"];',
    protoNames: true,
    expected: { page_size: string, x: string },
  },
  {
    name: 'repeated fields are arrays, maps are objects',
    proto: 'repeated string a = 1; map<string, int64> b = 2; map<bool, N> c = 3;\n\nmessage N {}',
    expected: {
      a: { type: 'array', items: string },
      b: { type: 'object', additionalProperties: int64 },
      c: { type: 'object', additionalProperties: ref('a.N') },
    },
  },
  {
    name: 'messages and enums are references, recursive ones too',
    proto: 'M a = 1; N.O b = 2; E c = 3; repeated E d = 4;\n\nmessage N { message O {} } enum E { Z = 0; }',
    expected: { a: ref('a.M'), b: ref('a.N.O'), c: ref('a.E'), d: { type: 'array', items: ref('a.E') } },
  },
  {
    name: 'comments are descriptions, beside a reference too',
    proto: '// One.\n//\n// Two.\nstring a = 1;\nN b = 2; // Three.\n\nmessage N {}',
    expected: { a: { type: 'string', description: 'One.\n\nTwo.' }, b: { ...ref('a.N'), description: 'Three.' } },
  },
  {
    name: 'what stands beside a reference is around it in 3.0',
    proto: '// One.\nN a = 1; N b = 2; N c = 3 [deprecated = true];\n\nmessage N {}',
    version: '3.0',
    expected: { a: { allOf: [ref('a.N')], description: 'One.' }, b: ref('a.N'), c: { allOf: [ref('a.N')], deprecated: true } },
  },
  {
    name: 'behavior is read from options, one by one or packed',
    proto: `string a = 1 [(google.api.field_behavior) = OUTPUT_ONLY, (google.api.field_behavior) = IMMUTABLE];
      string b = 2 [(google.api.field_behavior) = INPUT_ONLY]; string c = 3 [(google.api.field_behavior) = OPTIONAL];`,
    expected: {
      a: { type: 'string', description: 'Cannot be changed once set.', readOnly: true },
      b: { type: 'string', writeOnly: true },
      c: string,
    },
  },
  {
    name: 'formats are read from options',
    proto: `string a = 1 [(google.api.field_info).format = UUID4]; string b = 2 [(google.api.field_info).format = IPV4];
      string c = 3 [(google.api.field_info).format = IPV6]; repeated string d = 4 [(google.api.field_info).format = IPV4_OR_IPV6];`,
    expected: {
      a: { type: 'string', format: 'uuid' },
      b: { type: 'string', format: 'ipv4' },
      c: { type: 'string', format: 'ipv6' },
      d: { type: 'array', items: string },
    },
  },
  {
    name: 'members of a oneof know each other, proto3 optional is alone',
    proto: 'oneof o { string a_b = 1; N c = 2; } optional string d = 3;\n\nmessage N {}',
    expected: {
      aB: { type: 'string', description: 'At most one of `aB`, `c` is set.' },
      c: { ...ref('a.N'), description: 'At most one of `aB`, `c` is set.' },
      d: string,
    },
  },
  {
    name: 'wrappers are what they wrap',
    proto: `google.protobuf.StringValue a = 1; google.protobuf.BoolValue b = 2; google.protobuf.UInt32Value c = 3; google.protobuf.DoubleValue d = 4;
      google.protobuf.UInt64Value e = 5; google.protobuf.Int32Value f = 6; google.protobuf.FloatValue g = 7;`,
    expected: {
      a: string,
      b: { type: 'boolean' },
      c: uint32,
      d: { type: 'number', format: 'double' },
      e: uint64,
      f: int32,
      g: { type: 'number', format: 'float' },
    },
  },
  {
    name: 'well-known types have their own forms',
    proto: `google.protobuf.Timestamp a = 1; google.protobuf.Duration b = 2; google.protobuf.FieldMask c = 3; google.protobuf.Struct d = 4;
      google.protobuf.Value e = 5; google.protobuf.ListValue f = 6; google.protobuf.Any g = 7; google.protobuf.Empty h = 8;`,
    expected: {
      a: { type: 'string', format: 'date-time' },
      b: {
        type: 'string',
        pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$',
        description: 'Seconds, with up to nine fractional digits: `3.5s`.',
      },
      c: { type: 'string', description: 'Paths of fields, separated by commas: `user.displayName,photo`.' },
      d: ref('google.protobuf.Struct'),
      e: ref('google.protobuf.Value'),
      f: ref('google.protobuf.ListValue'),
      g: ref('google.protobuf.Any'),
      h: ref('google.protobuf.Empty'),
    },
  },
  { name: 'NullValue is null', proto: 'google.protobuf.NullValue a = 1;', expected: { a: { type: 'null' } } },
  {
    name: 'NullValue is null in 3.0',
    proto: 'google.protobuf.NullValue a = 1;',
    version: '3.0',
    expected: { a: { type: 'string', enum: [null], nullable: true } },
  },
];

t.test('messages that may be null in replies are shown so', async (t) => {
  const body = `service S { ${rpc('Get(M) returns (M)', 'get: "/v1/m"')} }
    message M { M inner = 1; google.protobuf.Timestamp time = 2; repeated M many = 3; optional string maybe = 4; oneof one { M other = 5; } }`;
  const schemas = (version: '3.1' | '3.0') =>
    sampleOf(protoOf(body), {
      version,
      print: { protoNames: false, int64: 'string', nulls: true },
    }).json.components?.schemas?.['a.M']?.properties;
  const time = { type: 'string', format: 'date-time' };
  t.same(schemas('3.1'), {
    inner: { anyOf: [ref('a.M'), { type: 'null' }] },
    time: { anyOf: [time, { type: 'null' }] },
    many: { type: 'array', items: ref('a.M') },
    maybe: { type: 'string' },
    other: { ...ref('a.M'), description: 'At most one of `other` is set.' },
  });
  t.match(schemas('3.0'), { inner: { allOf: [ref('a.M')], nullable: true }, time: { ...time, nullable: true } });
});

t.test('enum values may be numbers', async (t) => {
  const body = `service S { ${rpc('Get(M) returns (M)', 'get: "/v1/m"')} } message M { E e = 1; }
    // What it is.
    enum E { option allow_alias = true; ZERO = 0; ONE = 1; UN = 1;
      // The last.
      TWO = 2; }`;
  const { json } = sampleOf(protoOf(body), { print: { protoNames: false, int64: 'string', enums: 'number' } });
  t.same(json.components?.schemas?.['a.E'], {
    type: 'integer',
    description: 'What it is.\n\n- 0: `ZERO`\n- 1: `ONE`\n- 1: `UN` (another name of `ONE`)\n- 2: `TWO`: The last.',
    enum: [0, 1, 2],
  });
  t.same(json.paths?.['/v1/m']?.get?.responses?.['200']?.content?.['application/json']?.example, { e: 1 });
});

t.test('fields become properties', async (t) => {
  for (const { name, proto, expected, version = '3.1', ...print } of rows) {
    const [fields = '', types = ''] = proto.split('\n\n');
    const body = `service S { ${rpc('Get(M) returns (M)', 'get: "/v1/m"')} }\nmessage M {\n${fields}\n}\n${types}`;
    const { json } = sampleOf(protoOf(body), { version, print: { protoNames: false, int64: 'string', ...print } });
    t.same(json.components?.schemas?.['a.M']?.properties, expected, name);
  }
});

t.test('a message says what it is, what it needs and what its oneofs are for', async (t) => {
  const { json } = sampleOf(
    protoOf(`service S { ${rpc('Get(M) returns (M)', 'get: "/v1/m"')} }
      // A message.
      message M {
        option deprecated = true;
        string some_name = 1 [(google.api.field_behavior) = REQUIRED];
        // How to
        // reach it.
        oneof contact { string mail = 2; string phone = 3; }
        oneof other { string x = 4; }
      }`),
  );
  const { properties: _, ...rest } = { ...json.components?.schemas?.['a.M'] };
  t.same(rest, {
    type: 'object',
    description: 'A message.\n\n`contact` (`mail`, `phone`): How to\nreach it.',
    required: ['someName'],
    deprecated: true,
  });
});

t.test('an enum has its names, and says what they mean', async (t) => {
  const { json } = sampleOf(
    protoOf(`service S { ${rpc('Get(M) returns (M)', 'get: "/v1/m"')} }
      message M { E e = 1; F f = 2; }
      // What it is.
      enum E {
        option allow_alias = true;
        UNKNOWN = 0;
        // Not
        // true.
        FICTION = 1;
        NOVEL = 1;
        OLD = 2 [deprecated = true]; // Out of use.
      }
      enum F { Z = 0; option deprecated = true; }`),
  );
  t.same(json.components?.schemas?.['a.E'], {
    type: 'string',
    description: 'What it is.\n\n- `FICTION`: Not true.\n- `NOVEL` (another name of `FICTION`)\n- `OLD` (deprecated): Out of use.',
    enum: ['UNKNOWN', 'FICTION', 'NOVEL', 'OLD'],
  });
  t.same(json.components?.schemas?.['a.F'], { type: 'string', enum: ['Z'], deprecated: true });
});

t.test('proto2: required fields, groups and extensions', async (t) => {
  const { json } = sampleOf({
    'b.proto': `syntax = "proto2"; package b; import "google/api/annotations.proto";
      service S { ${rpc('Get(M) returns (M)', 'get: "/v1/m"')} }
      message M { required string a = 1; optional group Inner = 2 { optional int32 x = 1; } extensions 100 to 200; }
      extend M { optional string later = 102; optional M early = 101; }`,
  });
  const { properties, required } = { ...json.components?.schemas?.['b.M'] };
  t.same(properties, { a: string, inner: ref('b.M.Inner'), '[b.early]': ref('b.M'), '[b.later]': string });
  t.same(Object.keys({ ...properties }), ['a', 'inner', '[b.early]', '[b.later]']);
  t.same(required, ['a']);
});

t.test('only what is reached is a component, in order of names', async (t) => {
  const { json } = sampleOf(
    protoOf(`service S { ${rpc('Get(Request) returns (Reply)', 'get: "/v1/m"')} rpc Hidden(Unused) returns (Unused); }
      message Request { Z z = 1; } message Reply { repeated B b = 1; map<string, A> a = 2; }
      message A {} message B {} message Unused {} enum Z { NONE = 0; }`),
  );
  t.same(Object.keys({ ...json.components?.schemas }), ['a.A', 'a.B', 'a.Reply', 'a.Z', 'google.protobuf.Any', 'google.rpc.Status']);
});
