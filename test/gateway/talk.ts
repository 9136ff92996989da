import { resolve } from 'node:path';
import type { ConfigInput, GatewayOptions } from '../../gateway/index.js';
import type { BidiHandler, ClientStreamHandler, StreamHandler } from '../support/backend.js';
import { type Handlers, type Service, startService } from './service.js';

/** The proto file of the service that the tests of WebSockets call. */
export const talkProto = resolve(import.meta.dirname, '../../../test/gateway/protos/talk.proto');

/** Starts it and a gateway in front of it on free ports, and stops them with the test. Handlers by short method name; default: those below. */
export function startTalk(
  t: { teardown(stop: () => unknown): void },
  handlers: Handlers = {},
  config: ConfigInput = {},
  options: GatewayOptions = {},
): Promise<Service> {
  const all: Handlers = {
    unary: { Say: ({ request }) => ({ ...request, n: 1 }), ...handlers.unary },
    stream: { Hear: hear, Left: hear, Right: hear, ...handlers.stream },
    clientStream: { Count: count, ...handlers.clientStream },
    bidi: { Chat: chat, Pipe: chat, ...handlers.bidi },
  };
  return startService(t, { proto: talkProto, name: 'talk.v1.Talk' }, all, config, options);
}

/** Answers the line as often as its number says. */
const hear: StreamHandler = async ({ request }, out) => {
  for (let n = 1; n <= Number(request.n ?? 1); n += 1) if (!out.write({ ...request, n })) await out.drained();
};

/** Answers how many there were, and what they said. */
const count: ClientStreamHandler = async (_call, messages) => {
  const texts: unknown[] = [];
  for await (const { text = '' } of messages) texts.push(text);
  return { lines: texts.length, texts: texts.join(' ') };
};

/** Sends each message back as it comes. */
const chat: BidiHandler = async (_call, messages, out) => {
  for await (const message of messages) if (!out.write(message)) await out.drained();
};
