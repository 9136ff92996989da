import { resolve } from 'node:path';
import { test } from 'tap';
import { startBookstore } from '../../examples/bookstore/server.js';
import { startGateway } from '../../gateway/index.js';
import { send } from '../support/http.js';

const protos = resolve(import.meta.dirname, '../../../examples/bookstore/protos');

// The bookstore listens on 127.0.0.1 alone: where `localhost` has an IPv6 address as well, nothing listens at that.
for (const lane of ['h2', 'grpc-js'] as const)
  test(`every request reaches the address of a name at which a server listens (${lane})`, async (t) => {
    const bookstore = await startBookstore({ port: 0 });
    t.teardown(() => bookstore.close());
    const target = `dns://localhost:${bookstore.port}`;
    const gateway = await startGateway({
      listen: '127.0.0.1:0',
      sources: { protos: [protos] },
      upstreams: { default: { target, lane } },
      log: { level: 'silent' },
    });
    t.teardown(() => gateway.close({ graceMs: 0 }));
    for (let i = 0; i < 10; i++) t.equal((await send(gateway.url, 'GET', '/v1/shelves')).status, 200);
    t.equal((await send(gateway.url, 'GET', '/readyz')).status, 200);
  });

test('with tls, even an empty one, every address is called over TLS: a server in plaintext cannot be reached', async (t) => {
  const bookstore = await startBookstore({ port: 0 });
  t.teardown(() => bookstore.close());
  const gateway = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [protos] },
    upstreams: { default: { target: `dns://localhost:${bookstore.port}`, tls: {} } },
    log: { level: 'silent' },
  });
  t.teardown(() => gateway.close({ graceMs: 0 }));
  t.equal((await send(gateway.url, 'GET', '/v1/shelves')).status, 503);
  t.equal((await send(gateway.url, 'GET', '/readyz')).status, 503);
});
