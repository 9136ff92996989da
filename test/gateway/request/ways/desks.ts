import { status } from '@grpc/grpc-js';
import type { ConfigInput, GatewayOptions } from '../../../../gateway/index.js';
import {
  type ClientStreamHandler,
  Failure,
  metadataOf,
  type Received,
  type StreamHandler,
  type UnaryHandler,
} from '../../../support/backend.js';
import { Raw, until } from '../../../support/raw.js';
import { type Desk, startDesk } from '../../desk.js';
import type { Handlers } from '../../service.js';

const note = { name: 'notes/1', title: 'Käse', words: '7', tags: ['a', 'b'] };

const streamNotes: StreamHandler = async ({ request }, out) => {
  const { count, fault } = request as { count: number; fault: string };
  for (let i = 0; i < count && i < 100; i++) out.write({ name: `notes/${i}` });
  if (fault !== '') throw new Failure(status.DATA_LOSS, fault, metadataOf({ 'x-checksum': 'ab' }));
};

const unary: Readonly<Record<string, UnaryHandler>> = {
  GetNote: ({ request, trailers }) => {
    trailers.set('x-checksum', 'ab');
    const { name, page_size: pageSize } = request as { name: string; page_size: number };
    if (pageSize !== 1) return { ...note, name };
    throw new Failure(status.NOT_FOUND, 'no such note');
  },
  CreateNote: ({ request, trailers }) => {
    const { title } = request as { title: string };
    if (/^\d+$/.test(title)) trailers.set('x-http-code', title);
    return request;
  },
  UpdateNote: ({ request }) => (request as { note: object }).note as Record<string, unknown>,
  DeleteNote: () => ({}),
  PinNote: () => note,
};

const stream: Readonly<Record<string, StreamHandler>> = {
  StreamNotes: streamNotes,
  StreamReports: async (_call, out) => void out.write({ error: 'x' }),
};

const clientStream: Readonly<Record<string, ClientStreamHandler>> = {
  UploadNotes: async (_call, messages) => {
    const tags: string[] = [];
    for await (const { title = '' } of messages) {
      if (title === 'early') return { title: 'enough' };
      tags.push(String(title).slice(0, 10));
    }
    return { tags };
  },
};

/** What has reached a server: methods with their requests and metadata, in order. */
type Calls = string[];

/** Handlers that note each call. */
function handlersNoting(calls: Calls): Handlers {
  const note = (method: string, { request, metadata }: Received) => {
    const { 'user-agent': _agent, 'grpc-timeout': _timeout, ...sent } = metadata.getMap();
    calls.push(JSON.stringify([method, request, sent]));
  };
  const noting = <Rest extends readonly unknown[], Answer>(handlers: Readonly<Record<string, (call: Received, ...rest: Rest) => Answer>>) =>
    Object.fromEntries(
      Object.entries(handlers).map(([method, handler]) => [
        method,
        (call: Received, ...rest: Rest) => {
          note(method, call);
          return handler(call, ...rest);
        },
      ]),
    );
  return { unary: noting(unary), stream: noting(stream), clientStream: noting(clientStream) };
}

/** A gateway, and what has reached its server. */
export interface Way {
  readonly desk: Desk;
  readonly calls: Calls;
}

/** Two gateways that differ only in that one serves plain requests directly, the other all through Fastify. */
export type Ways = readonly [direct: Way, fastify: Way];

/** Starts both on free ports and stops them with the test. */
export async function startWays(t: { teardown(stop: () => unknown): void }, config: ConfigInput): Promise<Ways> {
  const start = async (options: GatewayOptions): Promise<Way> => {
    const calls: Calls = [];
    return { desk: await startDesk(t, handlersNoting(calls), config, options), calls };
  };
  return [await start({}), await start({ setup: () => {} })];
}

/** Writes pieces, in a turn of the event loop each, and gives all that comes until the connection closes, without times; and what reached the server. */
export async function converse({ desk, calls }: Way, pieces: readonly (string | Uint8Array)[]): Promise<string> {
  calls.length = 0;
  const raw = await Raw.open(desk.url, '');
  for (const piece of pieces) {
    raw.socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => raw.closed);
  const text = raw.text.replaceAll(/date: .*$/gim, 'date: now');
  // Requests behind an answer that closes the connection may have been begun or not.
  return text.includes('notes/last') ? [text, ...calls.toSorted()].join('\n') : text;
}
