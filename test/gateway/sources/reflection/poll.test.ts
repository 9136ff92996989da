import { type Test, test } from 'tap';
import { reflectionMemory } from '../../../../gateway/sources/reflection/memory.js';
import { pollReflection } from '../../../../gateway/sources/reflection/poll.js';
import type { Upstream } from '../../../../gateway/upstream/upstream.js';
import { compileProtos } from '../../../support/schema.js';
import { type Asked, files, parseQuestion, services } from './server.js';

const [bytes = new Uint8Array()] = compileProtos({
  'a.proto': 'syntax = "proto3"; package a; service S { rpc Get(M) returns (M); } message M {}',
});
const answer = ({ kind }: Asked) => (kind === 'services' ? services('a.S') : files(bytes));

interface Timer {
  readonly ms: number;
  fire(): void;
}

/** Time that stands still: the timers that are set, in order. */
function stopTime(t: Test): ReadonlySet<Timer> {
  const pending = new Set<Timer>();
  const set = (fire: () => void, ms: number) => {
    const timer = { ms, fire, unref: () => timer };
    pending.add(timer);
    return timer;
  };
  t.intercept(globalThis, 'setTimeout', { value: set });
  t.intercept(globalThis, 'clearTimeout', { value: (timer: Timer) => pending.delete(timer) });
  return pending;
}

/** A server that answers, or is down, and what polls it. */
function startPoll(t: Test, intervalMs: number) {
  const pending = stopTime(t);
  const state = { asked: 0, down: false };
  const listeners = new Set<() => void>();
  const down = { code: 14, message: 'down', trailers: [], origin: 'upstream', processed: true } as const;
  const upstream: Upstream = {
    invoker: () => ({
      unary: () => {
        throw new Error('reflection is a stream');
      },
      start(_, events) {
        state.asked += 1;
        const end = () => queueMicrotask(() => events.end(state.down ? down : { ...down, code: 0 }));
        if (state.down) end();
        return {
          send(question) {
            const parsed = parseQuestion(question);
            if (!state.down) queueMicrotask(() => events.message(answer(parsed)));
            return true;
          },
          halfClose: end,
          pull: () => {},
          cancel: () => {},
        };
      },
    }),
    ready: () => true,
    onConnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFailure: () => () => {},
    diagnose: async () => undefined,
    limit: () => {},
    close: async () => {},
  };
  const server = { name: 'a', target: 'a:1', timeoutMs: 1000, metadata: {}, services: [] };
  const memory = reflectionMemory(new Map(), server);
  const log = { info: () => {}, warn: () => {} };
  const close = pollReflection({ server, intervalMs, upstream, memory, log, changed: async () => {} });
  /** Lets the time of the one timer come; resolves when everything that it does is done. */
  const pass = async () => {
    const [timer, ...others] = pending;
    if (timer === undefined || others.length > 0) throw new Error(`${pending.size} timers`);
    (pending as Set<Timer>).delete(timer);
    timer.fire();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  };
  const connect = () => {
    for (const listener of listeners) listener();
  };
  return { state, close, pass, connect, delays: () => [...pending].map(({ ms }) => ms) };
}

const isWithin = (ms: number | undefined, low: number, high: number) => ms !== undefined && ms >= low && ms <= high;

test('a server is asked at intervals, give or take a fifth', async (t) => {
  const { state, pass, delays } = startPoll(t, 10_000);
  const seen: number[] = [];
  for (let i = 0; i < 30; i += 1) {
    seen.push(...delays());
    await pass();
    t.equal(state.asked, i + 1);
  }
  t.equal(seen.length, 30);
  t.ok(seen.every((ms) => isWithin(ms, 8000, 12_000)));
  t.ok(Math.max(...seen) - Math.min(...seen) > 500, 'many gateways do not ask at once');
});

test('one that fails is asked again soon, then less and less often, and at the interval when it is back', async (t) => {
  const { state, pass, delays } = startPoll(t, 10_000);
  state.down = true;
  for (const ms of [10_000, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
    t.ok(isWithin(delays()[0], 0.8 * ms, 1.2 * ms), `${ms}`);
    await pass();
  }
  state.down = false;
  await pass();
  t.ok(isWithin(delays()[0], 8000, 12_000));
  state.down = true;
  await pass();
  t.ok(isWithin(delays()[0], 800, 1200), 'the next failure is the first again');
});

test('a new connection is asked within a second, or within a shorter interval', async (t) => {
  for (const [intervalMs, longest] of [
    [10_000, 1000],
    [100, 100],
    [0, 1000],
  ] as const) {
    const { state, pass, connect, delays, close } = startPoll(t, intervalMs);
    connect();
    t.equal(delays().length, 1, 'in place of the next time');
    t.ok(isWithin(delays()[0], 0, longest));
    await pass();
    t.equal(state.asked, 1);
    close();
  }
});

test('without an interval only a new connection is asked, until there is an answer', async (t) => {
  const { state, pass, connect, delays } = startPoll(t, 0);
  t.strictSame(delays(), []);
  state.down = true;
  connect();
  await pass();
  for (const ms of [1000, 2000, 4000, 8000, 16_000, 30_000]) {
    t.ok(isWithin(delays()[0], 0.8 * ms, 1.2 * ms), `${ms}`);
    if (ms < 30_000) await pass();
  }
  state.down = false;
  state.asked = 0;
  await pass();
  t.strictSame([state.asked, delays()], [1, []]);
});

test('nothing is asked any more after the end', async (t) => {
  const { close, connect, delays, pass, state } = startPoll(t, 1000);
  await pass();
  close();
  t.strictSame(delays(), []);
  connect();
  t.strictSame([state.asked, delays()], [1, []]);
});
