import { test } from 'tap';
import { readFileDescriptor } from '../../../proto/descriptor/read.js';
import { printProblem } from '../../../proto/problem.js';
import { compileProtos } from '../../../proto/text/compile.js';
import { readVendored } from './oracle.js';

type Files = Readonly<Record<string, string>>;

/** Compiles the first file; the others are there to be imported. */
function compile(files: Files, entries = Object.keys(files).slice(0, 1)) {
  return compileProtos(
    entries.map((name) => ({ name, text: files[name] ?? '' })),
    { read: (name) => files[name] ?? readVendored(name), missing: () => 'is not found here' },
  );
}

function problemsOf(files: Files, entries?: string[]): string[] {
  const result = compile(files, entries);
  return result.ok ? [] : result.problems.map(printProblem);
}

function namesOf(files: Files, entries?: string[]): string[] {
  const result = compile(files, entries);
  return result.ok ? result.value.map(({ name }) => name) : result.problems.map(printProblem);
}

const proto3 = (body: string) => `syntax = "proto3";\n${body}`;

test('the result has each file once, after those it imports', async (t) => {
  const files = {
    'a.proto': proto3('import "c.proto"; import "b.proto"; message A { B b = 1; C c = 2; }'),
    'b.proto': proto3('import "c.proto"; message B { C c = 1; }'),
    'c.proto': proto3('message C {}'),
  };
  t.strictSame(namesOf(files), ['c.proto', 'b.proto', 'a.proto']);
  t.strictSame(namesOf(files, ['b.proto', 'a.proto', 'b.proto']), ['c.proto', 'b.proto', 'a.proto']);
  t.strictSame(namesOf({ 'a.proto': proto3('option java_package = "x";') }), ['a.proto'], 'and not descriptor.proto for its own sake');
});

test('references become absolute, by the innermost scope that knows their first part', async (t) => {
  const source = proto3(`package a.b;
message M { M m = 1; N n = 2; b.M o = 3; a.b.M p = 4; .a.b.M q = 5; M.N r = 6; E e = 7; message N { N n = 1; M m = 2; } enum E { Z = 0; } }
message N {}
service S { rpc Do(M.N) returns (stream b.N); }`);
  const result = compile({ 'a.proto': source });
  t.ok(result.ok);
  const file = readFileDescriptor((result.ok ? result.value[0]?.bytes : undefined) ?? new Uint8Array());
  t.strictSame(
    file.messageType[0]?.field.map(({ type, typeName }) => [type, typeName]),
    [
      [11, '.a.b.M'],
      [11, '.a.b.M.N'],
      [11, '.a.b.M'],
      [11, '.a.b.M'],
      [11, '.a.b.M'],
      [11, '.a.b.M.N'],
      [14, '.a.b.M.E'],
    ],
  );
  t.strictSame(
    file.service[0]?.method.map(({ inputType, outputType, clientStreaming, serverStreaming }) => [
      inputType,
      outputType,
      clientStreaming,
      serverStreaming,
    ]),
    [['.a.b.M.N', '.a.b.N', undefined, true]],
  );
});

test('what is not imported is not seen, but for public imports', async (t) => {
  const c = proto3('message C {}');
  const a = proto3('import "b.proto";\nmessage A { C c = 1; }');
  t.strictSame(problemsOf({ 'a.proto': a, 'b.proto': proto3('import "c.proto"; message B { C c = 1; }'), 'c.proto': c }), [
    'a.proto:3:13: A.c: C is defined in c.proto, which a.proto does not import',
  ]);
  t.strictSame(namesOf({ 'a.proto': a, 'b.proto': proto3('import public "c.proto";'), 'c.proto': c }), ['c.proto', 'b.proto', 'a.proto']);
});

test('an import that is missing is named where it stands, once', async (t) => {
  const files = {
    'a.proto': proto3('import "b.proto";\nimport "nope.proto";'),
    'b.proto': proto3('import "nope.proto";'),
  };
  t.strictSame(problemsOf(files), ['b.proto:2:1: nope.proto: is not found here']);
});

test('an import that only dispensable options need may be missing, and they leave no trace', (t) => {
  const text = proto3(`import "lost.proto";
import public "plain.proto";
message M { option (lost.a) = { b: [1, 2] }; option deprecated = true; string id = 1 [(lost.c).d = "x"]; }`);
  const files: Files = { 'a.proto': text, 'plain.proto': proto3('') };
  const read = (name: string) => files[name] ?? readVendored(name);
  const imports = { read, missing: () => 'is not found here' };
  const result = compileProtos([{ name: 'a.proto', text }], { ...imports, isDispensable: (option) => option.startsWith('lost.') });
  t.strictSame(result.ok && result.warnings.map(printProblem), [
    'a.proto:2:1: lost.proto: is not found here. Only options need it, which are left out: (lost.a), (lost.c)',
  ]);
  t.strictSame(result.ok && result.value.map(({ name, isAbsent }) => [name, isAbsent]), [
    ['lost.proto', true],
    ['plain.proto', false],
    ['a.proto', false],
  ]);
  const file = readFileDescriptor((result.ok ? result.value.at(-1)?.bytes : undefined) ?? new Uint8Array());
  t.strictSame(file.dependency, ['lost.proto', 'plain.proto']);
  t.equal(Buffer.from(file.messageType[0]?.options ?? []).toString('hex'), '1801');
  t.equal(file.messageType[0]?.field[0]?.options, undefined);
  t.notOk(file.sourceCodeInfo?.location.some(({ path }) => path.includes(999)));
  const strict = compileProtos([{ name: 'a.proto', text }], { ...imports, isDispensable: (option) => option !== 'lost.c' });
  t.strictSame(strict.ok ? [] : strict.problems.map(printProblem), ['a.proto:2:1: lost.proto: is not found here']);
  t.end();
});

test('a file that an import names otherwise goes by the name it has', (t) => {
  const text = proto3('import "../x.proto";\nimport public "vendor/b.proto";\nmessage A { B b = 1; }');
  const asked: string[] = [];
  const nameOf = (name: string) => {
    asked.push(name);
    return name.replace('vendor/', '');
  };
  const files: Files = { 'a.proto': text.replace('import "../x.proto";\n', ''), 'b.proto': proto3('message B {}') };
  const read = (name: string) => files[name] ?? readVendored(name);
  const result = compileProtos([{ name: 'a.proto', text: files['a.proto'] ?? '' }], { read, missing: () => '', nameOf });
  t.strictSame(result.ok && result.value.map(({ name }) => name), ['b.proto', 'a.proto']);
  t.strictSame(asked, ['vendor/b.proto']);
  const file = readFileDescriptor((result.ok ? result.value.at(-1)?.bytes : undefined) ?? new Uint8Array());
  t.strictSame([file.dependency, file.publicDependency], [['b.proto'], [0]]);
  compileProtos([{ name: 'a.proto', text }], { read, missing: () => '', nameOf });
  t.notOk(asked.includes('../x.proto'), 'a name that leads out of the folders is never asked for');
  t.end();
});

test('files that import each other are refused with the circle', async (t) => {
  const files = { 'a.proto': proto3('import "b.proto";'), 'b.proto': proto3('import "a.proto";') };
  t.strictSame(problemsOf(files), ['b.proto:2:1: a.proto: files import each other: a.proto -> b.proto -> a.proto']);
});

test('names must differ over all files', async (t) => {
  const files = { 'a.proto': proto3('package x;\nmessage y {}'), 'b.proto': proto3('package x.y;\nmessage M {}') };
  t.strictSame(problemsOf(files, ['a.proto', 'b.proto']), ['b.proto:2:1: x.y: is a package here, but a message in a.proto']);
  t.strictSame(problemsOf(files, ['b.proto', 'a.proto']), ['a.proto:3:9: x.y: is already defined as a package in b.proto']);
});

test('local types are for their own file', async (t) => {
  const files = {
    'a.proto': proto3('import "b.proto";\nmessage A { b.L l = 1;\nb.M.N n = 2; b.M m = 3; }'),
    'b.proto': 'edition = "2024"; package b; local message L {} message M { message N {} }',
  };
  t.strictSame(problemsOf(files), ['a.proto:3:13: A.l: b.L is local to b.proto', 'a.proto:4:1: A.n: b.M.N is local to b.proto']);
});

test('types of an option import are for options only', async (t) => {
  const files = {
    'a.proto': 'edition = "2024";\nimport option "o.proto";\nmessage M { option (o.t) = { x: 1 };\no.T f = 1; }',
    'o.proto': proto3(
      'package o; import "google/protobuf/descriptor.proto"; message T { int32 x = 1; } extend google.protobuf.MessageOptions { T t = 50000; }',
    ),
  };
  t.strictSame(problemsOf(files), ['a.proto:4:1: M.f: o.T is defined in o.proto, which a.proto does not import']);
});

test('options that compilers alone need are left out, with their locations', async (t) => {
  const files = {
    'a.proto': proto3('import "o.proto";\nmessage M { option (gone) = 1; }\nmessage N { option (gone) = 1; option (kept) = 2; }'),
    'o.proto': proto3(
      `import "google/protobuf/descriptor.proto";
extend google.protobuf.MessageOptions { int32 gone = 50000 [retention = RETENTION_SOURCE]; int32 kept = 50001; }`,
    ),
  };
  const result = compile(files);
  t.ok(result.ok);
  const file = readFileDescriptor((result.ok ? result.value.at(-1)?.bytes : undefined) ?? new Uint8Array());
  t.strictSame(
    file.messageType.map(({ options }) => options && Buffer.from(options).toString('hex')),
    [undefined, '88b51802'],
  );
  const paths = file.sourceCodeInfo?.location.map(({ path }) => path.join()).filter((path) => /^4,[01],7/.test(path));
  t.strictSame(paths, ['4,1,7', '4,1,7', '4,1,7,50001']);
});

test('limits: nesting of messages and of values, parts of a name', async (t) => {
  const custom = (value: string) => `syntax = "proto2"; import "google/protobuf/descriptor.proto";
message O { optional O o = 1; } extend google.protobuf.FileOptions { optional O o = 50000; }
option ${value};`;
  const deep = (levels: number) => `(o) = ${'{ o '.repeat(levels)}{}${'}'.repeat(levels)}`;
  t.strictSame(problemsOf({ 'a.proto': custom(deep(100)) }), []);
  t.strictSame(problemsOf({ 'a.proto': custom(deep(101)) }), ['a.proto:3:418: an option nested more than 100 deep, found {']);
  t.strictSame(problemsOf({ 'a.proto': custom(`(o)${'.o'.repeat(100)} = {}`) }), [
    'a.proto:3:210: the name of an option has at most 100 parts, found o',
  ]);
  const nested = (levels: number) => proto3('message M { '.repeat(levels) + '} '.repeat(levels));
  t.strictSame(problemsOf({ 'a.proto': nested(31) }), []);
  t.match(problemsOf({ 'a.proto': nested(100_000) })[0], 'a.proto:2:373: messages nested more than 31 deep');
});

test('one run tells of many faults, but not of all', async (t) => {
  const many = problemsOf({ 'a.proto': proto3('message M { string a; }\n'.repeat(100)) });
  t.equal(many.length, 20);
  t.equal(many[1], 'a.proto:3:21: expected "=" and the number of the field, found ;');
  t.equal(problemsOf({ 'a.proto': proto3(`message M { ${'Nope a = 1;\n'.repeat(100)} }`) }).length, 50);
});

test('an error inside the value of an option does not spread', async (t) => {
  const source = proto3(`message M {
  option (x) = { a { b c } d: [1, { e 5 }] };
  string s = 1
}
message N { string t; }`);
  t.strictSame(problemsOf({ 'a.proto': source }), [
    'a.proto:3:24: expected ":" and a value, or "{", after b, found c',
    'a.proto:5:1: expected ";", found }',
    'a.proto:6:21: expected "=" and the number of the field, found ;',
  ]);
});

test('without descriptor.proto options have no meaning', async (t) => {
  const result = compileProtos([{ name: 'a.proto', text: '' }], { read: () => undefined, missing: () => '' });
  t.strictSame(result.ok ? [] : result.problems.map(printProblem), [
    'google/protobuf/descriptor.proto: is needed for the meaning of options, and is not found',
  ]);
});
