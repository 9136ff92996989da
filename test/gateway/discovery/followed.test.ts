import { type Test, test } from 'tap';
import { follow } from '../../../gateway/discovery/followed.js';
import type { EndpointListener, EndpointSource } from '../../../gateway/discovery/source.js';
import type { Endpoint, Status } from '../../../gateway/upstream/call.js';
import type { UpstreamOptions } from '../../../gateway/upstream/create.js';
import { grpcJsLane } from '../../../gateway/upstream/grpc-js/lane.js';
import { h2Lane } from '../../../gateway/upstream/h2/lane.js';
import type { Upstream } from '../../../gateway/upstream/upstream.js';
import { testTls } from '../../support/tls.js';
import { Recorder, Signal } from '../upstream/contract/recorder.js';
import { deadPort, type Handlers, method, serve } from '../upstream/contract/server.js';
import { NONE } from '../upstream/contract/suite.js';

/** A registry in the hands of a test. */
class Registry implements EndpointSource {
  closed = false;
  private listener: EndpointListener | undefined;
  constructor(private readonly first: readonly string[] | undefined) {}

  start(listener: EndpointListener): void {
    this.listener = listener;
    if (this.first !== undefined) this.tell(...this.first);
    else this.trouble('the registry does not answer');
  }
  close(): void {
    this.closed = true;
  }
  tell(...addresses: readonly string[]): void {
    this.listener?.endpoints(addresses.map((address): Endpoint => ({ id: address, address, weight: 1, name: 'localhost' })));
  }
  trouble(problem: string | undefined): void {
    this.listener?.trouble(problem);
  }
}

const UNTOLD: EndpointListener = { endpoints() {}, trouble() {}, ignored() {} };

async function open(t: Test, registry: Registry, o: Partial<UpstreamOptions> = {}): Promise<Upstream> {
  const upstream = await follow(registry, { name: 'books', target: { address: 'books:1', tls: false, dns: true }, ...o }, UNTOLD);
  t.teardown(() => upstream.close(0));
  return upstream;
}

function call(upstream: Upstream, text = ''): Promise<Status> {
  return started(upstream, text).ended;
}

function started(upstream: Upstream, text = ''): Recorder {
  const r = new Recorder();
  upstream.invoker(method('Unary'), { maxReply: 100 }).unary(Buffer.from(text), NONE, r).pull(1);
  return r;
}

/** A server that counts its calls. */
async function counting(t: Test, o: { tls?: boolean } = {}, unary?: Handlers['Unary']) {
  const counted = { calls: 0, authorities: new Set<string>() };
  const server = await serve(
    t,
    {
      Unary(call, done) {
        counted.calls += 1;
        counted.authorities.add(call.getHost());
        if (unary === undefined) done(null, call.request);
        else unary(call, done);
      },
    },
    o,
  );
  return Object.assign(counted, server);
}

for (const lane of [h2Lane, grpcJsLane])
  test(`calls are spread over all servers, which are called by the name that was asked for (${lane.name})`, async (t) => {
    const servers = [await counting(t), await counting(t), await counting(t)];
    const upstream = await open(t, new Registry(servers.map((s) => s.address)), { lane });
    for (let i = 0; i < 20; i++)
      t.equal(
        (await Promise.all(Array.from({ length: 30 }, () => call(upstream)))).every((s) => s.code === 0),
        true,
      );
    t.equal(
      servers.reduce((sum, s) => sum + s.calls, 0),
      600,
    );
    for (const { calls, authorities, port } of servers) {
      t.ok(calls > 100, `${calls} of 600`);
      t.same([...authorities], [`localhost:${port}`]);
    }
  });

test('TLS verifies the name that was asked for', async (t) => {
  const server = await counting(t, { tls: true });
  const registry = new Registry([server.address]);
  const upstream = await open(t, registry, { target: { address: 'localhost:1', tls: true, dns: true }, tls: { ca: testTls.ca } });
  t.equal((await call(upstream)).code, 0);
  const other = await open(t, new Registry([server.address]), {
    target: { address: 'localhost:1', tls: true, dns: true },
    tls: { ca: testTls.ca, serverName: 'other.example' },
  });
  t.match(await call(other), { code: 14, processed: false });
  t.match(await other.diagnose(), 'its certificate is not for');
});

test('a server that cannot be reached costs no call', async (t) => {
  const server = await counting(t);
  const upstream = await open(t, new Registry([`127.0.0.1:${await deadPort()}`, server.address, `127.0.0.1:${await deadPort()}`]));
  for (let i = 0; i < 30; i++) t.equal((await call(upstream)).code, 0);
  t.equal(server.calls, 30);
  t.equal(upstream.ready(), true);
});

test('a stream whose server cannot be reached goes to another one with what was sent, up to 64 KiB', async (t) => {
  const server = await serve(t, {
    Bidi(call) {
      call.on('data', (b: Buffer) => call.write(b)).on('end', () => call.end());
    },
  });
  for (const [size, code] of [
    [30_000, 0],
    [40_000, 14],
  ] as const) {
    const registry = new Registry([`127.0.0.1:${await deadPort()}`]);
    const upstream = await open(t, registry);
    const r = new Recorder();
    const stream = upstream.invoker(method('Bidi'), { maxReply: 100_000 }).start(NONE, r);
    registry.tell(server.address);
    const message = Buffer.alloc(size, 1);
    stream.send(message);
    stream.send(message);
    message.fill(2);
    stream.halfClose();
    stream.pull(10);
    t.equal((await r.ended).code, code);
    t.same(r.messages, code === 0 ? [Buffer.alloc(size, 1), Buffer.alloc(size, 1)] : []);
  }
});

test('a call that a server may have begun is sent to no other', async (t) => {
  const servers = [
    await counting(t, {}, (call) =>
      (call as unknown as { call: { stream: { session: { destroy(): void } } } }).call.stream.session.destroy(),
    ),
    await counting(t, {}, (_, done) => done({ code: 14, details: 'of its own' })),
  ];
  const upstream = await open(t, new Registry(servers.map((s) => s.address)));
  let calls = 0;
  while (servers.some((s) => s.calls === 0) || calls < 10) {
    t.match(await call(upstream), { code: 14, processed: true });
    calls += 1;
  }
  t.equal(
    servers.reduce((sum, s) => sum + s.calls, 0),
    calls,
  );
});

test('an empty list ends calls at once, and the next list serves them', async (t) => {
  const server = await counting(t);
  const registry = new Registry([]);
  const upstream = await open(t, registry);
  t.equal(upstream.ready(), false);
  t.match(await call(upstream), { code: 14, message: 'the list of servers is empty', processed: false, origin: 'local' });
  registry.tell(server.address);
  t.equal(upstream.ready(), true);
  t.equal((await call(upstream)).code, 0);
});

test('without a first list calls end at once with the trouble; later the last list outlives the trouble', async (t) => {
  const server = await counting(t);
  const registry = new Registry(undefined);
  const upstream = await open(t, registry);
  t.match(await call(upstream), { code: 14, message: 'the registry does not answer' });
  let failures = 0;
  upstream.onFailure(() => failures++);
  t.equal(failures, 1);
  t.equal(await upstream.diagnose(), 'the registry does not answer');
  registry.trouble(undefined);
  registry.tell(server.address);
  t.equal((await call(upstream)).code, 0);
  registry.trouble('the registry does not answer');
  t.equal((await call(upstream)).code, 0);
  t.equal(upstream.ready(), true);
});

test('a server that leaves the list ends its calls and gets no others', async (t) => {
  const [began, goOn] = [new Signal(), new Signal()];
  const old = await counting(t, {}, async (call, done) => {
    began.fire();
    await goOn.seen;
    done(null, call.request);
  });
  const next = await counting(t);
  const registry = new Registry([old.address]);
  const upstream = await open(t, registry);
  const slow = started(upstream);
  await began.seen;
  registry.tell(next.address);
  for (let i = 0; i < 10; i++) t.equal((await call(upstream)).code, 0);
  t.same([old.calls, next.calls], [1, 10]);
  goOn.fire();
  t.equal((await slow.ended).code, 0);
});

test('closing cuts the calls of servers that left, too', async (t) => {
  const began = new Signal();
  const old = await counting(t, {}, () => began.fire());
  const registry = new Registry([old.address]);
  const upstream = await open(t, registry);
  const slow = started(upstream);
  await began.seen;
  registry.tell();
  await upstream.close(0);
  t.match(await slow.ended, { code: 14, origin: 'local' });
  t.equal(registry.closed, true);
  t.match(await call(upstream), { code: 14, processed: false });
});

test('calls in progress are bounded in all', async (t) => {
  const servers = [await counting(t, {}, () => {}), await counting(t, {}, () => {})];
  const limits = { connections: 1, pending: 10, pendingMs: 1000, inFlight: 2 };
  const upstream = await open(t, new Registry(servers.map((s) => s.address)), { limits });
  const held = [started(upstream), started(upstream)];
  t.match(await call(upstream), { code: 14, message: '2 calls are in progress, 2 may be', processed: false });
  await upstream.close(0);
  for (const { ended } of held) t.equal((await ended).code, 14);
});
