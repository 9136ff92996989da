import { EventEmitter } from 'node:events';
import { type handleUnaryCall, type Metadata, Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Test } from 'tap';
import { readFileDescriptor } from '../../../../proto/descriptor/read.js';
import { WireReader } from '../../../../proto/wire/reader.js';
import { WireWriter } from '../../../../proto/wire/writer.js';
import { testTls } from '../../../support/tls.js';

/** A question as it arrived. */
export interface Asked {
  readonly kind: 'file' | 'symbol' | 'extension' | 'extensions' | 'services';
  readonly text: string;
  /** Of an extension. */
  readonly number: number;
}

export type Stream = ServerDuplexStream<Buffer, Uint8Array>;

/** What a server does with a question: the bytes of a ServerReflectionResponse, or nothing and something to the stream itself. */
export type Behavior = (asked: Asked, stream: Stream) => Uint8Array | undefined;

const kinds = new Map<number, Asked['kind']>([
  [3, 'file'],
  [4, 'symbol'],
  [5, 'extension'],
  [6, 'extensions'],
  [7, 'services'],
]);

/** Reads a ServerReflectionRequest. */
export function parseQuestion(bytes: Uint8Array): Asked {
  const reader = new WireReader(bytes);
  const kind = kinds.get(reader.tag() >>> 3);
  if (kind === undefined) throw new Error('not a question');
  if (kind !== 'extension') return { kind, text: reader.string(), number: 0 };
  const inner = new WireReader(reader.view());
  inner.tag();
  const text = inner.string();
  inner.tag();
  return { kind, text, number: inner.int32() };
}

function answer(field: number, write: (out: WireWriter) => void): Uint8Array {
  const out = new WireWriter();
  return out.nestedField(field, () => write(out)).finish();
}

/** FileDescriptorResponse. */
export const files = (...all: readonly Uint8Array[]) =>
  answer(4, (out) => {
    for (const file of all) out.bytesField(1, file);
  });

/** ExtensionNumberResponse, packed. */
export const numbers = (of: string, ...all: readonly number[]) =>
  answer(5, (out) => {
    out.bytesField(1, of).nestedField(2, () => {
      for (const number of all) out.int32(number);
    });
  });

/** ListServiceResponse. */
export const services = (...names: readonly string[]) =>
  answer(6, (out) => {
    for (const name of names) out.nestedField(1, () => out.bytesField(1, name));
  });

/** ErrorResponse. */
export const error = (code: number, message: string) => answer(7, (out) => out.varintField(1, code).bytesField(2, message));

export const NOT_FOUND = error(5, 'not found');

/** A server that describes itself as it should: one file an answer, so that imports have to be asked for. */
export function honest(all: readonly Uint8Array[], names: readonly string[]): Behavior {
  const read = all.map((bytes) => ({ bytes, descriptor: readFileDescriptor(bytes) }));
  const find = ({ kind, text }: Asked) =>
    read.find(({ descriptor }) =>
      kind === 'file' ? descriptor.name === text : descriptor.service.some(({ name }) => `${descriptor.package}.${name}` === text),
    );
  return (asked) => {
    if (asked.kind === 'services') return services(...names);
    const found = asked.kind === 'file' || asked.kind === 'symbol' ? find(asked) : undefined;
    return found === undefined ? NOT_FOUND : files(found.bytes);
  };
}

/** A server with reflection. */
export interface ReflectionServer {
  readonly port: number;
  readonly target: string;
  /** Every question of every stream: `symbol a.S`. */
  readonly asked: string[];
  /** Metadata of every stream. */
  readonly streams: Metadata[];
  /** What it does from now on. */
  behave(behavior: Behavior): void;
  /** What happens whenever a stream has ended. */
  afterAnswer(listener: () => void): void;
  /** Takes no more connections and calls; resolves when the calls that it has are over. */
  stop(): Promise<void>;
  close(): void;
}

export interface ServerOptions {
  readonly versions?: readonly ('v1' | 'v1alpha')[];
  readonly tls?: boolean;
  readonly port?: number;
  /** Adds what it serves besides. */
  readonly add?: (server: Server) => void;
}

const request = (bytes: Buffer) => bytes;
const response = (bytes: Uint8Array) => Buffer.from(bytes);
/** Messages as bytes. */
export const codec = { requestSerialize: request, requestDeserialize: request, responseSerialize: response, responseDeserialize: request };

/** Gives a server unary methods that answer with their request. */
export function addEcho(server: Server, service: string, methods: readonly string[]): void {
  for (const name of methods) {
    const method = { path: `/${service}/${name}`, requestStream: false, responseStream: false, ...codec };
    const echo: handleUnaryCall<Buffer, Uint8Array> = (call, done) => done(null, call.request);
    server.addService({ method }, { method: echo });
  }
}

/** Starts a grpc-js server that knows reflection, of that what `behavior` does, and what `add` adds. It ends with the test. */
export async function serveReflection(t: Test, behavior: Behavior, o: ServerOptions = {}): Promise<ReflectionServer> {
  const server = new Server({ 'grpc.max_send_message_length': -1 });
  const asked: string[] = [];
  const streams: Metadata[] = [];
  const ended = new EventEmitter();
  let current = behavior;
  const converse = (stream: Stream) => {
    streams.push(stream.metadata);
    stream.on('error', () => {});
    stream.on('end', () => stream.end());
    stream.on('close', () => ended.emit('end'));
    stream.on('data', (message: Buffer) => {
      const question = parseQuestion(message);
      asked.push(`${question.kind} ${question.text}${question.number === 0 ? '' : ` ${question.number}`}`);
      const bytes = current(question, stream);
      if (bytes !== undefined) stream.write(bytes);
    });
  };
  for (const version of o.versions ?? ['v1']) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    server.addService({ Info: { path, requestStream: true, responseStream: true, ...codec } }, { Info: converse });
  }
  o.add?.(server);
  const { cert, key } = testTls.server;
  const credentials = o.tls
    ? ServerCredentials.createSsl(null, [{ cert_chain: cert, private_key: key }])
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${o.port ?? 0}`, credentials, (e, bound) => (e === null ? resolve(bound) : reject(e)));
  });
  const close = () => server.forceShutdown();
  t.teardown(close);
  const stop = () => new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  const behave = (next: Behavior) => {
    current = next;
  };
  const afterAnswer = (listener: () => void) => void ended.on('end', listener);
  return { port, target: `127.0.0.1:${port}`, asked, streams, behave, afterAnswer, stop, close };
}
