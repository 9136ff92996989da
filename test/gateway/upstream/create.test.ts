import { test } from 'tap';
import { createUpstream } from '../../../gateway/upstream/create.js';
import { testTls } from '../../support/tls.js';
import { Recorder } from './contract/recorder.js';
import { deadPort, method, serve } from './contract/server.js';
import { NONE } from './contract/suite.js';

test('an upstream calls its one endpoint, in plaintext or TLS', async (t) => {
  for (const tls of [false, true]) {
    const server = await serve(t, { Unary: (call, done) => done(null, call.request) }, { tls });
    const upstream = createUpstream({ name: 'books', target: { address: server.address, tls }, tls: { ca: testTls.ca } });
    t.teardown(() => upstream.close(0));
    t.equal(upstream.ready(), true);
    const r = new Recorder();
    upstream.invoker(method('Unary'), { maxReply: 100 }).unary(Buffer.from('hello'), NONE, r).pull(1);
    t.equal((await r.ended).code, 0);
    t.same(r.log, ['headers', 'message:hello', 'end:0']);
  }
});

test("a reply over the method's maxReply ends the call with RESOURCE_EXHAUSTED, of this side", async (t) => {
  const server = await serve(t, { Unary: (call, done) => done(null, Buffer.alloc(Number(call.request))) });
  const upstream = createUpstream({ name: 'books', target: { address: server.address, tls: false }, maxMessage: 2000 });
  t.teardown(() => upstream.close(0));
  const rows: readonly [maxReply: number, size: number, message: string | undefined][] = [
    [1000, 1000, undefined],
    [1000, 1001, 'reply of 1001 bytes, 1000 are allowed'],
    [5000, 2000, undefined],
    [5000, 2001, 'message of 2001 bytes, 2000 are allowed'],
  ];
  for (const [maxReply, size, message] of rows) {
    const r = new Recorder();
    upstream
      .invoker(method('Unary'), { maxReply })
      .unary(Buffer.from(String(size)), NONE, r)
      .pull(1);
    const status = await r.ended;
    if (message === undefined) t.equal(status.code, 0);
    else t.match(status, { code: 8, message, origin: 'local', processed: true });
    t.equal(r.messages.length, message === undefined ? 1 : 0);
  }
});

test('an upstream is ready until a failure is known, and no more once it is closed', async (t) => {
  const upstream = createUpstream({ name: 'books', target: { address: `127.0.0.1:${await deadPort()}`, tls: false } });
  t.equal(upstream.ready(), true);
  const r = new Recorder();
  upstream.invoker(method('Unary'), { maxReply: 100 }).unary(Buffer.from(''), NONE, r);
  t.match(await r.ended, { code: 14, origin: 'local', processed: false });
  t.equal(upstream.ready(), false);
  await upstream.close(0);
  t.equal(upstream.ready(), false);
});
