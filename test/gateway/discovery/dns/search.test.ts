import { test } from 'tap';
import { candidates, parseSearch } from '../../../../gateway/discovery/dns/search.js';

const POD = 'search ns.svc.cluster.local svc.cluster.local\nnameserver 10.0.0.10\noptions ndots:5 timeout:1\n';

test('the search list and ndots are read as resolv.conf(5) has them', async (t) => {
  t.same(parseSearch(POD), { domains: ['ns.svc.cluster.local', 'svc.cluster.local'], ndots: 5 });
  t.same(parseSearch(''), { domains: [], ndots: 1 });
  t.same(parseSearch('domain a.example\n# search no\nsearch . b.example\noptions ndots:99'), { domains: ['b.example'], ndots: 15 });
});

for (const [name, ...expected] of [
  ['books', 'books.ns.svc.cluster.local.', 'books.svc.cluster.local.', 'books.'],
  [
    'books.ns.svc.cluster.local',
    'books.ns.svc.cluster.local.ns.svc.cluster.local.',
    'books.ns.svc.cluster.local.svc.cluster.local.',
    'books.ns.svc.cluster.local.',
  ],
  ['a.b.c.d.e.f', 'a.b.c.d.e.f.', 'a.b.c.d.e.f.ns.svc.cluster.local.', 'a.b.c.d.e.f.svc.cluster.local.'],
  ['books.example.', 'books.example.'],
] as const)
  test(`in a pod, ${name} means ${expected.length} names in their order`, async (t) => {
    t.same(candidates(name, parseSearch(POD)), expected);
  });
