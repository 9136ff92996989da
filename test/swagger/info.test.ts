import t from 'tap';
import { deriveInfo } from '../../swagger/info.js';
import { bindingsOf, rpc, schemaOf } from './sample.js';

function infoOf(services: readonly string[], given = {}): unknown {
  const texts = services.map((name, i) => {
    const dot = name.lastIndexOf('.');
    const text = `syntax = "proto3"; ${dot < 0 ? '' : `package ${name.slice(0, dot)};`} import "google/api/annotations.proto";
      service ${name.slice(dot + 1)} { ${rpc(`M(Q${i}) returns (Q${i})`, `get: "/v1/${i}"`)} } message Q${i} {}`;
    return [`${i}.proto`, text];
  });
  return deriveInfo(bindingsOf(schemaOf(Object.fromEntries(texts))), given);
}

const cases: readonly [name: string, services: readonly string[], expected: object][] = [
  ['a service gives its name and the version of its package', ['books.v1.Books'], { title: 'Books', version: 'v1' }],
  ['several are listed in order', ['b.v1.Shelves', 'a.v1.Books', 'c.v1.Users'], { title: 'Books, Shelves, Users', version: 'v1' }],
  ['four still are', ['a.A', 'a.B', 'a.C', 'a.D'], { title: 'A, B, C, D', version: '1' }],
  ['many are counted', ['a.A', 'a.B', 'a.C', 'a.D', 'a.E'], { title: 'A, B, C and 2 more', version: '1' }],
  ['a package without version, and none at all', ['books.Books', 'Shelves'], { title: 'Books, Shelves', version: '1' }],
  ['the highest version counts', ['a.v2.A', 'a.v10.B', 'a.v9.C'], { title: 'A, B, C', version: 'v10' }],
  ['a stable version is above its betas', ['a.v1.A', 'a.v1beta1.B', 'a.v1p1beta1.C'], { title: 'A, B, C', version: 'v1' }],
  ['no service', [], { title: 'API', version: '1' }],
];

t.test('documents are called after their services', async (t) => {
  for (const [name, services, expected] of cases) t.same(infoOf(services), expected, name);
  t.same(infoOf(['a.v1.A'], { title: 'Mine' }), { title: 'Mine', version: 'v1' });
});
