import { pullAll, Recorder, Signal, turns } from './recorder.js';
import { method, serve } from './server.js';
import type { Case } from './suite.js';
import { NONE, open, start, unary } from './suite.js';

export const flow: readonly Case[] = [
  {
    name: 'only pulled messages arrive, each pull allows as many as it says',
    async run(t, lane) {
      const server = await serve(t, {
        ServerStream(call) {
          for (let i = 0; i < 6; i++) call.write(Buffer.from(`${i}`));
          call.end();
        },
      });
      const r = new Recorder();
      const call = open(t, lane, server).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r);
      await r.until(() => r.initial !== undefined);
      await turns();
      t.equal(r.messages.length, 0);
      call.pull(1);
      await r.received(1);
      call.pull(3);
      await r.received(4);
      await turns();
      t.equal(r.messages.length, 4);
      t.equal(r.ends, 0);
      call.pull(1);
      call.pull(1);
      await r.ended;
      t.same(r.log, ['headers', 'message:0', 'message:1', 'message:2', 'message:3', 'message:4', 'message:5', 'end:0']);
    },
  },
  {
    name: 'pull from inside message goes on with the next one',
    async run(t, lane) {
      const server = await serve(t, {
        ServerStream(call) {
          for (let i = 0; i < 2000; i++) call.write(Buffer.from(`${i}`));
          call.end();
        },
      });
      const r = new Recorder(() => call.pull(1));
      const call = open(t, lane, server).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r);
      call.pull(1);
      t.equal((await r.ended).code, 0);
      t.equal(r.messages.map(String).join(), Array.from({ length: 2000 }, (_, i) => i).join());
    },
  },
  {
    name: 'a server that writes 10,000 messages is held back while nothing is pulled',
    async run(t, lane) {
      let written = 0;
      const stalled = new Signal();
      const server = await serve(t, {
        ServerStream(call) {
          const body = Buffer.alloc(1000);
          const go = (): void => {
            while (written < 10_000) {
              written += 1;
              if (!call.write(body)) {
                call.once('drain', go);
                if (written > 15) setTimeout(() => stalled.fire(), 300);
                return;
              }
            }
            call.end();
          };
          go();
        },
      });
      const r = new Recorder();
      const call = open(t, lane, server).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r);
      await stalled.seen;
      t.equal(r.messages.length, 0);
      t.ok(written < 1000, `the server could write ${written} messages`);
      call.pull(100);
      await r.received(100);
      await turns();
      t.equal(r.messages.length, 100);
      t.ok(written < 1200, `the server could write ${written} messages`);
      pullAll(call);
      t.equal((await r.ended).code, 0);
      t.equal(r.messages.length, 10_000);
    },
  },
  {
    name: 'send answers false to a server that does not read, and drain says when to go on',
    async run(t, lane) {
      const started = new Signal<() => void>();
      let received = 0;
      const server = await serve(t, {
        ClientStream(call, done) {
          started.fire(() => {
            call.on('data', (b: Buffer) => {
              received += b.length;
            });
            call.on('end', () => done(null, Buffer.from(String(received))));
          });
        },
      });
      const r = start(open(t, lane, server), 'ClientStream');
      const body = Buffer.alloc(50_000);
      let sent = 0;
      // A lane may buffer some, but not 16 MB.
      for (;;) {
        if (r.call.send(body)) continue;
        sent = 0;
        break;
      }
      const read = await started.seen;
      const total = 16_000_000 / body.length;
      let stalls = 0;
      for (sent = 0; sent < total; sent++) {
        if (r.call.send(body)) continue;
        const drains = r.log.length;
        const moved = await Promise.race([
          r.until(() => r.log.length > drains).then(() => true),
          new Promise<false>((no) => setTimeout(no, 300, false)),
        ]);
        if (moved) continue;
        stalls += 1;
        break;
      }
      t.equal(stalls, 1, `blocked after ${sent} messages`);
      read();
      await r.until(() => r.log.includes('drain'));
      r.call.halfClose();
      r.call.pull(1);
      t.equal((await r.ended).code, 0);
      t.equal(r.messages[0]?.toString(), String(received));
    },
  },
  {
    name: 'a reply over maxMessage ends the call with RESOURCE_EXHAUSTED, of this side',
    async run(t, lane) {
      const server = await serve(t, { Unary: (call, done) => done(null, Buffer.alloc(Number(call.request))) });
      const transport = open(t, lane, server, { maxMessage: 1000 });
      t.equal((await unary(transport, '1000').ended).code, 0);
      const r = unary(transport, '1001');
      t.match(await r.ended, { code: 8, origin: 'local', processed: true });
      t.equal(r.messages.length, 0);
      t.equal((await unary(transport, '1000').ended).code, 0);
    },
  },
  {
    name: '1,000 calls at once all get their own answer',
    async run(t, lane) {
      const server = await serve(t, { Unary: (call, done) => setImmediate(() => done(null, call.request)) });
      const transport = open(t, lane, server);
      const calls = Array.from({ length: 1000 }, (_, i) => unary(transport, `${i}`));
      t.equal(transport.load, 1000);
      await Promise.all(calls.map((r) => r.ended));
      t.same(
        calls.map((r) => r.log.join(' ')),
        calls.map((_, i) => `headers message:${i} end:0`),
      );
      t.equal(transport.load, 0);
    },
  },
];
