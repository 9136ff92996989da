import { pullAll, Signal } from './recorder.js';
import { deadPort, type Handlers, relay, serve, silent } from './server.js';
import type { Case } from './suite.js';
import { NONE, open, start, TLS, unary, within } from './suite.js';

const echo: Handlers = { Unary: (call, done) => done(null, call.request) };

export const connection: readonly Case[] = [
  {
    name: 'a refused connection is UNAVAILABLE at once, not processed, every time',
    async run(t, lane) {
      const port = await deadPort();
      const transport = open(t, lane, `127.0.0.1:${port}`);
      t.equal(transport.state, 'idle');
      for (let i = 0; i < 5; i++) {
        const started = performance.now();
        const r = unary(transport, '', within(10_000));
        t.match(await r.ended, { code: 14, origin: 'local', processed: false });
        t.same(r.log, ['end:14']);
        t.ok(performance.now() - started < 1000);
        t.equal(transport.state, 'failed');
      }
    },
  },
  {
    name: 'a name that does not resolve is UNAVAILABLE, not processed',
    async run(t, lane) {
      const r = unary(open(t, lane, 'no-such-host.invalid:50051', { connectTimeoutMs: 20_000 }), '', within(20_000));
      t.match(await r.ended, { code: 14, origin: 'local', processed: false });
    },
  },
  {
    name: 'a server that accepts but stays silent is UNAVAILABLE after connectTimeoutMs, then at once, and no socket is left',
    async run(t, lane) {
      const { address, connections } = await silent(t);
      const transport = open(t, lane, address, { connectTimeoutMs: 600 });
      const started = performance.now();
      const first = [unary(transport), unary(transport)];
      for (const r of first) t.match(await r.ended, { code: 14, origin: 'local', processed: false });
      const took = performance.now() - started;
      t.ok(took >= 590 && took < 3000, `took ${took} ms`);
      const again = performance.now();
      t.match(await unary(transport).ended, { code: 14, origin: 'local', processed: false });
      t.ok(performance.now() - again < 500);
      t.equal(transport.state, 'failed');
      t.ok(connections.size <= 2, `${connections.size} sockets`);
      await transport.close(0);
      while (connections.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  },
  {
    name: 'a server that comes back is used again within about a second',
    async run(t, lane) {
      const first = await serve(t, echo);
      const transport = open(t, lane, first);
      t.equal((await unary(transport).ended).code, 0);
      t.equal(transport.state, 'ready');
      first.server.forceShutdown();
      // Long enough down for any backoff to grow.
      const downSince = performance.now();
      while (performance.now() - downSince < 1500) {
        const r = unary(transport);
        t.match(await r.ended, { code: 14, origin: 'local' });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await serve(t, echo, { port: first.port });
      const upSince = performance.now();
      while ((await unary(transport).ended).code !== 0) await new Promise((resolve) => setTimeout(resolve, 10));
      const took = performance.now() - upSince;
      t.ok(took < 2500, `took ${took} ms`);
      t.equal(transport.state, 'ready');
    },
  },
  {
    name: 'a connection is told of when it is made where there was none: the first, and one after a loss',
    async run(t, lane) {
      const server = await serve(t, echo);
      const network = await relay(t, server.port);
      let made = 0;
      const onConnect = (): void => {
        made += 1;
      };
      const transport = open(t, lane, network.address, { onConnect });
      t.equal(made, 0);
      for (let i = 0; i < 3; i += 1) t.equal((await unary(transport).ended).code, 0);
      t.equal(made, 1);
      network.cut();
      while (network.connections.size > 0) await new Promise(setImmediate);
      while ((await unary(transport).ended).code !== 0) await new Promise(setImmediate);
      t.equal(made, 2);
    },
  },
  {
    name: 'a connection lost in mid-call ends its calls with UNAVAILABLE, which may have been processed',
    async run(t, lane) {
      const here = new Signal();
      const server = await serve(t, {
        ServerStream(call) {
          call.write(Buffer.from('one'));
          here.fire();
        },
      });
      const network = await relay(t, server.port);
      const r = start(open(t, lane, network.address), 'ServerStream');
      pullAll(r.call);
      r.call.send(Buffer.from(''));
      r.call.halfClose();
      await here.seen;
      await r.received(1);
      network.cut();
      t.match(await r.ended, { code: 14, origin: 'local', processed: true });
    },
  },
  {
    name: 'a graceful shutdown of the server lets calls in progress end, and new calls go to its successor',
    async run(t, lane) {
      const here = new Signal();
      let answer = (): void => {};
      const server = await serve(t, {
        Unary(_call, done) {
          answer = () => done(null, Buffer.from('old'));
          here.fire();
        },
      });
      const transport = open(t, lane, server);
      const old = unary(transport);
      await here.seen;
      server.server.tryShutdown(() => {});
      await serve(t, { Unary: (_call, done) => done(null, Buffer.from('new')) }, { port: server.port });
      const next = unary(transport);
      t.equal((await next.ended).code, 0);
      t.same(next.log, ['headers', 'message:new', 'end:0']);
      answer();
      await old.ended;
      t.same(old.log, ['headers', 'message:old', 'end:0']);
    },
  },
  {
    name: 'close refuses new calls and lets those in progress end',
    async run(t, lane) {
      const here = new Signal();
      let answer = (): void => {};
      const server = await serve(t, {
        Unary(call, done) {
          answer = () => done(null, call.request);
          here.fire();
        },
      });
      const transport = open(t, lane, server);
      const r = unary(transport, 'x');
      await here.seen;
      const closed = transport.close(5000);
      t.match(await unary(transport).ended, { code: 14, origin: 'local', processed: false });
      t.equal(r.ends, 0);
      answer();
      t.equal((await r.ended).code, 0);
      await closed;
      t.equal(transport.load, 0);
    },
  },
  {
    name: 'close cancels what is left when the grace is over',
    async run(t, lane) {
      const here = new Signal();
      const gone = new Signal();
      const server = await serve(t, {
        Unary(call) {
          call.on('cancelled', () => gone.fire());
          here.fire();
        },
      });
      const transport = open(t, lane, server);
      const r = unary(transport);
      await here.seen;
      const started = performance.now();
      await transport.close(100);
      t.match(await r.ended, { code: 14, origin: 'local', processed: true });
      t.ok(performance.now() - started >= 95);
      await gone.seen;
    },
  },
  {
    name: 'TLS verifies the server: unknown authority, wrong name, no TLS at all are UNAVAILABLE',
    async run(t, lane) {
      const secure = await serve(t, echo, { tls: true });
      const plain = await serve(t, echo);
      t.equal((await unary(open(t, lane, secure, TLS)).ended).code, 0);
      t.equal((await unary(open(t, lane, `localhost:${secure.port}`, TLS)).ended).code, 0);
      const named = { tls: { ...TLS.tls, serverName: 'backend.test' } };
      t.equal((await unary(open(t, lane, secure, named)).ended).code, 0);
      for (const [what, options, server] of [
        ['unknown authority', { tls: {} }, secure],
        ['wrong name', { tls: { ...TLS.tls, serverName: 'other.test' } }, secure],
        ['no TLS there', TLS, plain],
        ['TLS there only', {}, secure],
      ] as const) {
        t.match(await unary(open(t, lane, server, options)).ended, { code: 14, origin: 'local', processed: false }, what);
      }
    },
  },
  {
    name: 'TLS shows the client certificate to a server that demands one',
    async run(t, lane) {
      const { testTls } = await import('../../../support/tls.js');
      const server = await serve(t, echo, { tls: true, mutual: true });
      t.match(await unary(open(t, lane, server, TLS)).ended, { code: 14, origin: 'local' });
      const { ca, client } = testTls;
      t.equal((await unary(open(t, lane, server, { tls: { ca, ...client } })).ended).code, 0);
    },
  },
  {
    name: 'a transport that was never used closes at once',
    async run(t, lane) {
      await open(t, lane, '127.0.0.1:1').close(1000);
      const used = open(t, lane, await serve(t, echo));
      await used.close(1000);
      t.match(await unary(used, '', NONE).ended, { code: 14, origin: 'local', processed: false });
    },
  },
  {
    name: 'nothing keeps the process alive once a transport is closed, however its connection went',
    async run(t, lane) {
      const server = await serve(t, echo);
      const network = await relay(t, server.port);
      const mute = await silent(t);
      const working = open(t, lane, network.address);
      const refused = open(t, lane, `127.0.0.1:${await deadPort()}`);
      const stuck = open(t, lane, mute.address, { connectTimeoutMs: 50 });
      const pending = open(t, lane, mute.address, { connectTimeoutMs: 60_000 });
      const calls = [unary(working, 'x', within(60_000)), unary(refused, '', within(60_000)), unary(stuck)];
      const waiting = unary(pending, '', within(60_000));
      t.same(await Promise.all(calls.map(async (r) => (await r.ended).code)), [0, 14, 14]);
      await Promise.all([working, refused, stuck, pending].map((transport) => transport.close(0)));
      t.match(await waiting.ended, { code: 14, origin: 'local' });
      server.server.forceShutdown();
      network.close();
      mute.close();
      const until = performance.now() + 2000;
      while (held() !== '' && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
      t.equal(held(), '');
    },
  },
];

/** What of the network keeps the event loop running. */
function held(): string {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|TLS|HTTP|Timeout|Shutdown|Addr/.test(name))
    .join(' ');
}
