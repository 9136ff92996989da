import { type Test, test } from 'tap';
import { UpstreamHealth } from '../../../gateway/runtime/upstream-health.js';
import type { Lane } from '../../../gateway/upstream/call.js';
import { createUpstream } from '../../../gateway/upstream/create.js';
import { grpcJsLane } from '../../../gateway/upstream/grpc-js/lane.js';
import { h2Lane } from '../../../gateway/upstream/h2/lane.js';
import { LogEntries } from '../log-entries.js';
import { Recorder, Signal } from '../upstream/contract/recorder.js';
import { deadPort, method, serve } from '../upstream/contract/server.js';
import { NONE } from '../upstream/contract/suite.js';

const why = 'nothing listens there: start the server, or correct the address';

/** An upstream where nothing listens yet, a call to it, and a log. */
async function start(t: Test, lane: Lane) {
  const port = await deadPort();
  const target = `127.0.0.1:${port}`;
  const upstream = createUpstream({ name: 'books', target: { address: target, tls: false }, lane });
  t.teardown(() => upstream.close(0));
  const call = async () => {
    const r = new Recorder();
    upstream.invoker(method('Unary'), { maxReply: 100 }).unary(Buffer.from(''), NONE, r).pull(1);
    return (await r.ended).code;
  };
  return { port, upstream, watched: { name: 'books', target, upstream }, call, entries: new LogEntries() };
}

for (const lane of [h2Lane, grpcJsLane]) {
  test(`${lane.name}: an upstream that cannot be reached is told once, with the reason, and when it is back`, async (t) => {
    const { port, watched, call, entries } = await start(t, lane);
    const health = new UpstreamHealth(watched, entries.log);
    for (let i = 0; i < 3; i += 1) t.equal(await call(), 14);
    t.match(await entries.next('upstream cannot be reached'), { upstream: 'books', target: watched.target, why });
    t.equal(health.why, why);
    await serve(t, { Unary: (call, done) => done(null, call.request) }, { port });
    while ((await call()) !== 0) await new Promise(setImmediate);
    await entries.next('upstream is reached again');
    t.equal(health.why, undefined);
    t.equal(entries.all.length, 2);
  });

  test(`${lane.name}: nothing is told of one that is closed`, async (t) => {
    const { upstream, watched, call, entries } = await start(t, lane);
    const diagnosed = new Signal();
    const diagnose = async () => {
      const why = await upstream.diagnose();
      setImmediate(() => diagnosed.fire());
      return why;
    };
    const { onConnect, onFailure } = upstream;
    const health = new UpstreamHealth({ ...watched, upstream: { onConnect, onFailure, diagnose } }, entries.log);
    t.equal(await call(), 14);
    health.end();
    await diagnosed.seen;
    t.strictSame(entries.all, []);
  });

  test(`${lane.name}: one that failed before it was watched is told, too`, async (t) => {
    const { watched, call, entries } = await start(t, lane);
    t.equal(await call(), 14);
    new UpstreamHealth(watched, entries.log);
    t.match(await entries.next('upstream cannot be reached'), { why });
  });
}

test('so is one that nobody has asked for since', async (t) => {
  const { upstream, watched, call, entries } = await start(t, h2Lane);
  t.equal(await call(), 14);
  while (!upstream.ready()) await new Promise((resolve) => setTimeout(resolve, 20));
  new UpstreamHealth(watched, entries.log);
  t.match(await entries.next('upstream cannot be reached'), { why });
});

test('one that is reached at once is not spoken of', async (t) => {
  const { port, watched, call, entries } = await start(t, h2Lane);
  await serve(t, { Unary: (call, done) => done(null, call.request) }, { port });
  const health = new UpstreamHealth(watched, entries.log);
  t.equal(await call(), 0);
  t.equal(health.why, undefined);
  t.strictSame(entries.all, []);
});

test('what passes before the reason is found is not spoken of, and each reason is told once', async (t) => {
  const answers: ((why: string) => void)[] = [];
  const listeners: Record<'failed' | 'connected', () => void> = { failed: () => {}, connected: () => {} };
  const upstream = {
    onFailure: (listener: () => void) => {
      listeners.failed = listener;
      return () => {};
    },
    onConnect: (listener: () => void) => {
      listeners.connected = listener;
      return () => {};
    },
    diagnose: () => new Promise<string>((resolve) => answers.push(resolve)),
  };
  const entries = new LogEntries();
  const health = new UpstreamHealth({ name: 'books', target: 'books:1', upstream }, entries.log);
  listeners.failed();
  listeners.connected();
  listeners.failed();
  answers[1]?.('the second');
  answers[0]?.('the first');
  await new Promise(setImmediate);
  t.equal(health.why, 'the second');
  t.match(entries.all, [{ msg: 'upstream cannot be reached', why: 'the second' }]);
  t.equal(entries.all.length, 1);
});
