import { type Test, test } from 'tap';
import { parseConfig } from '../../gateway/config/config.js';
import { type ConfigInput, startGateway } from '../../gateway/index.js';
import { Frame, Setting } from '../../gateway/upstream/h2/protocol.js';
import { deskConfig, startDesk } from '../gateway/desk.js';
import { silent } from '../gateway/upstream/contract/server.js';
import { frame, headers, type Peer, peer, setting } from '../gateway/upstream/h2/peer.js';
import { type Answer, send } from '../support/http.js';

type Limits = NonNullable<NonNullable<ConfigInput['upstreams']>[string]['limits']>;

const config = (target: string, lane: 'h2' | 'grpc-js', limits: Limits): ConfigInput =>
  deskConfig(target, { upstreams: { default: { target, lane, limits } } });

/** A server that takes so many calls at a time on a connection, and answers none by itself. */
async function slowServer(t: Test, streams: number) {
  const taken: { readonly p: Peer; readonly stream: number }[] = [];
  const greeting = frame(Frame.SETTINGS, 0, 0, setting(Setting.MAX_CONCURRENT_STREAMS, streams));
  const { address, peers } = await peer(t, (p, stream) => taken.push({ p, stream }), greeting);
  const answerOne = (): void => {
    const first = taken.shift();
    const head: [string, string][] = [
      [':status', '200'],
      ['content-type', 'application/grpc'],
    ];
    first?.p.send(
      headers(first.stream, head),
      frame(Frame.DATA, 0, first.stream, '\0\0\0\0\0'),
      headers(first.stream, [['grpc-status', '0']], true),
    );
  };
  return { address, peers, taken, answerOne };
}

async function serve(t: Test, input: ConfigInput): Promise<{ get(): Promise<Answer>; reload(input: ConfigInput): Promise<unknown> }> {
  let current = input;
  const running = await startGateway(async () => parseConfig(current));
  t.teardown(() => running.close({ graceMs: 0, drainDelayMs: 0 }));
  return {
    get: () => send(running.url, 'GET', '/v1/notes/1'),
    reload: (next) => {
      current = next;
      return running.gateway.reload('test');
    },
  };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(setImmediate);
}

/** 503 of a call that no server has seen. */
function isRefused(t: Test, { status, headers, text }: Answer): void {
  t.equal(status, 503);
  t.equal(headers['retry-after'], '1');
  t.equal(text, '{"code":14,"message":"The upstream is unavailable.","details":[]}');
}

test('calls beyond the places of an upstream wait, as many as may; one more is 503 at once', async (t) => {
  const server = await slowServer(t, 1);
  const { get } = await serve(t, config(server.address, 'h2', { connections: 2, pending: 3, pendingMs: 600_000 }));
  const served = [get(), get()];
  await until(() => server.taken.length === 2);
  const waiting = [get(), get(), get()];
  // Which of the four comes too late is not said.
  isRefused(t, await Promise.race([...waiting, get()]));
  for (let i = 0; i < 5; i++) {
    await until(() => server.taken.length > 0);
    server.answerOne();
  }
  t.equal(server.peers.length, 2);
  t.strictSame(
    (await Promise.all(served)).map(({ status }) => status),
    [200, 200],
  );
});

test('the wait for a place ends in time, long before the deadline of the calls', async (t) => {
  const server = await slowServer(t, 1);
  const { get } = await serve(t, config(server.address, 'h2', { connections: 1, pendingMs: 50 }));
  const served = get();
  await until(() => server.taken.length === 1);
  for (const answer of await Promise.all([get(), get()])) isRefused(t, answer);
  server.answerOne();
  t.equal((await served).status, 200);
});

for (const lane of ['h2', 'grpc-js'] as const) {
  test(`${lane}: the wait for a connection is bounded in number and time`, async (t) => {
    const { address } = await silent(t);
    const { get } = await serve(t, config(address, lane, { pending: 2, pendingMs: 300 }));
    for (const answer of await Promise.all([get(), get(), get(), get()])) isRefused(t, answer);
  });

  test(`${lane}: of more calls than may be in progress the others are 503 at once`, async (t) => {
    let answer = (): void => {};
    let begun = 0;
    const done = new Promise<void>((resolve) => (answer = resolve));
    const desk = await startDesk(t, {
      unary: {
        GetNote: async () => {
          begun += 1;
          await done;
          return {};
        },
      },
    });
    const { get } = await serve(t, config(desk.backend.target, lane, { inFlight: 2 }));
    const served = [get(), get()];
    await until(() => begun === 2);
    isRefused(t, await get());
    answer();
    t.strictSame(
      (await Promise.all(served)).map(({ status }) => status),
      [200, 200],
    );
    t.equal((await get()).status, 200);
  });
}

test('a reload with other limits cuts no call, and from then on they hold', async (t) => {
  const server = await slowServer(t, 1);
  const { get, reload } = await serve(t, config(server.address, 'h2', { connections: 2 }));
  const served = [get(), get()];
  await until(() => server.taken.length === 2);
  await reload(config(server.address, 'h2', { connections: 1, inFlight: 2 }));
  isRefused(t, await get());
  server.answerOne();
  server.answerOne();
  t.strictSame(
    (await Promise.all(served)).map(({ status }) => status),
    [200, 200],
  );
  // The one connection that may stay is used again.
  const next = get();
  await until(() => server.taken.length === 1);
  server.answerOne();
  t.equal((await next).status, 200);
  t.equal(server.peers.length, 2);
});
