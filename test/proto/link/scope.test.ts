import { test } from 'tap';
import { link } from '../../../proto/link.js';
import { printProblem } from '../../../proto/problem.js';
import { enumeration, field, fileBytes, message } from '../../support/descriptor.js';

/** a.proto: package p.q with messages M (and in it N, E), p.q.T; imports b.proto: package p with T, U, and U.V; and c.proto: package q with W, which publicly imports open.D. */
function typeOf(typeName: string): string {
  const files = [
    fileBytes('a.proto', {
      package: 'p.q',
      dependency: ['b.proto', 'c.proto'],
      messageType: [
        {
          ...message('M', field('f', 1, { typeName }), field('g', 2)),
          nestedType: [{ ...message('N'), nestedType: [message('Deep')] }],
          enumType: [enumeration('E', { ZERO: 0 })],
        },
        message('T'),
        message('g'),
      ],
    }),
    fileBytes('b.proto', { package: 'p', messageType: [message('T'), { ...message('U'), nestedType: [message('V')] }] }),
    fileBytes('c.proto', { package: 'q', dependency: ['d.proto'], publicDependency: [0], messageType: [message('W')] }),
    fileBytes('d.proto', { package: 'open', messageType: [message('D')] }),
    fileBytes('unseen.proto', { package: 'p.q.unseen', messageType: [message('X')] }),
  ];
  const result = link([{ origin: 'test', version: '1', files }]);
  if (!result.ok) return result.problems.map(printProblem).join('\n');
  const f = result.value.message('p.q.M')?.field('f');
  return f?.kind === 'message' || f?.kind === 'enum' ? f.type.name : '';
}

const unknown = (name: string) => `a.proto: p.q.M.f: type "${name}" is not defined in this file or its imports`;

/** descriptor.proto, FieldDescriptorProto.type_name: innermost scope first, as in C++. */
const rows: Readonly<Record<string, string>> = {
  '.p.q.T': 'p.q.T',
  '.p.T': 'p.T',
  T: 'p.q.T',
  'q.T': 'p.q.T',
  'p.T': 'p.T',
  'p.q.T': 'p.q.T',
  U: 'p.U',
  'U.V': 'p.U.V',
  N: 'p.q.M.N',
  'N.Deep': 'p.q.M.N.Deep',
  'M.N': 'p.q.M.N',
  E: 'p.q.M.E',
  M: 'p.q.M',
  g: 'p.q.g',
  '.q.W': 'q.W',
  'open.D': 'open.D',
  // The innermost scope that has `q` is package p, and p.q has no W.
  'q.W': unknown('q.W'),
  'N.Missing': unknown('N.Missing'),
  '.T': unknown('.T'),
  Deep: unknown('Deep'),
  'unseen.X': unknown('unseen.X'),
  '.p.q.unseen.X': 'a.proto: p.q.M.f: p.q.unseen.X is defined in "unseen.proto", which is not imported here; import it',
  '': unknown(''),
};

test('type names are resolved by protobuf scoping', async (t) => {
  for (const [name, wanted] of Object.entries(rows)) t.equal(typeOf(name), wanted, name);
});
