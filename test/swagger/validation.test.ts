import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';
import type { OpenApiVersion } from '../../swagger/dialect.js';
import { type Json, sampleOf } from './sample.js';

const thirdParty = resolve(import.meta.dirname, '../../proto/third_party');
const texts = Object.fromEntries(
  ['buf/validate/validate.proto', 'validate/validate.proto'].map((name) => [name, readFileSync(resolve(thirdParty, name), 'utf8')]),
);

function documentOf(message: string, options: { version?: OpenApiVersion; int64?: 'string' | 'number' } = {}): Json {
  const proto = `syntax = "proto3";
    package a.v1;
    import "google/api/annotations.proto";
    import "google/protobuf/wrappers.proto";
    import "buf/validate/validate.proto";
    import "validate/validate.proto";
    message M { ${message} }
    enum Color { NONE = 0; RED = 1; BLUE = 2; }
    service S { rpc Do(M) returns (M) { option (google.api.http) = { post: "/m" body: "*" }; } }`;
  const { version = '3.1', int64 = 'string' } = options;
  return sampleOf({ ...texts, 'a.proto': proto }, { version, print: { protoNames: false, int64 } }).json;
}

function schemaOf(message: string, options?: Parameters<typeof documentOf>[1]): Json {
  const schema = documentOf(message, options).components?.schemas?.['a.v1.M'];
  if (schema === undefined) throw new Error('no schema of the message');
  return schema;
}

interface Row {
  readonly name: string;
  /** One field, named `f`. */
  readonly field: string;
  /** Its property. */
  readonly expected: object;
  readonly version?: OpenApiVersion;
  readonly int64?: 'string' | 'number';
}

const string = { type: 'string' };
const int32 = { type: 'integer', format: 'int32' };
const buf = (rules: string) => `[(buf.validate.field).${rules}]`;
const pgv = (rules: string) => `[(validate.rules).${rules}]`;

const rows: readonly Row[] = [
  {
    name: 'lengths of a text',
    field: `string f = 1 ${buf('string = {min_len: 2, max_len: 5}')};`,
    expected: { ...string, minLength: 2, maxLength: 5 },
  },
  {
    name: 'lengths, as protoc-gen-validate has them',
    field: `string f = 1 ${pgv('string = {min_len: 2, max_len: 5}')};`,
    expected: { ...string, minLength: 2, maxLength: 5 },
  },
  { name: 'an exact length', field: `string f = 1 ${buf('string.len = 3')};`, expected: { ...string, minLength: 3, maxLength: 3 } },
  {
    name: 'lengths in bytes are said',
    field: `string f = 1 ${buf('string.max_bytes = 9')};`,
    expected: { ...string, description: 'Must have at most 9 bytes.' },
  },
  { name: 'a pattern', field: `string f = 1 ${buf('string.pattern = "^[a-z]+$"')};`, expected: { ...string, pattern: '^[a-z]+$' } },
  {
    name: 'a pattern that is not one of ECMAScript is said',
    field: `string f = 1 ${buf('string.pattern = "(?i)^a$"')};`,
    expected: { ...string, description: 'Must match `(?i)^a$`.' },
  },
  {
    name: 'a prefix stands for itself',
    field: `string f = 1 ${buf('string.prefix = "a.b/"')};`,
    expected: { ...string, pattern: '^a\\.b\\/' },
  },
  {
    name: 'of two demands on what a text looks like one is said',
    field: `string f = 1 ${buf('string = {prefix: "a", suffix: "z"}')};`,
    expected: { ...string, pattern: '^a', description: 'Must end with `z`.' },
  },
  { name: 'a format', field: `string f = 1 ${buf('string.email = true')};`, expected: { ...string, format: 'email' } },
  {
    name: 'a format that JSON Schema lacks is said',
    field: `string f = 1 ${buf('string.ulid = true')};`,
    expected: { ...string, description: 'Must be a ULID.' },
  },
  { name: 'texts to choose from', field: `string f = 1 ${buf('string = {in: ["a", "b"]}')};`, expected: { ...string, enum: ['a', 'b'] } },
  {
    name: 'texts that are not allowed',
    field: `string f = 1 ${buf('string = {not_in: ["a"]}')};`,
    expected: { ...string, not: { enum: ['a'] } },
  },
  {
    name: 'bounds of a number',
    field: `int32 f = 1 ${buf('int32 = {gte: -3, lte: 7}')};`,
    expected: { ...int32, minimum: -3, maximum: 7 },
  },
  {
    name: 'bounds that are excluded',
    field: `sint32 f = 1 ${buf('sint32 = {gt: -3, lt: 7}')};`,
    expected: { ...int32, exclusiveMinimum: -3, exclusiveMaximum: 7 },
  },
  {
    name: 'bounds that are excluded, in 3.0',
    version: '3.0',
    field: `int32 f = 1 ${buf('int32 = {gt: 0, lt: 7}')};`,
    expected: { ...int32, minimum: 0, exclusiveMinimum: true, maximum: 7, exclusiveMaximum: true },
  },
  {
    name: 'bounds of a float as they were written',
    field: `float f = 1 ${buf('float = {gte: 0.1}')};`,
    expected: { type: 'number', format: 'float', minimum: 0.1 },
  },
  {
    name: 'bounds of a double',
    field: `double f = 1 ${pgv('double = {gte: -1.5}')};`,
    expected: { type: 'number', format: 'double', minimum: -1.5 },
  },
  {
    name: 'what lies outside of two bounds is said',
    field: `int32 f = 1 ${buf('int32 = {gt: 7, lt: -3}')};`,
    expected: { ...int32, description: 'Must be greater than 7 or less than -3.' },
  },
  {
    name: 'bounds of a number that is text are said, exactly',
    field: `int64 f = 1 ${buf('int64 = {gte: -9007199254740993}')};`,
    expected: { type: 'string', format: 'int64', description: 'Must be at least -9007199254740993.' },
  },
  {
    name: 'bounds of 64 bits where they are printed as numbers',
    int64: 'number',
    field: `uint64 f = 1 ${buf('uint64.gte = 5')};`,
    expected: { type: 'integer', format: 'uint64', minimum: 5 },
  },
  {
    name: 'an enum loses what is not allowed',
    field: `Color f = 1 ${buf('enum = {not_in: [0]}')};`,
    expected: { $ref: '#/components/schemas/a.v1.Color', enum: ['RED', 'BLUE'] },
  },
  {
    name: 'a list',
    field: `repeated string f = 1 ${buf('repeated = {min_items: 1, max_items: 3, unique: true, items: {string: {min_len: 1}}}')};`,
    expected: { type: 'array', items: { ...string, minLength: 1 }, minItems: 1, maxItems: 3, uniqueItems: true },
  },
  {
    name: 'a map',
    field: `map<string, int32> f = 1 ${buf('map = {min_pairs: 1, max_pairs: 3, values: {int32: {gte: 0}}}')};`,
    expected: { type: 'object', additionalProperties: { ...int32, minimum: 0 }, minProperties: 1, maxProperties: 3 },
  },
  {
    name: 'a wrapped value',
    field: `google.protobuf.StringValue f = 1 ${buf('string.min_len = 2')};`,
    expected: { ...string, minLength: 2 },
  },
  {
    name: 'an expression, in the words of its author',
    field: `string f = 1 ${buf('cel = {id: "x", message: "no spaces", expression: "true"}')};`,
    expected: { ...string, description: 'No spaces.' },
  },
  {
    name: 'an expression without words',
    field: `string f = 1 ${buf('cel = {id: "x", expression: "this != \'a\'"}')};`,
    expected: { ...string, description: "Must fulfil `this != 'a'`." },
  },
  {
    name: 'rules that do not hold for what is empty',
    field: `string f = 1 ${pgv('string = {min_len: 2, ignore_empty: true}')};`,
    expected: { ...string, anyOf: [{ enum: [''] }, { minLength: 2 }] },
  },
  {
    name: 'the same, as protovalidate has it',
    field: 'int32 f = 1 [(buf.validate.field).int32.gte = 5, (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];',
    expected: { ...int32, anyOf: [{ enum: [0] }, { minimum: 5 }] },
  },
  {
    name: 'rules that are switched off',
    field: 'int32 f = 1 [(buf.validate.field).int32.gte = 5, (buf.validate.field).ignore = IGNORE_ALWAYS];',
    expected: int32,
  },
];

t.test('validation rules become keywords, and sentences where there is none', async (t) => {
  for (const { name, field, expected, ...options } of rows) t.same(schemaOf(field, options).properties?.f, expected, name);
});

t.test('examples are what the rules allow', async (t) => {
  const examples: readonly (readonly [field: string, example: unknown])[] = [
    [`string f = 1 ${buf('string = {min_len: 8}')};`, 'stringgg'],
    [`string f = 1 ${buf('string = {max_len: 3}')};`, 'str'],
    [`string f = 1 ${buf('string.pattern = "^[0-9]+$"')};`, '1'],
    [`string f = 1 ${buf('string.prefix = "books/"')};`, 'books/'],
    [`string f = 1 ${buf('string.email = true')};`, 'jane@example.com'],
    [`string f = 1 ${buf('string = {in: ["x", "y"]}')};`, 'x'],
    [`string f = 1 ${buf('string = {not_in: ["string"]}')};`, 'a'],
    [`int32 f = 1 ${buf('int32.gte = 5')};`, 5],
    [`int32 f = 1 ${buf('int32 = {gt: 5, lt: 7}')};`, 6],
    [`double f = 1 ${buf('double.lt = 0')};`, -1],
    [`string f = 1 ${pgv('string = {min_len: 8, ignore_empty: true}')};`, 'stringgg'],
    [`repeated string f = 1 ${buf('repeated = {items: {string: {max_len: 2}}}')};`, ['st']],
  ];
  for (const [field, example] of examples) {
    const body = documentOf(field).paths?.['/m']?.post?.requestBody?.content?.['application/json'];
    t.same(body?.example?.f, example, field);
  }
});

t.test('rules that are broken say nothing', async (t) => {
  // The options are those of another file, as a server's reflection may have them: numbers where rules stand, and rules that are cut off.
  const options =
    'import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { bytes rules = 1159; bytes older = 1071; }';
  for (const [name, bytes] of [
    ['rules of a text that are cut off', '\\x72\\x02\\x10\\x80'],
    ['a length beyond the end', '\\x72\\x7f'],
    ['no message at all', '\\xff'],
  ])
    for (const option of ['rules', 'older']) {
      const proto = `syntax = "proto3"; package a.v1; import "google/api/annotations.proto"; ${options}
        message M { string f = 1 [(${option}) = "${bytes}"]; }
        service S { rpc Do(M) returns (M) { option (google.api.http) = { post: "/m" body: "*" }; } }`;
      const { json } = sampleOf({ 'a.proto': proto });
      t.same(json.components?.schemas?.['a.v1.M']?.properties?.f, { type: 'string' }, `${name}, ${option}`);
    }
});

t.test('a pattern that takes for ever to fail is not tried on a long example', async (t) => {
  const before = process.cpuUsage();
  documentOf(
    `string f = 1 ${buf('string = {pattern: "^(a+)+$", min_len: 60, not_in: ["x"]}')}; string g = 2 ${buf('string = {pattern: "^(([a-z])+.)+[A-Z]$", min_len: 40}')};`,
  );
  const { user, system } = process.cpuUsage(before);
  t.ok((user + system) / 1e6 < 5, 'well below for ever');
});

t.test('what must be there is required', async (t) => {
  t.same(schemaOf(`string f = 1 ${buf('required = true')}; string g = 2;`).required, ['f']);
  t.same(schemaOf(`M f = 1 ${pgv('message.required = true')};`).required, ['f']);
});

t.test('rules of a message are said', async (t) => {
  const message = 'option (buf.validate.message).cel = {id: "x", message: "f or g", expression: "true"}; string f = 1;';
  t.equal(schemaOf(message).description, 'F or g.');
});

for (const version of ['3.1', '3.0'] as const) {
  t.test(`a document of version ${version} with all of them is valid`, async (t) => {
    const fields = rows.map(({ field }, i) => field.replace(' f = 1', ` f${i} = ${i + 1}`));
    const result = await new Validator().validate(structuredClone(documentOf(fields.join('\n'), { version })));
    t.same(result, { valid: true });
  });
}
