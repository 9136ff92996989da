import { resolve } from 'node:path';
import { test } from 'tap';
import { startBookstore } from '../../examples/bookstore/server.js';
import { startGateway } from '../../gateway/index.js';
import { Etcd, hasEtcd } from '../gateway/discovery/etcd/etcd.js';
import { send } from '../support/http.js';
import { skipUnless } from '../support/require.js';

const protos = resolve(import.meta.dirname, '../../../examples/bookstore/protos');

test('requests reach the servers that stand in etcd, and are 503 at once when none does', async (t) => {
  if (!skipUnless(t, hasEtcd(), 'etcd (etcd-server of Debian)')) return;
  const etcd = await Etcd.start(t);
  const bookstore = await startBookstore({ port: 0 });
  t.teardown(() => bookstore.close());
  await etcd.put('services/books/1', JSON.stringify({ host: '127.0.0.1', port: bookstore.port }));
  const gateway = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [protos] },
    upstreams: { default: { target: `etcd://${etcd.address}/services/books` } },
    log: { level: 'silent' },
  });
  t.teardown(() => gateway.close({ graceMs: 0 }));
  const status = async (): Promise<number> => (await send(gateway.url, 'GET', '/v1/shelves')).status;
  t.equal(await status(), 200);
  await etcd.delete('services/books/1');
  while ((await status()) === 200);
  t.equal(await status(), 503);
  await etcd.put('services/books/2', `127.0.0.1:${bookstore.port}`);
  while ((await status()) === 503);
  t.equal(await status(), 200);
});
