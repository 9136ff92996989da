import { status as code, Metadata as GrpcMetadata, type ServerUnaryCall, StatusBuilder } from '@grpc/grpc-js';
import type { Call } from '../../../../gateway/upstream/call.js';
import { answer, framed, raw } from './raw.js';
import { pullAll, Recorder, Signal, turns, values } from './recorder.js';
import { method, serve } from './server.js';
import type { Case } from './suite.js';
import { NONE, open, start, unary, within } from './suite.js';

const failure = (c: number, details: string, metadata = new GrpcMetadata()) =>
  new StatusBuilder().withCode(c).withDetails(details).withMetadata(metadata).build();
const cancelled = (call: ServerUnaryCall<Buffer, Buffer>, signal: Signal): void => {
  call.on('cancelled', () => signal.fire());
};

export const ends: readonly Case[] = [
  {
    name: "an error status is the server's own: code, text, trailers",
    async run(t, lane) {
      const trailers = new GrpcMetadata();
      trailers.add('x-why', 'because');
      const server = await serve(t, { Unary: (_call, done) => done(failure(code.NOT_FOUND, 'no such book', trailers)) });
      const r = unary(open(t, lane, server));
      const status = await r.ended;
      t.match(status, { code: 5, message: 'no such book', origin: 'upstream', processed: true });
      t.same(values(status.trailers, 'x-why'), ['because']);
      t.equal(r.messages.length, 0);
      t.equal(r.ends, 1);
    },
  },
  {
    name: 'a status without any metadata of its own is from the upstream too',
    async run(t, lane) {
      const server = await serve(t, {
        ServerStream(call) {
          call.sendMetadata(new GrpcMetadata());
          call.emit('error', failure(code.UNAVAILABLE, 'the shelf is locked'));
        },
      });
      const r = start(open(t, lane, server), 'ServerStream');
      r.call.send(Buffer.from(''));
      r.call.halfClose();
      t.match(await r.ended, { code: 14, message: 'the shelf is locked', origin: 'upstream', processed: true });
    },
  },
  {
    name: 'grpc-status-details-bin becomes details and is no trailer',
    async run(t, lane) {
      const details = Buffer.from([0, 1, 2, 250, 255]);
      const trailers = new GrpcMetadata();
      trailers.add('grpc-status-details-bin', details);
      const server = await serve(t, { Unary: (_call, done) => done(failure(code.INVALID_ARGUMENT, 'bad', trailers)) });
      const status = await unary(open(t, lane, server)).ended;
      t.ok(details.equals(status.details ?? new Uint8Array()));
      t.same(values(status.trailers, 'grpc-status-details-bin'), []);
    },
  },
  {
    name: 'a status message is UTF-8 behind percent-encoding',
    async run(t, lane) {
      const text = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n 100%';
      const server = await serve(t, { Unary: (_call, done) => done(failure(code.UNKNOWN, text)) });
      t.match(await unary(open(t, lane, server)).ended, { code: 2, message: text });
    },
  },
  {
    name: 'an unimplemented method ends with UNIMPLEMENTED from the upstream',
    async run(t, lane) {
      const server = await serve(t, { Unary: (call, done) => done(null, call.request) });
      const r = unary(open(t, lane, server), '', NONE, 'Missing');
      t.match(await r.ended, { code: 12, origin: 'upstream', processed: true });
      t.same(r.log, ['end:12']);
    },
  },
  {
    name: 'a silent server meets the deadline: DEADLINE_EXCEEDED here, the call cancelled there',
    async run(t, lane) {
      const gone = new Signal();
      const server = await serve(t, { Unary: (call) => cancelled(call, gone) });
      const started = performance.now();
      const r = unary(open(t, lane, server), '', within(400));
      // The server keeps the deadline, too, and may be first to say so.
      t.match(await r.ended, { code: 4, processed: true });
      const took = performance.now() - started;
      t.ok(took >= 399 && took < 5000, `took ${took} ms`);
      await gone.seen;
    },
  },
  {
    name: 'the deadline reaches the server as grpc-timeout',
    async run(t, lane) {
      const seen = new Signal<number>();
      const server = await serve(t, {
        Unary(call, done) {
          seen.fire(Number(call.getDeadline()) - Date.now());
          done(null, call.request);
        },
      });
      await unary(open(t, lane, server), '', within(30_000)).ended;
      const left = await seen.seen;
      t.ok(left > 20_000 && left <= 30_050, `${left} ms left`);
    },
  },
  {
    name: 'a deadline that has passed ends the call before anything is sent',
    async run(t, lane) {
      let calls = 0;
      const server = await serve(t, {
        Unary(call, done) {
          calls += 1;
          done(null, call.request);
        },
      });
      const transport = open(t, lane, server);
      const r = unary(transport, '', within(-1));
      t.same(r.log, [], 'events are asynchronous');
      t.match(await r.ended, { code: 4, origin: 'local', processed: false });
      await unary(transport).ended;
      t.equal(calls, 1);
    },
  },
  ...(
    [
      ['client', 1],
      ['deadline', 4],
      ['limit', 8],
    ] as const
  ).map(
    ([why, expected]): Case => ({
      name: `cancel('${why}') ends the call with ${expected} at once, and the server sees it`,
      async run(t, lane) {
        const here = new Signal();
        const gone = new Signal();
        const server = await serve(t, {
          Unary(call) {
            cancelled(call, gone);
            here.fire();
          },
        });
        const r = unary(open(t, lane, server));
        await here.seen;
        r.call.cancel(why);
        t.equal(r.ends, 0, 'events are asynchronous');
        t.match(await r.ended, { code: expected, origin: 'local', processed: true });
        await gone.seen;
        r.call.cancel('client');
        r.call.pull(1);
        r.call.send(Buffer.from('late'));
        r.call.halfClose();
        await turns();
        t.same(r.log, [`end:${expected}`]);
      },
    }),
  ),
  {
    name: 'cancel after the first message stops a stream, and no message follows',
    async run(t, lane) {
      const gone = new Signal();
      const server = await serve(t, {
        ServerStream(call) {
          call.on('cancelled', () => gone.fire());
          for (let i = 0; i < 100; i++) call.write(Buffer.from(`${i}`));
        },
      });
      const r = new Recorder(() => call.cancel('client'));
      const call = open(t, lane, server).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r);
      pullAll(call);
      t.match(await r.ended, { code: 1, origin: 'local' });
      await gone.seen;
      await turns();
      t.same(r.log, ['headers', 'message:0', 'end:1']);
    },
  },
  {
    name: 'cancel in the turn of the start ends the call, and leaves nothing behind at the server',
    async run(t, lane) {
      const open_ = new Set<unknown>();
      const server = await serve(t, {
        Unary(call, done) {
          if (call.request.toString() === 'whole') return done(null, call.request);
          open_.add(call);
          call.on('cancelled', () => open_.delete(call));
        },
      });
      const transport = open(t, lane, server);
      for (const warm of [false, true]) {
        const r = unary(transport, 'cut');
        r.call.cancel('client');
        t.match(await r.ended, { code: 1, origin: 'local' }, warm ? 'on a connection' : 'before there is one');
        t.same(r.log, ['end:1']);
        t.equal((await unary(transport, 'whole').ended).code, 0);
        await turns();
        t.equal(open_.size, 0);
      }
      t.equal(transport.load, 0);
    },
  },
  {
    name: 'a second message for a unary reply is INTERNAL',
    async run(t, lane) {
      const server = await serve(t, {
        ServerStream(call) {
          call.write(Buffer.from('one'));
          call.write(Buffer.from('two'));
          call.end();
        },
      });
      const r = new Recorder();
      const asUnary = { ...method('ServerStream'), serverStream: false };
      open(t, lane, server).invoker(asUnary).unary(Buffer.from(''), NONE, r).pull(1);
      t.match(await r.ended, { code: 13, origin: 'local', processed: true });
      t.same(r.log, ['headers', 'message:one', 'end:13']);
    },
  },
  {
    name: 'OK without a message for a unary reply is INTERNAL',
    async run(t, lane) {
      const server = await serve(t, { ServerStream: (call) => call.end() });
      const r = new Recorder();
      const asUnary = { ...method('ServerStream'), serverStream: false };
      open(t, lane, server).invoker(asUnary).unary(Buffer.from(''), NONE, r).pull(1);
      t.match(await r.ended, { code: 13, origin: 'local', processed: true });
      t.equal(r.messages.length, 0);
    },
  },
  {
    name: 'a message and then an error status: both arrive',
    async run(t, lane) {
      const server = await serve(t, {
        ServerStream(call) {
          call.write(Buffer.from('one'), () => setTimeout(() => call.emit('error', failure(code.ABORTED, 'enough')), 20));
        },
      });
      const r = new Recorder();
      pullAll(open(t, lane, server).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r));
      t.match(await r.ended, { code: 10, message: 'enough', origin: 'upstream' });
      t.same(r.log, ['headers', 'message:one', 'end:10']);
    },
  },
  ...[20, 200].map(
    (count): Case => ({
      name: `${count} messages of 1,000 bytes and then an error status: all arrive, however slowly they are pulled`,
      async run(t, lane, limits) {
        const server = await raw(t, ({ stream }) => {
          const messages = Array.from({ length: count }, (_, i) => framed(String(i).padEnd(1000)));
          answer(stream, [Buffer.concat(messages)], { 'grpc-status': '10' });
        });
        const r = new Recorder(() => setTimeout(() => call.pull(1), 1));
        const call = open(t, lane, server.address).invoker(method('ServerStream')).unary(Buffer.from(''), NONE, r);
        call.pull(1);
        t.match(await r.ended, { code: 10, origin: 'upstream' });
        t.same(
          r.messages.map((m) => Number(m.toString())),
          Array.from({ length: r.messages.length }, (_, i) => i),
          'none out of order',
        );
        if (limits.dropsUnpulledOnError && count > 60) t.ok(r.messages.length >= 60);
        else t.equal(r.messages.length, count);
      },
    }),
  ),
  {
    name: 'a callback that throws ends its own call with INTERNAL and no other',
    async run(t, lane) {
      const server = await serve(t, {
        Bidi(call) {
          call.on('data', (b: Buffer) => call.write(b));
          call.on('end', () => call.end());
        },
      });
      const transport = open(t, lane, server);
      const other = start(transport, 'Bidi');
      pullAll(other.call);
      other.call.send(Buffer.from('a'));
      await other.received(1);
      for (const event of ['headers', 'message'] as const) {
        const bad = new Recorder();
        bad[event] = () => {
          throw new Error(`from ${event}`);
        };
        const r = start(transport, 'Bidi', NONE, bad);
        pullAll(r.call);
        r.call.send(Buffer.from('x'));
        const status = await r.ended;
        t.match(status, { code: 13, origin: 'local', processed: true });
        t.match(status.message, `Error: from ${event}`);
      }
      other.call.send(Buffer.from('b'));
      other.call.halfClose();
      t.equal((await other.ended).code, 0);
      t.same(other.log, ['headers', 'message:a', 'message:b', 'end:0']);
    },
  },
  ...(
    [
      ['cancelled', 1, (call: Call) => call.cancel('client')],
      [
        'spoilt by a callback',
        13,
        () => {
          throw new Error('spoilt');
        },
      ],
    ] as const
  ).map(
    ([what, code, spoil]): Case => ({
      name: `a call that is ${what} in its last message ends so, though the status is there`,
      async run(t, lane) {
        const closed = new Signal();
        const server = await raw(t, ({ stream }) => {
          stream.once('close', () => closed.fire());
          answer(stream, [framed('last')], { 'grpc-status': '0' });
        });
        const r = new Recorder(() => spoil(call));
        const call: Call = open(t, lane, server.address).invoker(method('ServerStream')).unary(Buffer.alloc(0), NONE, r);
        await closed.seen;
        await turns();
        call.pull(1);
        t.equal((await r.ended).code, code);
        t.equal(r.ends, 1);
      },
    }),
  ),
  {
    name: 'what end throws becomes a process warning',
    async run(t, lane) {
      const server = await serve(t, { Unary: (call, done) => done(null, call.request) });
      const transport = open(t, lane, server);
      const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
      const bad = new Recorder();
      bad.end = () => {
        throw new Error('from end');
      };
      transport.invoker(method('Unary')).unary(Buffer.from(''), NONE, bad).pull(1);
      t.match(await warned, { message: 'from end' });
      t.equal((await unary(transport).ended).code, 0);
      t.equal(transport.load, 0);
    },
  },
];
