import { pullAll, Recorder } from './recorder.js';
import { method, serve } from './server.js';
import type { Case } from './suite.js';
import { NONE, open, start, TLS, unary } from './suite.js';

export const kinds: readonly Case[] = [
  {
    name: 'a unary call sends its request and receives headers, one message and the status, in that order',
    async run(t, lane) {
      const server = await serve(t, { Unary: (call, done) => done(null, Buffer.concat([Buffer.from('re:'), call.request])) });
      const r = unary(open(t, lane, server), 'hello');
      const status = await r.ended;
      t.same(r.log, ['headers', 'message:re:hello', 'end:0']);
      t.match(status, { code: 0, origin: 'upstream', processed: true });
    },
  },
  {
    name: 'an empty request and an empty reply are messages of no bytes',
    async run(t, lane) {
      const server = await serve(t, { Unary: (call, done) => done(null, Buffer.from(call.request.length === 0 ? '' : 'not empty')) });
      const r = unary(open(t, lane, server));
      await r.ended;
      t.same(r.log, ['headers', 'message:', 'end:0']);
    },
  },
  {
    name: 'a server stream arrives message by message, and ends',
    async run(t, lane) {
      const server = await serve(t, {
        ServerStream(call) {
          for (let i = 0; i < 5; i++) call.write(Buffer.from(`${call.request}${i}`));
          call.end();
        },
      });
      const r = new Recorder();
      const call = open(t, lane, server).invoker(method('ServerStream')).unary(Buffer.from('n'), NONE, r);
      pullAll(call);
      await r.ended;
      t.same(r.log, ['headers', 'message:n0', 'message:n1', 'message:n2', 'message:n3', 'message:n4', 'end:0']);
    },
  },
  {
    name: 'a client stream sends any number of messages and receives one',
    async run(t, lane) {
      const server = await serve(t, {
        ClientStream(call, done) {
          const seen: string[] = [];
          call.on('data', (b: Buffer) => seen.push(b.toString()));
          call.on('end', () => done(null, Buffer.from(seen.join(','))));
        },
      });
      const r = start(open(t, lane, server), 'ClientStream');
      for (let i = 0; i < 10; i++) t.equal(r.call.send(Buffer.from(`m${i}`)), true);
      r.call.halfClose();
      r.call.pull(1);
      await r.ended;
      t.same(r.log, ['headers', 'message:m0,m1,m2,m3,m4,m5,m6,m7,m8,m9', 'end:0']);
    },
  },
  {
    name: 'a client stream without a message is legal',
    async run(t, lane) {
      const server = await serve(t, {
        ClientStream(call, done) {
          call.on('data', () => {});
          call.on('end', () => done(null, Buffer.from('none')));
        },
      });
      const r = start(open(t, lane, server), 'ClientStream');
      r.call.halfClose();
      r.call.pull(1);
      await r.ended;
      t.same(r.log, ['headers', 'message:none', 'end:0']);
    },
  },
  {
    name: 'a bidirectional stream plays ping and pong before either side ends',
    async run(t, lane) {
      const server = await serve(t, {
        Bidi(call) {
          call.on('data', (b: Buffer) => call.write(Buffer.from(`pong ${b}`)));
          call.on('end', () => call.end());
        },
      });
      const r = start(open(t, lane, server), 'Bidi');
      for (let i = 1; i <= 3; i++) {
        r.call.send(Buffer.from(`${i}`));
        r.call.pull(1);
        await r.received(i);
      }
      r.call.halfClose();
      await r.ended;
      t.same(r.log, ['headers', 'message:pong 1', 'message:pong 2', 'message:pong 3', 'end:0']);
    },
  },
  {
    name: 'headers come before the first message is pulled',
    async run(t, lane) {
      const server = await serve(t, {
        Bidi(call) {
          call.sendMetadata(call.metadata);
          call.on('data', () => call.end());
        },
      });
      const r = start(open(t, lane, server), 'Bidi', { ...NONE, metadata: [['x-here', 'yes']] });
      await r.until(() => r.log.includes('headers'));
      t.same(r.value('x-here'), ['yes']);
      r.call.send(Buffer.from('x'));
      t.equal((await r.ended).code, 0);
    },
  },
  {
    name: 'the bytes given to send may be used again at once',
    async run(t, lane) {
      const server = await serve(t, {
        Bidi(call) {
          call.on('data', (b: Buffer) => call.write(b));
          call.on('end', () => call.end());
        },
      });
      const r = start(open(t, lane, server), 'Bidi');
      const buffer = Buffer.from('aaaa');
      for (const text of ['aaaa', 'bbbb', 'cccc']) {
        buffer.write(text);
        r.call.send(buffer);
      }
      buffer.write('zzzz');
      r.call.halfClose();
      pullAll(r.call);
      await r.ended;
      t.same(r.log, ['headers', 'message:aaaa', 'message:bbbb', 'message:cccc', 'end:0']);
    },
  },
  {
    name: 'messages of any size up to the limit pass, both ways',
    async run(t, lane) {
      const server = await serve(t, { Unary: (call, done) => done(null, call.request) });
      const transport = open(t, lane, server);
      for (const size of [1, 16_379, 16_384, 65_535, 1_000_000, 4 * 1024 * 1024]) {
        const request = Buffer.alloc(size, size % 251);
        const r = unary(transport, request);
        t.equal((await r.ended).code, 0);
        t.ok(r.messages[0]?.equals(request), `${size} bytes`);
      }
    },
  },
  {
    name: 'all kinds work over TLS',
    async run(t, lane) {
      const server = await serve(
        t,
        {
          Unary: (call, done) => done(null, call.request),
          Bidi(call) {
            call.on('data', (b: Buffer) => call.write(b));
            call.on('end', () => call.end());
          },
        },
        { tls: true },
      );
      const transport = open(t, lane, server, TLS);
      const u = unary(transport, 'secret');
      await u.ended;
      t.same(u.log, ['headers', 'message:secret', 'end:0']);
      const b = start(transport, 'Bidi');
      b.call.send(Buffer.from('x'));
      b.call.halfClose();
      pullAll(b.call);
      await b.ended;
      t.same(b.log, ['headers', 'message:x', 'end:0']);
    },
  },
];
