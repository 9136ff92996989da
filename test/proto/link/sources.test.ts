import { test } from 'tap';
import type { FileDescriptor } from '../../../proto/descriptor/descriptor.js';
import { readFileDescriptor } from '../../../proto/descriptor/read.js';
import { writeFileDescriptor } from '../../../proto/descriptor/write.js';
import { link } from '../../../proto/link.js';
import { printProblem } from '../../../proto/problem.js';
import type { SourceFiles } from '../../../proto/schema.js';
import { field, fileBytes, message } from '../../support/descriptor.js';
import { compileProtos } from '../../support/schema.js';

function source(origin: string, ...files: readonly Uint8Array[]): SourceFiles {
  return { origin, version: '1', files };
}

function fallback(...files: readonly Uint8Array[]): SourceFiles {
  return { origin: 'vendored', version: '1', files, fallback: true };
}

/** Problems, or `ok` and warnings. */
function outcome(...sources: readonly SourceFiles[]): readonly string[] {
  const result = link(sources);
  return result.ok ? ['ok', ...result.warnings.map(printProblem)] : result.problems.map(printProblem);
}

const text = `syntax = "proto3"; package p; import "google/api/annotations.proto";
  // A comment.
  message M { string long_name = 1 [deprecated = true]; oneof o { M m = 2; } optional E e = 3; reserved 9; }
  enum E { ZERO = 0; }
  service S { rpc Get(M) returns (M) { option (google.api.http) = { get: "/m" }; option deprecated = true; } }`;

const files = compileProtos({ 'p.proto': text });
const imported = files.slice(0, -1);

function compiled(edit: (file: FileDescriptor) => void = () => {}): Uint8Array {
  const file = readFileDescriptor(files.at(-1) ?? new Uint8Array(0));
  edit(file);
  return writeFileDescriptor(file);
}

test('the same file from several sources, byte for byte or in meaning, is one file', async (t) => {
  const rows: readonly (readonly [difference: string, edit: (file: FileDescriptor) => void])[] = [
    ['none', () => {}],
    ['no source info', (file) => delete file.sourceCodeInfo],
    ['options of the file', (file) => Object.assign(file, { options: Uint8Array.of(0x0a, 1, 0x70) })],
    ['an import that nothing needs', (file) => Object.assign(file, { dependency: [] })],
    ['reserved numbers', (file) => file.messageType.map((m) => m.reservedRange.pop())],
    ['json_name left to be derived', (file) => file.messageType.map((m) => m.field.map((f) => delete f.jsonName))],
    [
      'relative type names',
      (file) => file.messageType.map((m) => m.field.map((f) => f.typeName && Object.assign(f, { typeName: f.typeName.slice(3) }))),
    ],
    ['no type beside a type name', (file) => file.messageType.map((m) => m.field.map((f) => f.typeName && delete f.type))],
    [
      'order of options',
      (file) =>
        file.service.map((s) =>
          s.method.map((m) =>
            Object.assign(m, { options: Uint8Array.of(...(m.options?.subarray(3) ?? []), ...(m.options?.subarray(0, 3) ?? [])) }),
          ),
        ),
    ],
  ];
  for (const [difference, edit] of rows) {
    const [one, other] = [source('one', ...imported, compiled()), source('other', compiled(edit))];
    t.strictSame(outcome(one, other), ['ok'], difference);
    const [a, b] = [link([one, other]), link([other, one])];
    t.equal(a.ok && a.value.hash, b.ok && b.value.hash, `${difference}: whatever the order of sources`);
    t.equal(a.ok && a.value.message('p.M')?.comment, 'A comment.', `${difference}: the one with comments stands`);
  }
});

test('files that contradict each other are refused, naming both origins and the difference', async (t) => {
  const first = <T>(list: readonly T[]): T => {
    const [item] = list;
    if (item === undefined) throw new Error('empty');
    return item;
  };
  const rows: readonly (readonly [difference: string, edit: (file: FileDescriptor) => void])[] = [
    ['the syntax or edition differs between one and other', (file) => Object.assign(file, { syntax: 'proto2' })],
    ['package is p in one and q in other', (file) => Object.assign(file, { package: 'q' })],
    ['message New is only in other', (file) => file.messageType.push(message('New'))],
    [
      'number of field long_name of message M is 1 in one and 7 in other',
      (file) => Object.assign(first(first(file.messageType).field), { number: 7 }),
    ],
    [
      'the options of field long_name of message M differ between one and other',
      (file) => delete first(first(file.messageType).field).options,
    ],
    [
      'type of field m of message M is p.M in one and q.M in other',
      (file) => Object.assign(first(first(file.messageType).field.slice(1)), { typeName: '.q.M' }),
    ],
    ['oneof _e of message M is only in one', (file) => first(file.messageType).oneofDecl.pop()],
    ['value ZERO of enum E is only in one', (file) => Object.assign(first(first(file.enumType).value), { name: 'NULL' })],
    [
      'the options of method Get of service S differ between one and other',
      (file) => Object.assign(first(first(file.service).method), { options: Uint8Array.of(0x88, 2, 1) }),
    ],
    [
      'stream of replies of method Get of service S is not set in one and true in other',
      (file) => Object.assign(first(first(file.service).method), { serverStreaming: true }),
    ],
  ];
  for (const [difference, edit] of rows) {
    const reason = `${difference}; load only one of them, or two of the same version`;
    t.strictSame(outcome(source('one', ...imported, compiled()), source('other', compiled(edit))), [`p.proto: ${reason}`]);
  }
});

test('a fallback source yields where another one has the file, and serves what others lack', async (t) => {
  const own = fileBytes('common.proto', { package: 'c', messageType: [message('Own')] });
  const vendored = fileBytes('common.proto', { package: 'c', messageType: [message('Vendored')] });
  const user = fileBytes('u.proto', { dependency: ['common.proto'], messageType: [message('U')] });
  for (const sources of [
    [fallback(vendored), source('own', own, user)],
    [source('own', own, user), fallback(vendored)],
  ]) {
    const result = link(sources);
    t.ok(result.ok && result.value.message('c.Own') !== undefined);
    t.equal(result.ok && result.value.message('c.Vendored'), undefined);
  }
  const lacking = link([source('own', user), fallback(vendored)]);
  t.ok(lacking.ok && lacking.value.message('c.Vendored') !== undefined);
});

test('a fallback file that nobody imports is left out if something is wrong with it', async (t) => {
  const own = fileBytes('copy/common.proto', { package: 'c', messageType: [message('Same')] });
  const same = fileBytes('common.proto', { package: 'c', messageType: [message('Extra'), message('Same')] });
  const newer = fileBytes('newer.proto', { dependency: ['base.proto'], messageType: [message('N', field('f', 1, { typeName: '.New' }))] });
  const base = fileBytes('base.proto', { messageType: [message('Old')] });
  const odd = fileBytes('odd.proto', { syntax: 'proto9' });
  const result = link([fallback(same, newer, odd), source('own', own, base)]);
  t.ok(result.ok);
  if (!result.ok) return;
  t.strictSame(result.warnings, []);
  t.strictSame(
    ['c.Same', 'c.Extra', 'N', 'Old'].map((name) => result.value.message(name)?.file),
    ['copy/common.proto', undefined, undefined, 'base.proto'],
  );
});

test('a fallback file that somebody imports has its problems reported', async (t) => {
  const own = fileBytes('own.proto', { package: 'c', dependency: ['common.proto'], messageType: [message('Same')] });
  const same = fileBytes('common.proto', { package: 'c', messageType: [message('Same')] });
  t.strictSame(outcome(fallback(same), source('own', own)), [
    'own.proto: c.Same: is already defined in common.proto of vendored, and this is of own; rename one of them, or load only one of the two files, or give the file one import name in both',
  ]);
});

test('what is no file is refused, naming the source', async (t) => {
  const whole = fileBytes('a.proto', { package: 'a', messageType: [message('M', field('f', 1))] });
  t.strictSame(outcome(source('cut.binpb', whole.subarray(0, -1))), [
    'cut.binpb: has a file that is not a FileDescriptorProto, or is cut off: truncated',
  ]);
  t.strictSame(outcome(source('empty.binpb', new Uint8Array(0))), ['empty.binpb: has a file without a name; is it a descriptor set?']);
  t.match(outcome(source('text.proto', new TextEncoder().encode('syntax = "proto3";'))), [/^text\.proto: has a file that is not a /]);
});

test('broken source info costs the comments only', async (t) => {
  const broken = Uint8Array.of(...fileBytes('a.proto', { messageType: [message('M')] }), 0x4a, 2, 0x0a, 9);
  const result = link([source('a', broken)]);
  t.ok(result.ok);
  t.strictSame(result.ok && [result.value.message('M')?.comment, result.value.where('M')], ['', undefined]);
});

test('of two fallbacks that contradict each other the one that says more is taken, whatever their order', async (t) => {
  const own = fileBytes('own.proto', { dependency: ['common.proto'], messageType: [message('Own')] });
  const older = fileBytes('common.proto', { package: 'c', messageType: [message('Old')] });
  const newer = fileBytes('common.proto', { package: 'c', messageType: [message('Old'), message('New')] });
  for (const pair of [
    [fallback(older), fallback(newer)],
    [fallback(newer), fallback(older)],
  ]) {
    const result = link([source('own', own), ...pair]);
    t.ok(result.ok && result.value.message('c.New') !== undefined);
  }
});

test('of the services that a file declares only those are there that a source offers, unless one has all of them', async (t) => {
  const file = fileBytes('s.proto', { service: ['A', 'B', 'C'].map((name) => ({ name, method: [] })) });
  const offering = (by: string, ...services: string[]) => ({ ...source(by, file), offer: { by, services } });
  const rows: readonly (readonly [why: string, sources: readonly SourceFiles[], services: object])[] = [
    ['no offer', [source('own', file)], { A: [], B: [], C: [] }],
    ['one offer', [offering('one', 'A')], { A: ['one'] }],
    ['two servers, each with a part', [offering('one', 'A', 'B'), offering('two', 'B')], { A: ['one'], B: ['one', 'two'] }],
    ['a file that somebody has without an offer', [source('own', file), offering('one', 'A')], { A: ['one'], B: [], C: [] }],
    ['an offer of what is declared nowhere', [offering('one', 'X')], {}],
  ];
  for (const [why, sources, services] of rows) {
    const result = link(sources);
    t.strictSame(result.ok && Object.fromEntries(result.value.services.map(({ name, offeredBy }) => [name, offeredBy])), services, why);
  }
});
