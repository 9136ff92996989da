import { test } from 'tap';
import { link } from '../../../proto/link.js';
import { printProblem } from '../../../proto/problem.js';
import { enumeration, field, fileBytes, message } from '../../support/descriptor.js';
import { compileProtos } from '../../support/schema.js';

function outcome(...files: readonly Uint8Array[]): readonly string[] {
  const result = link([{ origin: 'test', version: '1', files }]);
  return result.ok ? ['ok', ...result.warnings.map(printProblem)] : result.problems.map(printProblem);
}

const method = (name: string, inputType: string, outputType: string) => ({ name, inputType, outputType });
const entry = (name: string, ...fields: Parameters<typeof message>[1][]) => ({
  ...message(name, ...fields),
  options: Uint8Array.of(0x38, 1),
});

/** What is wrong, the files, and what is said of it. */
const rows: readonly (readonly [name: string, files: readonly Uint8Array[], problems: readonly string[]])[] = [
  [
    'an import that no source has, needed',
    [fileBytes('a.proto', { dependency: ['b.proto', 'c.proto'], messageType: [message('A', field('f', 1, { typeName: '.b.B' }))] })],
    [
      'a.proto: a.proto: imports "b.proto", "c.proto", which no source has, and A.f needs type ".b.B": ' +
        'make the descriptor set with --include_imports, or add the folder or source that has it',
    ],
  ],
  [
    'an import that no source has, not needed',
    [fileBytes('a.proto', { dependency: ['options.proto'], messageType: [message('A')] })],
    ['ok', 'a.proto: a.proto: imports "options.proto", which no source has; nothing here needs it'],
  ],
  [
    'unknown type',
    [fileBytes('a.proto', { messageType: [message('A', field('f', 1, { typeName: '.b.B' }))] })],
    ['a.proto: A.f: type ".b.B" is not defined in this file or its imports'],
  ],
  [
    'a type of a file that is not imported',
    [
      fileBytes('a.proto', { messageType: [message('A', field('f', 1, { typeName: '.B' }))] }),
      fileBytes('b.proto', { messageType: [message('B')] }),
    ],
    ['a.proto: A.f: B is defined in "b.proto", which is not imported here; import it'],
  ],
  [
    'a type of an import of an import that is not public',
    [
      fileBytes('a.proto', { dependency: ['b.proto'], messageType: [message('A', field('f', 1, { typeName: '.C' }))] }),
      fileBytes('b.proto', { dependency: ['c.proto'] }),
      fileBytes('c.proto', { messageType: [message('C')] }),
    ],
    ['a.proto: A.f: C is defined in "c.proto", which is not imported here; import it'],
  ],
  [
    'a type of a public import',
    [
      fileBytes('a.proto', { dependency: ['b.proto'], messageType: [message('A', field('f', 1, { typeName: '.C' }))] }),
      fileBytes('b.proto', { dependency: ['d.proto'], publicDependency: [0] }),
      fileBytes('d.proto', { dependency: ['c.proto'], publicDependency: [0] }),
      fileBytes('c.proto', { messageType: [message('C')] }),
    ],
    ['ok'],
  ],
  [
    'cyclic imports',
    [
      fileBytes('a.proto', { dependency: ['b.proto'] }),
      fileBytes('b.proto', { dependency: ['c.proto'] }),
      fileBytes('c.proto', { dependency: ['b.proto'] }),
      fileBytes('d.proto', { dependency: ['d.proto'] }),
    ],
    ['c.proto: c.proto: imports itself: b.proto -> c.proto -> b.proto', 'd.proto: d.proto: imports itself: d.proto -> d.proto'],
  ],
  [
    'the same symbol in two files',
    [
      fileBytes('a.proto', { package: 'p', messageType: [message('M')] }),
      fileBytes('b.proto', { package: 'p', enumType: [enumeration('M', { A: 0 })] }),
    ],
    ['b.proto: p.M: is already defined in a.proto; rename one of them, or load only one of the two files'],
  ],
  [
    'the same file under two names',
    ['a.proto', 'b.proto'].map((name) =>
      fileBytes(name, { messageType: [message('M', field('f', 1), field('m', 2, { typeName: '.M' })), message('N')] }),
    ),
    ['b.proto: M: is already defined in a.proto; rename one of them, or load only one of the two files'],
  ],
  [
    'the same symbol twice in a file',
    [fileBytes('a.proto', { messageType: [message('M', field('f', 1), field('f', 2))] })],
    ['a.proto: M.f: is already defined in this file; rename one of them, or load only one of the two files'],
  ],
  [
    'values of enums in one scope',
    [fileBytes('a.proto', { enumType: [enumeration('E', { ZERO: 0 }), enumeration('F', { ZERO: 0 })] })],
    ['a.proto: ZERO: is already defined in this file; rename one of them, or load only one of the two files'],
  ],
  [
    'a package named as a message',
    [fileBytes('a.proto', { package: 'p', messageType: [message('q')] }), fileBytes('b.proto', { package: 'p.q.r' })],
    ['b.proto: p.q: is a package here, but something else in a.proto'],
  ],
  [
    'a message named as a package',
    [fileBytes('a.proto', { package: 'p.q' }), fileBytes('b.proto', { package: 'p', messageType: [message('q')] })],
    ['b.proto: p.q: is already the name of a package, in a.proto'],
  ],
  [
    'names that are none',
    [fileBytes('a.proto', { package: 'p..q', messageType: [message('A/B', field('', 1), field('1x', 2))] })],
    [
      'a.proto: p.: is not the name of a package',
      'a.proto: p..q.A/B: is not a name: letters, digits and underscores make one, and no digit begins it',
      'a.proto: p..q.A/B.: is not a name: letters, digits and underscores make one, and no digit begins it',
      'a.proto: p..q.A/B.1x: is not a name: letters, digits and underscores make one, and no digit begins it',
    ],
  ],
  [
    'editions and syntaxes of the future',
    [fileBytes('a.proto', { syntax: 'editions', edition: 1099 }), fileBytes('b.proto', { syntax: 'proto4' })],
    [
      'a.proto: a.proto: edition 1099 is not known; known are proto2, proto3, 2023, 2024 and 2026',
      'b.proto: b.proto: syntax "proto4" is not known; known are proto2, proto3, 2023, 2024 and 2026',
    ],
  ],
  [
    'field numbers',
    [
      fileBytes('a.proto', {
        messageType: [message('A', field('a', 0), field('b', -1), field('c', 2 ** 29), field('d', 19500), field('e', 5), field('f', 5))],
      }),
    ],
    [
      'a.proto: A.a: field number 0 is not between 1 and 536870911',
      'a.proto: A.b: field number -1 is not between 1 and 536870911',
      'a.proto: A.c: field number 536870912 is not between 1 and 536870911',
      'a.proto: A.d: has number 19500, which protobuf reserves for itself',
      'a.proto: A.f: has number 5, as has "e"',
    ],
  ],
  [
    'field types',
    [
      fileBytes('a.proto', {
        enumType: [enumeration('E', { Z: 0 })],
        messageType: [
          message(
            'A',
            field('a', 1, { type: 99 }),
            field('b', 2, { typeName: '.E', type: 11 }),
            field('c', 3, { typeName: '.A', type: 14 }),
            {
              name: 'd',
              number: 4,
            },
          ),
        ],
      }),
    ],
    [
      'a.proto: A.a: has type number 99 and no type name',
      'a.proto: A.b: has type number 11, but E is an enum',
      'a.proto: A.c: has type number 14, but A is a message',
      'a.proto: A.d: has type number 0 and no type name',
    ],
  ],
  [
    'JSON names that clash',
    [fileBytes('a.proto', { messageType: [message('A', field('a_b', 1), field('aB', 2))] })],
    ['ok', 'a.proto: A.aB: has the JSON name "aB", as has "a_b"; in JSON nothing can set it'],
  ],
  [
    'a oneof that is not there',
    [fileBytes('a.proto', { messageType: [message('A', field('f', 1, { oneofIndex: 2 }))] })],
    ['a.proto: A.f: is a member of oneof number 2, which A does not have'],
  ],
  [
    'methods of enums',
    [
      fileBytes('a.proto', {
        enumType: [enumeration('E', { Z: 0 })],
        messageType: [message('A')],
        service: [{ name: 'S', method: [method('M', '.E', '.A'), method('N', '.A', '.Nothing')] }],
      }),
    ],
    ['a.proto: S.M: E is an enum, a message is wanted', 'a.proto: S.N: type ".Nothing" is not defined in this file or its imports'],
  ],
  ['an enum without values', [fileBytes('a.proto', { enumType: [enumeration('E', {})] })], ['a.proto: E: has no values']],
  [
    'an open enum that does not begin with zero',
    [fileBytes('a.proto', { enumType: [enumeration('E', { ONE: 1 })] })],
    ['a.proto: ONE: must be 0, as the first value of an open enum'],
  ],
  [
    'extensions out of range, and twice the same number',
    [
      fileBytes('a.proto', {
        syntax: 'proto2',
        messageType: [{ ...message('A'), extensionRange: [{ start: 100, end: 200 }] }],
        extension: [field('x', 99, { extendee: '.A' }), field('y', 199, { extendee: '.A' }), field('z', 199, { extendee: 'A' })],
      }),
    ],
    ['a.proto: x: A does not have 99 among its extension numbers', 'a.proto: z: extends A with number 199, as does y in a.proto'],
  ],
  [
    'map entries that are none',
    [
      fileBytes('a.proto', {
        messageType: [
          {
            ...message(
              'A',
              field('a', 1, { typeName: '.A.BadKey', label: 3 }),
              field('b', 2, { typeName: '.A.NoValue', label: 3 }),
              field('c', 3, { typeName: '.A.Good' }),
            ),
            nestedType: [
              entry('BadKey', field('key', 1, { type: 1 }), field('value', 2)),
              entry('NoValue', field('key', 1)),
              entry('Good', field('key', 1), field('value', 2)),
            ],
          },
        ],
      }),
    ],
    [
      'a.proto: A.a: A.BadKey is not the entry of a map field here',
      'a.proto: A.b: A.NoValue is not the entry of a map field here',
      'a.proto: A.c: A.Good is not the entry of a map field here',
    ],
  ],
  [
    'broken options',
    [
      fileBytes('a.proto', { messageType: [{ ...message('A'), options: Uint8Array.of(0x0a, 9) }] }),
      fileBytes('b.proto', { syntax: 'editions', edition: 1000, options: Uint8Array.of(0x80) }),
    ],
    ['b.proto: b.proto: has broken options: truncated'],
  ],
  [
    'broken options of an element',
    [fileBytes('a.proto', { messageType: [{ ...message('A'), options: Uint8Array.of(0x0a, 9) }] })],
    ['a.proto: a.proto: has broken options: truncated'],
  ],
];

for (const [name, files, problems] of rows) {
  test(name, async (t) => {
    t.strictSame(outcome(...files), problems);
  });
}

test('problems have a line and column where source info is there', async (t) => {
  const [b = new Uint8Array(0), a = new Uint8Array(0)] = compileProtos({
    'a.proto': 'syntax = "proto3";\nimport "b.proto";\nmessage A {\n  B b = 1;\n}',
    'b.proto': 'syntax = "proto3";\nmessage B {}',
  });
  const copy = fileBytes('c.proto', { messageType: [message('A')] });
  t.strictSame(outcome(b, a, copy), ['c.proto: A: is already defined in a.proto:3; rename one of them, or load only one of the two files']);
  const other = fileBytes('b.proto', { messageType: [message('C')] });
  t.strictSame(outcome(other, a), ['a.proto:4:3: A.b: type ".B" is not defined in this file or its imports']);
});

test('a chain of imports may be longer than the call stack', async (t) => {
  const length = 20_000;
  const files = Array.from({ length }, (_, i) =>
    fileBytes(`${i}.proto`, { dependency: i + 1 < length ? [`${i + 1}.proto`] : [], publicDependency: [0] }),
  );
  t.strictSame(outcome(...files), ['ok']);
});
