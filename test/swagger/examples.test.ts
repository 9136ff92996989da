import t from 'tap';
import { openToAll } from '../../annotations/visibility.js';
import { dialects } from '../../swagger/dialect.js';
import { ExampleWriter } from '../../swagger/examples.js';
import { protoOf, schemaOf } from './sample.js';

interface Row {
  readonly name: string;
  /** Fields of the message, and after a blank line other types. */
  readonly proto: string;
  readonly request: unknown;
  /** If it differs. */
  readonly reply?: unknown;
}

const rows: readonly Row[] = [
  {
    name: 'scalars',
    proto: 'double a = 1; float b = 2; int32 c = 3; uint64 d = 4; bool e = 5; string f = 6; bytes g = 7;',
    request: { a: 1.5, b: 1.5, c: 1, d: '1', e: true, f: 'string', g: 'Ynl0ZXM=' },
  },
  {
    name: 'formats',
    proto: 'string a = 1 [(google.api.field_info).format = UUID4]; string b = 2 [(google.api.field_info).format = IPV6];',
    request: { a: '123e4567-e89b-42d3-a456-426614174000', b: '2001:db8::1' },
  },
  {
    name: 'an enum shows a value that says something and is not deprecated',
    proto: 'E a = 1; F b = 2;\n\nenum E { Z = 0; OLD = 1 [deprecated = true]; NEW = 2; } enum F { ONLY = 0; }',
    request: { a: 'NEW', b: 'ONLY' },
  },
  {
    name: 'lists and maps',
    proto: 'repeated string a = 1; map<string, N> b = 2; map<bool, string> c = 3; map<int64, string> d = 4;\n\nmessage N { string x = 1; }',
    request: { a: ['string'], b: { key: { x: 'string' } }, c: { true: 'string' }, d: { '1': 'string' } },
  },
  {
    name: 'one member of a oneof',
    proto: 'oneof o { string a = 1; string b = 2; } oneof p { M self = 3; string c = 4; }',
    request: { a: 'string', c: 'string' },
  },
  { name: 'what is deprecated is not shown', proto: 'string a = 1 [deprecated = true]; string b = 2;', request: { b: 'string' } },
  {
    name: 'a request has no outputs, a reply no inputs',
    proto: 'string a = 1 [(google.api.field_behavior) = OUTPUT_ONLY]; string b = 2 [(google.api.field_behavior) = INPUT_ONLY];',
    request: { b: 'string' },
    reply: { a: 'string' },
  },
  {
    name: 'well-known types; a request has none whose content the server decides on',
    proto: `google.protobuf.Timestamp a = 1; google.protobuf.Duration b = 2; google.protobuf.FieldMask c = 3; google.protobuf.Any d = 4;
      google.protobuf.Struct e = 5; google.protobuf.Value f = 6; google.protobuf.ListValue g = 7; google.protobuf.Empty h = 8;
      google.protobuf.NullValue i = 9; google.protobuf.Int64Value j = 10; repeated google.protobuf.Any k = 11;`,
    request: { a: '2025-01-31T12:00:00Z', b: '1.5s', e: { key: 'value' }, f: 'value', g: ['value'], h: {}, i: null, j: '1' },
    reply: {
      a: '2025-01-31T12:00:00Z',
      b: '1.5s',
      c: 'title,author.name',
      d: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1.5s' },
      e: { key: 'value' },
      f: 'value',
      g: ['value'],
      h: {},
      i: null,
      j: '1',
      k: [{ '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1.5s' }],
    },
  },
  {
    name: 'a message ends where it would contain itself',
    proto: 'M a = 1; repeated M b = 2; map<string, M> c = 3; N d = 4;\n\nmessage N { M m = 1; string x = 2; }',
    request: { d: { x: 'string' } },
  },
  {
    name: 'a message ends at the fourth level',
    proto: 'A a = 1;\n\nmessage A { B b = 1; } message B { C c = 1; } message C { D d = 1; string x = 2; } message D { string y = 1; }',
    request: { a: { b: { c: { x: 'string' } } } },
  },
];

t.test('examples', async (t) => {
  for (const { name, proto, request, reply = request } of rows) {
    const [fields = '', types = ''] = proto.split('\n\n');
    const type = schemaOf(protoOf(`message M { ${fields} } ${types}`)).message('a.M');
    if (type === undefined) throw new Error('no message');
    const style = {
      dialect: dialects['3.1'],
      protoNames: false,
      int64: 'string',
      enums: 'name',
      nulls: false,
      visibility: openToAll,
    } as const;
    t.same(new ExampleWriter(style, 'request').message(type), request, `${name} (request)`);
    t.same(new ExampleWriter(style, 'reply').message(type), reply, `${name} (reply)`);
  }
});

t.test('names and integers follow the printer', async (t) => {
  const type = schemaOf(protoOf('message M { int64 long_name = 1; google.protobuf.UInt64Value other_name = 2; }')).message('a.M');
  if (type === undefined) throw new Error('no message');
  const style = {
    dialect: dialects['3.1'],
    protoNames: true,
    int64: 'number',
    enums: 'number',
    nulls: true,
    visibility: openToAll,
  } as const;
  t.same(new ExampleWriter(style, 'reply').message(type), { long_name: 1, other_name: 1 });
});

t.test('an example has no more than sixty fields', async (t) => {
  const fields = (type: string) => Array.from({ length: 20 }, (_, i) => `${type} f${i} = ${i + 1};`).join(' ');
  const type = schemaOf(protoOf(`message M { ${fields('N')} } message N { ${fields('string')} }`)).message('a.M');
  if (type === undefined) throw new Error('no message');
  const style = {
    dialect: dialects['3.1'],
    protoNames: false,
    int64: 'string',
    enums: 'name',
    nulls: false,
    visibility: openToAll,
  } as const;
  const example = new ExampleWriter(style, 'reply').message(type);
  t.equal(JSON.stringify(example).match(/"f\d+":/g)?.length, 60);
});
