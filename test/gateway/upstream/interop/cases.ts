import type { Test } from 'tap';
import type { Call, CallOptions, Metadata, Transport } from '../../../../gateway/upstream/call.js';
import { pullAll, Recorder, values } from '../contract/recorder.js';
import { NONE, within } from '../contract/suite.js';
import { decode, encode, type Fields, INITIAL, type MethodName, serverStreams, TRAILING } from './test-service.js';

/** An interop case of the gRPC project (https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md), by its name there. */
export interface InteropCase {
  readonly name: string;
  run(t: Test, client: Client): Promise<void>;
}

type Started = Recorder & { readonly call: Call };

/** Calls grpc.testing.TestService through a transport. */
export class Client {
  constructor(private readonly transport: Transport) {}

  unary(name: MethodName, request: Fields, o: CallOptions = NONE, service = 'TestService'): Started {
    const recorder = new Recorder();
    const call = this.invoker(name, service).unary(encode(name, request), o, recorder);
    pullAll(call);
    return Object.assign(recorder, { call });
  }

  start(name: MethodName, o: CallOptions = NONE): Started {
    const recorder = new Recorder();
    const call = this.invoker(name, 'TestService').start(o, recorder);
    pullAll(call);
    return Object.assign(recorder, { call });
  }

  private invoker(name: MethodName, service: string) {
    return this.transport.invoker({ path: `/grpc.testing.${service}/${name}`, serverStream: serverStreams(name) });
  }
}

const body = (size: number) => ({ payload: { body: new Uint8Array(size) } });
const asked = (size: number, sent: number) => ({ responseParameters: [{ size }], ...body(sent) });
const sizes = (name: MethodName, r: Recorder) => r.messages.map((m) => bodyOf(decode(name, m)).length);
const bodyOf = (reply: Fields) => (reply.payload as { readonly body: Uint8Array }).body;

const SENT = [27182, 8, 1828, 45904];
const RECEIVED = [31415, 9, 2653, 58979];
const ECHOED: Metadata = [
  [INITIAL, 'test_initial_metadata_value'],
  [TRAILING, Uint8Array.of(0xab, 0xab, 0xab)],
];

export const cases: readonly InteropCase[] = [
  {
    name: 'empty_unary',
    async run(t, client) {
      const r = client.unary('EmptyCall', {});
      t.equal((await r.ended).code, 0);
      t.same(r.messages, [Buffer.alloc(0)]);
    },
  },
  {
    name: 'large_unary',
    async run(t, client) {
      const r = client.unary('UnaryCall', { responseSize: 314159, ...body(271828) });
      t.equal((await r.ended).code, 0);
      t.same(sizes('UnaryCall', r), [314159]);
    },
  },
  {
    name: 'client_streaming',
    async run(t, client) {
      const r = client.start('StreamingInputCall');
      for (const size of SENT) r.call.send(encode('StreamingInputCall', body(size)));
      r.call.halfClose();
      t.equal((await r.ended).code, 0);
      t.same(
        r.messages.map((m) => decode('StreamingInputCall', m)),
        [{ aggregatedPayloadSize: 74922 }],
      );
    },
  },
  {
    name: 'server_streaming',
    async run(t, client) {
      const r = client.unary('StreamingOutputCall', { responseParameters: RECEIVED.map((size) => ({ size })) });
      t.equal((await r.ended).code, 0);
      t.same(sizes('StreamingOutputCall', r), RECEIVED);
    },
  },
  {
    name: 'ping_pong',
    async run(t, client) {
      const r = client.start('FullDuplexCall');
      for (const [i, size] of RECEIVED.entries()) {
        r.call.send(encode('FullDuplexCall', asked(size, SENT[i] ?? 0)));
        await r.received(i + 1);
      }
      r.call.halfClose();
      t.equal((await r.ended).code, 0);
      t.same(sizes('FullDuplexCall', r), RECEIVED);
    },
  },
  {
    name: 'empty_stream',
    async run(t, client) {
      const r = client.start('FullDuplexCall');
      r.call.halfClose();
      t.equal((await r.ended).code, 0);
      t.same(r.messages, []);
    },
  },
  {
    name: 'cancel_after_begin',
    async run(t, client) {
      const r = client.start('StreamingInputCall');
      r.call.cancel('client');
      t.match(await r.ended, { code: 1, origin: 'local' });
    },
  },
  {
    name: 'cancel_after_first_response',
    async run(t, client) {
      const r = client.start('FullDuplexCall');
      r.call.send(encode('FullDuplexCall', asked(31415, 27182)));
      await r.received(1);
      r.call.cancel('client');
      t.match(await r.ended, { code: 1, origin: 'local' });
      t.same(sizes('FullDuplexCall', r), [31415]);
    },
  },
  {
    name: 'timeout_on_sleeping_server',
    async run(t, client) {
      const r = client.start('FullDuplexCall', within(1));
      r.call.send(encode('FullDuplexCall', body(27182)));
      t.equal((await r.ended).code, 4);
    },
  },
  {
    name: 'status_code_and_message',
    async run(t, client) {
      const responseStatus = { code: 2, message: 'test status message' };
      const expected = { ...responseStatus, origin: 'upstream' };
      t.match(await client.unary('UnaryCall', { responseStatus }).ended, expected);
      const r = client.start('FullDuplexCall');
      r.call.send(encode('FullDuplexCall', { responseStatus }));
      r.call.halfClose();
      t.match(await r.ended, expected);
    },
  },
  {
    name: 'special_status_message',
    async run(t, client) {
      const message = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n';
      t.match(await client.unary('UnaryCall', { responseStatus: { code: 2, message } }).ended, { code: 2, message, origin: 'upstream' });
    },
  },
  {
    name: 'unimplemented_method',
    async run(t, client) {
      t.match(await client.unary('UnimplementedCall', {}).ended, { code: 12, origin: 'upstream' });
    },
  },
  {
    name: 'unimplemented_service',
    async run(t, client) {
      const r = client.unary('UnimplementedCall', {}, NONE, 'UnimplementedService');
      t.match(await r.ended, { code: 12, origin: 'upstream' });
    },
  },
  {
    name: 'custom_metadata',
    async run(t, client) {
      const o = { ...NONE, metadata: ECHOED };
      const single = client.unary('UnaryCall', { responseSize: 314159, ...body(271828) }, o);
      const stream = client.start('FullDuplexCall', o);
      stream.call.send(encode('FullDuplexCall', asked(314159, 271828)));
      stream.call.halfClose();
      for (const r of [single, stream]) {
        const { code, trailers } = await r.ended;
        t.equal(code, 0);
        t.same(r.value(INITIAL), ['test_initial_metadata_value']);
        t.same(
          values(trailers, TRAILING).map((value) => Buffer.from(value)),
          [Buffer.from('ababab', 'hex')],
        );
      }
    },
  },
];
