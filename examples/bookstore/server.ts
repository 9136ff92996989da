import { once } from 'node:events';
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { toServiceError } from './fault.js';
import { type Stream, streamMethods, type Unary, unaryMethods } from './service.js';
import { Store } from './store.js';
import { methodsOf } from './wire.js';

/** How to start a bookstore. */
export interface BookstoreOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Milliseconds since 1970; default the clock. */
  readonly now?: () => number;
}

/** A bookstore that serves. */
export interface Bookstore {
  readonly port: number;
  /** Ends calls in progress and stops. */
  close(): Promise<void>;
}

type Request = Record<string, unknown>;

/** Starts the gRPC server of the bookstore, plaintext, with the same books every time. */
export async function startBookstore({ port, host = '127.0.0.1', now = Date.now }: BookstoreOptions): Promise<Bookstore> {
  const server = new Server();
  const store = new Store(now);
  const definition: Record<string, ServiceDefinition[string]> = {};
  const handlers: UntypedServiceImplementation = {};
  for (const [name, { path, requestStream, responseStream, request, response }] of methodsOf('bookstore.v1.BookService')) {
    const codec = {
      requestSerialize: request.encode,
      requestDeserialize: request.decode,
      responseSerialize: response.encode,
      responseDeserialize: response.decode,
    };
    definition[name] = { path, requestStream, responseStream, ...codec };
    const unary = unaryMethods[name];
    const stream = streamMethods[name];
    if (unary !== undefined) handlers[name] = unaryHandler(store, unary);
    if (stream !== undefined) handlers[name] = streamHandler(store, stream);
  }
  server.addService(definition, handlers);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, p) => (error === null ? resolve(p) : reject(error)));
  });
  return {
    port: bound,
    close: async () => server.forceShutdown(),
  };
}

function unaryHandler(store: Store, answer: Unary): handleUnaryCall<Request, object> {
  return (call, callback) => {
    call.sendMetadata(echo(call.metadata));
    try {
      callback(null, answer(store, call.request));
    } catch (error) {
      callback(toServiceError(error));
    }
  };
}

function streamHandler(store: Store, answer: Stream): handleServerStreamingCall<Request, object> {
  return (call) => {
    const left = new AbortController();
    call.on('cancelled', () => left.abort());
    call.on('error', () => left.abort());
    call.sendMetadata(echo(call.metadata));
    writeAll(call, answer(store, call.request, left.signal), left.signal).catch((error: unknown) => {
      if (!left.signal.aborted) call.emit('error', toServiceError(error));
    });
  };
}

async function writeAll(call: ServerWritableStream<Request, object>, messages: AsyncIterable<object>, signal: AbortSignal): Promise<void> {
  for await (const message of messages) if (!call.write(message)) await once(call, 'drain', { signal });
  call.end();
}

/** Initial metadata: the caller's `x-request-id`, so that it can be seen to arrive. */
function echo(received: Metadata): Metadata {
  const sent = new Metadata();
  for (const id of received.get('x-request-id')) sent.add('x-request-id', id);
  return sent;
}
