import type { EventEmitter } from 'node:events';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';

/** A message as protobufjs makes it: fields in their proto names, 64-bit integers as text. */
export type Message = Readonly<Record<string, unknown>>;

/** A call as a handler sees it. */
export interface Received {
  readonly request: Message;
  readonly metadata: Metadata;
  readonly cancelled: Promise<void>;
  /** Time left, ms; Infinity if there is no deadline. */
  readonly timeLeftMs: number;
  /** Initial metadata, sent at once. */
  sendHeaders(metadata: Readonly<Record<string, string>>): void;
  /** Trailers of a good unary answer. */
  readonly trailers: Metadata;
}

/** What a server answers that fails. */
export class Failure extends Error {
  constructor(
    readonly code: status,
    message: string,
    readonly metadata = new Metadata(),
  ) {
    super(message);
  }
}

/** Where a handler writes: `write` answers false when the client is slow, `drained` waits. */
export interface Out {
  write(m: Message): boolean;
  drained(): Promise<void>;
}

/** The messages of a client. The others that come are held back while nobody iterates. */
export type In = AsyncIterable<Message>;

/** Unary: one message. Throw a {@link Failure} to fail. */
export type UnaryHandler = (call: Received) => Promise<Message> | Message;
export type StreamHandler = (call: Received, out: Out) => Promise<void>;
/** Of a client stream, and of one that goes both ways. Their `call` has no request. */
export type ClientStreamHandler = (call: Received, messages: In) => Promise<Message>;
export type BidiHandler = (call: Received, messages: In, out: Out) => Promise<void>;

/** By full method name. */
export interface BackendHandlers {
  readonly unary?: Readonly<Record<string, UnaryHandler>>;
  readonly stream?: Readonly<Record<string, StreamHandler>>;
  readonly clientStream?: Readonly<Record<string, ClientStreamHandler>>;
  readonly bidi?: Readonly<Record<string, BidiHandler>>;
}

/** A real gRPC server on a free port, made with grpc-js and protobufjs: nothing of the gateway is in it. */
export interface Backend {
  readonly target: string;
  readonly root: protobuf.Root;
  close(): void;
}

const vendored = resolve(import.meta.dirname, '../../../proto');

/**
 * Starts a server for the services of a proto file.
 *
 * @param handlers of its methods; others answer UNIMPLEMENTED
 * @param imports folder in which the file and its imports are
 */
export async function startBackend(protoFile: string, handlers: BackendHandlers, imports = ''): Promise<Backend> {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (target.startsWith('google/') ? join(vendored, target) : join(imports, target));
  root.loadSync([protoFile, 'google/rpc/status.proto', 'google/rpc/error_details.proto'], { keepCase: true }).resolveAll();
  const server = new Server();
  for (const [name, handler] of Object.entries(handlers.unary ?? {})) addUnary(server, codecOf(root, name), handler);
  for (const [name, handler] of Object.entries(handlers.stream ?? {})) addStream(server, codecOf(root, name), handler);
  for (const [name, handler] of Object.entries(handlers.clientStream ?? {})) addClientStream(server, codecOf(root, name), handler);
  for (const [name, handler] of Object.entries(handlers.bidi ?? {})) addBidi(server, codecOf(root, name), handler);
  const port = await new Promise<number>((done, fail) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error === null ? done(bound) : fail(error)));
  });
  return { target: `127.0.0.1:${port}`, root, close: () => server.forceShutdown() };
}

interface MethodCodec {
  readonly path: string;
  decode(bytes: Buffer): Message;
  encode(message: Message): Buffer;
}

function codecOf(root: protobuf.Root, fullName: string): MethodCodec {
  const dot = fullName.lastIndexOf('.');
  const service = root.lookupService(fullName.slice(0, dot));
  const method = service.methods[fullName.slice(dot + 1)];
  if (method === undefined) throw new Error(`no method ${fullName}`);
  const input = root.lookupType(method.requestType);
  const output = root.lookupType(method.responseType);
  return {
    path: `/${fullName.slice(0, dot)}/${method.name}`,
    decode: (bytes) => input.toObject(input.decode(bytes), { longs: String, enums: String, arrays: false }),
    encode: (message) => Buffer.from(output.encode(output.fromObject(message)).finish()),
  };
}

type AnyCall =
  | ServerUnaryCall<Message, Message>
  | ServerWritableStream<Message, Message>
  | ServerReadableStream<Message, Message>
  | ServerDuplexStream<Message, Message>;

function receive(call: AnyCall): Received {
  const deadline = Number(call.getDeadline());
  const events: EventEmitter = call;
  const cancelled = new Promise<void>((done) => events.once('cancelled', done));
  const sendHeaders: Received['sendHeaders'] = (entries) => call.sendMetadata(metadataOf(entries));
  const { metadata } = call;
  const request = 'request' in call ? call.request : {};
  return { request, metadata, cancelled, timeLeftMs: deadline - Date.now(), sendHeaders, trailers: new Metadata() };
}

/** Metadata of texts. */
export function metadataOf(entries: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
}

function addUnary(server: Server, { path, decode, encode }: MethodCodec, handler: UnaryHandler): void {
  const handle = async (call: ServerUnaryCall<Message, Message>, reply: sendUnaryData<Message>) => {
    try {
      const received = receive(call);
      reply(null, await handler(received), received.trailers);
    } catch (e) {
      reply(asFailure(e));
    }
  };
  server.register(path, handle, encode, decode, 'unary');
}

function addStream(server: Server, { path, decode, encode }: MethodCodec, handler: StreamHandler): void {
  const handle = async (call: ServerWritableStream<Message, Message>) => {
    const drained = () => new Promise<void>((done) => call.once('drain', done));
    try {
      await handler(receive(call), { write: (m) => call.write(m), drained });
      call.end();
    } catch (e) {
      call.emit('error', asFailure(e));
    }
  };
  server.register(path, handle, encode, decode, 'serverStream');
}

/** They end without ending the call. */
function messagesOf(call: Readable): In {
  return call.iterator({ destroyOnReturn: false });
}

function addClientStream(server: Server, { path, decode, encode }: MethodCodec, handler: ClientStreamHandler): void {
  const handle = async (call: ServerReadableStream<Message, Message>, reply: sendUnaryData<Message>) => {
    call.on('error', () => {});
    try {
      const received = receive(call);
      reply(null, await handler(received, messagesOf(call)), received.trailers);
    } catch (e) {
      reply(asFailure(e));
    }
  };
  server.register(path, handle, encode, decode, 'clientStream');
}

function addBidi(server: Server, { path, decode, encode }: MethodCodec, handler: BidiHandler): void {
  const handle = async (call: ServerDuplexStream<Message, Message>) => {
    call.on('error', () => {});
    const drained = () => new Promise<void>((done) => call.once('drain', done));
    try {
      await handler(receive(call), messagesOf(call), { write: (m) => call.write(m), drained });
      call.end();
    } catch (e) {
      call.emit('error', asFailure(e));
    }
  };
  server.register(path, handle, encode, decode, 'bidi');
}

function asFailure(e: unknown): { code: status; details: string; metadata: Metadata } {
  if (e instanceof Failure) return { code: e.code, details: e.message, metadata: e.metadata };
  return { code: status.UNKNOWN, details: String(e), metadata: new Metadata() };
}

/** Metadata with a serialized google.rpc.Status, as a server attaches details to an error. */
export function detailsMetadata(root: protobuf.Root, rpcStatus: Message): Metadata {
  const type = root.lookupType('google.rpc.Status');
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(type.encode(type.fromObject(rpcStatus)).finish()));
  return metadata;
}

/** A google.protobuf.Any of a message. */
export function packAny(root: protobuf.Root, typeName: string, message: Message): Message {
  const type = root.lookupType(typeName);
  return { type_url: `type.googleapis.com/${typeName}`, value: type.encode(type.fromObject(message)).finish() };
}
