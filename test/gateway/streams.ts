import { resolve } from 'node:path';
import type { ConfigInput, GatewayOptions } from '../../gateway/index.js';
import type { BidiHandler, ClientStreamHandler } from '../support/backend.js';
import { type Handlers, type Service, startService } from './service.js';

/** The proto file of the service whose clients send streams. */
export const streamsProto = resolve(import.meta.dirname, '../../../test/gateway/protos/streams.proto');

/** Starts it and a gateway in front of it on free ports, and stops them with the test. Handlers by short method name. */
export function startStreams(
  t: { teardown(stop: () => unknown): void },
  handlers: Handlers,
  config: ConfigInput = {},
  options: GatewayOptions = {},
): Promise<Service> {
  return startService(t, { proto: streamsProto, name: 'streams.v1.Streams' }, handlers, config, options);
}

/** An `Item` in a word: room, text and number. */
export function inAWord({ room = '', text = '', n = 0 }: Readonly<Record<string, unknown>>): string {
  return `${room}/${text}/${n}`;
}

/** Answers with all items. */
export const collect: ClientStreamHandler = async (_call, messages) => {
  const items: string[] = [];
  for await (const item of messages) items.push(inAWord(item));
  return { items };
};

/** Sends each item back as it comes. */
export const echo: BidiHandler = async (_call, messages, out) => {
  for await (const item of messages) out.write(item);
};
