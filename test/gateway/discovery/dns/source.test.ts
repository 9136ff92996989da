import { EventEmitter, once } from 'node:events';
import { type Test, test } from 'tap';
import { type NameOptions, systemNames } from '../../../../gateway/discovery/dns/resolve.js';
import { DnsSource } from '../../../../gateway/discovery/dns/source.js';
import type { Endpoint } from '../../../../gateway/upstream/call.js';
import { type DnsServer, serveDns } from './dns-server.js';

const UNKNOWN = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
const nobody = (): Promise<never> => Promise.reject(UNKNOWN);

/** What a source has told, and waiting for the next of it. */
class Heard extends EventEmitter {
  readonly lists: string[] = [];
  last: readonly Endpoint[] = [];
  problem: string | undefined;

  endpoints(list: readonly Endpoint[]): void {
    this.last = list;
    this.lists.push(list.map((e) => e.address).join(' '));
    this.emit('told');
  }
  trouble(problem: string | undefined): void {
    this.problem = problem;
    if (problem !== undefined) this.emit('told');
  }
  ignored(): void {}
  async until(done: () => boolean): Promise<void> {
    while (!done()) await once(this, 'told');
  }
}

function follow(t: Test, server: DnsServer, host: string, o: NameOptions = {}): Heard {
  const names = systemNames({ servers: [server.address], search: { domains: [], ndots: 1 }, lookup: nobody, ...o });
  const source = new DnsSource(host, 50051, names);
  const heard = new Heard();
  t.teardown(() => source.close());
  source.start(heard);
  return heard;
}

test('every address of a name is an endpoint, each once and in order, and has the name', async (t) => {
  const server = await serveDns(t);
  server.records.set('books.example', ['10.0.0.2', '10.0.0.1', '2001:db8:0:0:0:0:0:1', '10.0.0.2']);
  const heard = follow(t, server, 'books.example');
  await heard.until(() => heard.lists.length > 0);
  t.same(heard.last, [
    { id: '10.0.0.1:50051', address: '10.0.0.1:50051', weight: 1, name: 'books.example' },
    { id: '10.0.0.2:50051', address: '10.0.0.2:50051', weight: 1, name: 'books.example' },
    { id: '[2001:db8::1]:50051', address: '[2001:db8::1]:50051', weight: 1, name: 'books.example' },
  ]);
});

test('an address stands for itself, and DNS is not asked', async (t) => {
  const server = await serveDns(t);
  const heard = follow(t, server, '::1');
  await heard.until(() => heard.lists.length > 0);
  t.same(heard.last, [{ id: '[::1]:50051', address: '[::1]:50051', weight: 1 }]);
  t.same(server.asked, []);
});

test('a change is seen when the time of the answer is over', async (t) => {
  const server = await serveDns(t);
  server.records.set('books.example', ['10.0.0.1']);
  const heard = follow(t, server, 'books.example');
  await heard.until(() => heard.lists.length > 0);
  server.records.set('books.example', ['10.0.0.1', '10.0.0.2']);
  const since = performance.now();
  await heard.until(() => heard.lists.length > 1);
  t.same(heard.lists, ['10.0.0.1:50051', '10.0.0.1:50051 10.0.0.2:50051']);
  t.ok(performance.now() - since < 5000);
});

test('a name is looked for in the search domains', async (t) => {
  const server = await serveDns(t);
  server.records.set('books.svc.cluster.local', ['10.0.0.1']);
  const heard = follow(t, server, 'books', { search: { domains: ['ns.svc.cluster.local', 'svc.cluster.local'], ndots: 5 } });
  await heard.until(() => heard.lists.length > 0);
  t.same(heard.lists, ['10.0.0.1:50051']);
  t.same(server.asked, ['books.ns.svc.cluster.local', 'books.svc.cluster.local']);
});

test('what DNS does not know is asked of the system', async (t) => {
  const server = await serveDns(t);
  const heard = follow(t, server, 'books', { lookup: async (host) => [{ address: host === 'books' ? '10.0.0.9' : '', family: 4 }] });
  await heard.until(() => heard.lists.length > 0);
  t.same(heard.lists, ['10.0.0.9:50051']);
});

for (const mood of ['fails', 'silent'] as const)
  test(`while DNS ${mood === 'fails' ? 'fails' : 'is silent'} no list is told but the trouble, and it is current again within 2 s of its return`, async (t) => {
    const server = await serveDns(t);
    server.records.set('books.example', ['10.0.0.1']);
    const heard = follow(t, server, 'books.example');
    await heard.until(() => heard.lists.length > 0);
    server.mood = mood;
    await heard.until(() => heard.problem !== undefined);
    t.equal(heard.problem, 'no address of books.example is found (ENOTFOUND): correct the name, or see to DNS');
    const told = heard.lists.length;
    server.records.set('books.example', ['10.0.0.2']);
    server.mood = 'well';
    const since = performance.now();
    await heard.until(() => heard.lists.length > told);
    t.ok(performance.now() - since < 10_000);
    t.equal(heard.lists.at(-1), '10.0.0.2:50051');
    t.equal(heard.problem, undefined);
  });

test('a closed source tells nothing any more and asks nobody', async (t) => {
  const server = await serveDns(t);
  server.mood = 'silent';
  const names = systemNames({ servers: [server.address], search: { domains: [], ndots: 1 }, lookup: nobody });
  const source = new DnsSource('books.example', 1, names);
  const heard = new Heard();
  source.start(heard);
  source.close();
  await t.rejects(names.resolve('localhost'), UNKNOWN);
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  t.same([heard.lists, heard.problem], [[], undefined]);
});
