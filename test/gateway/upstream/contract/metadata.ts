import { Metadata as GrpcMetadata } from '@grpc/grpc-js';
import type { Metadata } from '../../../../gateway/upstream/call.js';
import { values } from './recorder.js';
import { serve } from './server.js';
import type { Case } from './suite.js';
import { NONE, open, unary } from './suite.js';

const RAW = Buffer.from([0, 255, 44, 10, 128]);

export const metadata: readonly Case[] = [
  {
    name: 'request metadata arrives: text, repeats in order, raw bytes of -bin names',
    async run(t, lane) {
      let seen = new GrpcMetadata();
      const server = await serve(t, {
        Unary(call, done) {
          seen = call.metadata;
          done(null, call.request);
        },
      });
      const sent: Metadata = [
        ['x-one', 'a b ~!'],
        ['x-many', '1'],
        ['x-raw-bin', RAW],
        ['x-many', '2'],
        ['x-raw-bin', Buffer.from('second')],
        ['authorization', 'Bearer token'],
      ];
      t.equal((await unary(open(t, lane, server), '', { ...NONE, metadata: sent }).ended).code, 0);
      t.same(seen.get('x-one'), ['a b ~!']);
      t.same(seen.get('x-many').join(', '), '1, 2');
      t.same(seen.get('x-raw-bin'), [RAW, Buffer.from('second')]);
      t.same(seen.get('authorization'), ['Bearer token']);
    },
  },
  {
    name: 'initial metadata and trailers arrive, repeats in order, raw bytes of -bin names',
    async run(t, lane, limits) {
      const server = await serve(t, {
        Unary(call, done) {
          const headers = new GrpcMetadata();
          headers.add('x-in', 'first');
          headers.add('x-in', 'second');
          headers.add('x-in-bin', RAW);
          headers.add('x-in-bin', Buffer.from('b'));
          call.sendMetadata(headers);
          const trailers = new GrpcMetadata();
          trailers.add('x-out', 'third');
          trailers.add('x-out', 'fourth');
          trailers.add('x-out-bin', RAW);
          done(null, call.request, trailers);
        },
      });
      const r = unary(open(t, lane, server));
      const status = await r.ended;
      t.same(r.value('x-in'), limits.joinsRepeated ? ['first, second'] : ['first', 'second']);
      t.same(
        r.value('x-in-bin').map((v) => Buffer.from(v)),
        [RAW, Buffer.from('b')],
      );
      t.same(values(status.trailers, 'x-out'), limits.joinsRepeated ? ['third, fourth'] : ['third', 'fourth']);
      t.same(
        values(status.trailers, 'x-out-bin').map((v) => Buffer.from(v)),
        [RAW],
      );
    },
  },
  {
    name: "the protocol's own names are no metadata",
    async run(t, lane) {
      const server = await serve(t, { Unary: (call, done) => done(null, call.request) });
      const r = unary(open(t, lane, server));
      const status = await r.ended;
      for (const name of ['content-type', ':status', 'grpc-status', 'grpc-message', 'grpc-encoding', 'grpc-accept-encoding']) {
        t.same([...r.value(name), ...values(status.trailers, name)], [], name);
      }
    },
  },
  ...[
    { what: 'a name of the connection', metadata: [['connection', 'close']] },
    { what: 'a pseudo-header', metadata: [[':path', '/other']] },
    { what: 'a line break', metadata: [['x-a', 'b\r\nx-c: d']] },
    { what: 'text under a -bin name', metadata: [['x-a-bin', 'text']] },
    {
      what: 'a second authorization',
      metadata: [
        ['authorization', 'a'],
        ['authorization', 'b'],
      ],
    },
  ].map(
    ({ what, metadata }): Case => ({
      name: `metadata that cannot be sent (${what}) ends its own call with INTERNAL and leaves the connection alone`,
      async run(t, lane) {
        const server = await serve(t, { Unary: (call, done) => done(null, call.request) });
        const transport = open(t, lane, server);
        await unary(transport).ended;
        const r = unary(transport, '', { ...NONE, metadata: metadata as unknown as Metadata });
        t.same(r.log, [], 'events are asynchronous');
        t.match(await r.ended, { code: 13, origin: 'local', processed: false });
        t.equal((await unary(transport).ended).code, 0);
      },
    }),
  ),
];
