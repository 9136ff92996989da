import { EventEmitter, once } from 'node:events';
import { type Test, test } from 'tap';
import { EtcdSource } from '../../../../gateway/discovery/etcd/source.js';
import type { Endpoint } from '../../../../gateway/upstream/call.js';
import { skipUnless } from '../../../support/require.js';
import { Etcd, hasEtcd } from './etcd.js';

class Heard extends EventEmitter {
  lists = 0;
  last: string | undefined;
  problem: string | undefined;
  readonly left: string[] = [];

  endpoints(list: readonly Endpoint[]): void {
    this.lists += 1;
    this.last = list.map((e) => e.address).join(' ');
    this.emit('told');
  }
  trouble(problem: string | undefined): void {
    this.problem = problem;
    this.emit('told');
  }
  ignored(name: string): void {
    this.left.push(name);
  }
  async until(done: () => boolean): Promise<void> {
    while (!done()) await once(this, 'told');
  }
}

async function followed(t: Test): Promise<{ etcd: Etcd; heard: Heard }> {
  const etcd = await Etcd.start(t);
  const source = new EtcdSource(etcd.address, 'books/');
  const heard = new Heard();
  t.teardown(() => source.close());
  source.start(heard);
  await heard.until(() => heard.last === '');
  return { etcd, heard };
}

const there = hasEtcd();

test('servers come by their keys in each form, go with their keys or leases, and what is no server is left out', async (t) => {
  if (!skipUnless(t, there, 'etcd (etcd-server of Debian)')) return;
  const { etcd, heard } = await followed(t);
  await etcd.put('books/1', '{"Op":0,"Addr":"127.0.0.1:1"}');
  await etcd.put('books/2', '{"host":"127.0.0.1","port":"2"}', 1);
  await etcd.put('books/3', '127.0.0.1:3');
  await etcd.put('books/4', 'a server');
  await etcd.put('books2/5', '127.0.0.1:5');
  const since = performance.now();
  await heard.until(() => heard.last === '127.0.0.1:1 127.0.0.1:2 127.0.0.1:3');
  t.ok(performance.now() - since < 5000);
  await heard.until(() => heard.last === '127.0.0.1:1 127.0.0.1:3');
  await etcd.delete('books/1');
  await heard.until(() => heard.last === '127.0.0.1:3');
  t.same(heard.left, ['books/4']);
});

test('an etcd that was killed and comes back, with its history compacted, is current again; its last list holds meanwhile', async (t) => {
  if (!skipUnless(t, there, 'etcd (etcd-server of Debian)')) return;
  const { etcd, heard } = await followed(t);
  await etcd.put('books/1', '127.0.0.1:1');
  await heard.until(() => heard.last === '127.0.0.1:1');
  await etcd.kill();
  await heard.until(() => heard.problem !== undefined);
  t.match(heard.problem, `etcd at ${etcd.address} does not answer`);
  t.equal(heard.last, '127.0.0.1:1');
  await etcd.run();
  await etcd.put('books/2', '127.0.0.1:2');
  await etcd.compact();
  const since = performance.now();
  await heard.until(() => heard.last === '127.0.0.1:1 127.0.0.1:2');
  t.ok(performance.now() - since < 10_000);
  t.equal(heard.problem, undefined);
});

test('an etcd that is frozen is noticed, and current again after the thaw', async (t) => {
  if (!skipUnless(t, there, 'etcd (etcd-server of Debian)')) return;
  const { etcd, heard } = await followed(t);
  etcd.signal('SIGSTOP');
  await heard.until(() => heard.problem !== undefined);
  etcd.signal('SIGCONT');
  await etcd.put('books/1', '127.0.0.1:1');
  await heard.until(() => heard.last === '127.0.0.1:1');
  t.equal(heard.problem, undefined);
});

test('a hundred servers that come and go are few lists, and the last one is right', async (t) => {
  if (!skipUnless(t, there, 'etcd (etcd-server of Debian)')) return;
  const { etcd, heard } = await followed(t);
  const since = performance.now();
  for (let i = 1; i <= 100; i++) await etcd.put(`books/${i}`, `127.0.0.1:${i}`);
  for (let i = 1; i < 100; i++) await etcd.delete(`books/${i}`);
  await heard.until(() => heard.last === '127.0.0.1:100');
  t.ok(heard.lists <= 2 + ((performance.now() - since) / 1000) * 20, `${heard.lists} lists`);
});
