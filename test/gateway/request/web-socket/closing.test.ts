import { status } from '@grpc/grpc-js';
import { test } from 'tap';
import { ownError } from '../../../../gateway/exchange/errors.js';
import { closingOf } from '../../../../gateway/request/web-socket/protocol.js';
import { Failure } from '../../../support/backend.js';
import { Client } from '../../../support/web-socket.js';
import { startTalk } from '../../talk.js';

test('a WebSocket is closed with 4000 and the code of the status, and its message', async (t) => {
  const fail = async () => {
    throw new Failure(status.NOT_FOUND, 'no such room');
  };
  const { url } = await startTalk(t, { bidi: { Chat: fail }, stream: { Hear: fail } });
  t.strictSame(await (await Client.open(url, '/v1/lobby:chat')).end(), [4005, 'no such room']);
  t.strictSame(await (await Client.open(url, '/v1/lobby:hear')).end(), [4005, 'no such room']);
});

test('what came before an error is there', async (t) => {
  const { url } = await startTalk(t, {
    stream: {
      Hear: async (_call, out) => {
        out.write({ text: 'a' });
        throw new Failure(status.DATA_LOSS, 'gone');
      },
    },
  });
  const client = await Client.open(url, '/v1/lobby:hear');
  t.strictSame(await client.end(), [4015, 'gone']);
  t.strictSame(client.frames, ['{"room":"","text":"a","n":0}']);
});

test('a reason has at most 123 bytes, of whole characters', (t) => {
  const reasonOf = (message: string) => closingOf(ownError(400, message)).reason;
  t.equal(reasonOf('x'.repeat(123)), 'x'.repeat(123));
  t.equal(reasonOf('x'.repeat(124)), 'x'.repeat(123));
  t.equal(reasonOf(`${'x'.repeat(122)}é`), 'x'.repeat(122));
  t.equal(reasonOf(`${'x'.repeat(121)}éé`), `${'x'.repeat(121)}é`);
  t.equal(reasonOf('€'.repeat(50)), '€'.repeat(41));
  t.end();
});

const wrong: Readonly<
  Record<string, readonly [path: string, send: readonly (string | Buffer)[], code: number, reason: string, protocol?: string]>
> = {
  'an item that is no JSON': ['/v1/a:chat', ['{}', '{'], 4003, '[1]: the JSON text ends where a key in quotes is expected'],
  'an unknown field in an item': ['/v1/a:count', ['{"x":1}'], 4003, '[0].x: unknown field'],
  'an item that contradicts the path': ['/v1/a:chat', ['{"room":"b"}'], 4003, '[0].room: the path says otherwise'],
  'a binary message of JSON': ['/v1/a:chat', [Buffer.from('{}')], 4003, 'The messages of this subprotocol are text.'],
  'a text in wire form': ['/v1/a:chat', ['{}'], 4003, 'The messages of this subprotocol are binary.', 'protogate.proto'],
  'wire form that is none': ['/v1/a:chat', [Buffer.from([0xff])], 4003, '[0]: the message is malformed: truncated', 'protogate.proto'],
  'a message where there is a second one': ['/v1/a:ask', ['{"n":100000}', '{}'], 4003, 'This method takes one message.'],
  'a message where there is none': ['/v1/a:hear?n=1000000', ['{}'], 4003, 'This method takes no message.'],
  'a first message that is wrong': ['/v1/a:ask', ['[]'], 4003, 'an object is expected'],
};

test('a message that is wrong closes the WebSocket, and cancels the call:', async (t) => {
  let cancelled = 0;
  const { url } = await startTalk(t, {
    bidi: {
      Chat: async (call, messages, out) => {
        void call.cancelled.then(() => {
          cancelled += 1;
        });
        for await (const message of messages) out.write(message);
      },
    },
  });
  for (const [name, [path, send, code, reason, protocol]] of Object.entries(wrong)) {
    const client = await Client.open(url, path, protocol ?? []);
    client.send(...send);
    t.strictSame(await client.end(), [code, reason], name);
  }
  t.equal(cancelled, Object.values(wrong).filter(([path]) => path.endsWith(':chat')).length);
});
