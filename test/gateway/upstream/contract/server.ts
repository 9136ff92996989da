import { type AddressInfo, connect, createServer, type Socket, type Server as TcpServer } from 'node:net';
import {
  type ChannelOptions,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Test } from 'tap';
import type { MessageType, MethodType, ServiceType } from '../../../../proto/schema.js';
import { testTls } from '../../../support/tls.js';

/** Handlers of `/test.Lane/Unary`, `/ServerStream`, `/ClientStream` and `/Bidi`; messages are bytes. */
export interface Handlers {
  readonly Unary?: handleUnaryCall<Buffer, Buffer>;
  readonly ServerStream?: handleServerStreamingCall<Buffer, Buffer>;
  readonly ClientStream?: handleClientStreamingCall<Buffer, Buffer>;
  readonly Bidi?: handleBidiStreamingCall<Buffer, Buffer>;
}

/** A running test server. */
export interface TestServer {
  readonly server: Server;
  readonly port: number;
  /** `127.0.0.1:port`. */
  readonly address: string;
}

export interface ServeOptions {
  readonly tls?: boolean;
  /** Demands a client certificate. */
  readonly mutual?: boolean;
  /** Default 0 = any. */
  readonly port?: number;
  readonly options?: ChannelOptions;
}

const identity = (b: Buffer): Buffer => b;
const definition = (name: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/test.Lane/${name}`,
  requestStream,
  responseStream,
  requestSerialize: identity,
  requestDeserialize: identity,
  responseSerialize: identity,
  responseDeserialize: identity,
});
const SERVICE = {
  Unary: definition('Unary', false, false),
  ServerStream: definition('ServerStream', false, true),
  ClientStream: definition('ClientStream', true, false),
  Bidi: definition('Bidi', true, true),
};

/** Starts a real grpc-js server; it is killed at the end of the test. */
export async function serve(t: Test, handlers: Handlers, o: ServeOptions = {}): Promise<TestServer> {
  const server = new Server({ 'grpc.max_receive_message_length': -1, ...o.options });
  server.addService(SERVICE, { ...handlers } as UntypedServiceImplementation);
  const { ca, server: pair } = testTls;
  const credentials = o.tls
    ? ServerCredentials.createSsl(o.mutual ? ca : null, [{ private_key: pair.key, cert_chain: pair.cert }], o.mutual ?? false)
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${o.port ?? 0}`, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  t.teardown(() => server.forceShutdown());
  return { server, port, address: `127.0.0.1:${port}` };
}

/** A TCP relay in front of a server: a network that can fail. */
export interface Relay {
  readonly address: string;
  /** Connections that stand. */
  readonly connections: ReadonlySet<Socket>;
  /** Breaks all connections with a reset. */
  cut(): void;
  /** As the end of the test does. */
  close(): void;
}

/** @param port of the server, or of the next one for each connection */
export async function relay(t: Test, port: number | (() => number)): Promise<Relay> {
  const connections = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(typeof port === 'number' ? port : port(), '127.0.0.1');
    connections.add(near);
    near.on('error', () => {}).once('close', () => far.destroy());
    far.on('error', () => {}).once('close', () => near.destroy());
    near.once('close', () => connections.delete(near));
    near.pipe(far).pipe(near);
  });
  const cut = (): void => {
    for (const near of connections) near.resetAndDestroy();
  };
  const close = (): void => {
    cut();
    server.close();
  };
  t.teardown(close);
  return { address: `127.0.0.1:${await listening(server)}`, connections, cut, close };
}

/** Lets a server of anything listen until the end of the test; its address. */
export async function addressOf(t: Test, server: TcpServer): Promise<string> {
  t.teardown(() => server.close());
  return `127.0.0.1:${await listening(server)}`;
}

async function listening(server: TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server that accepts connections and never says a word. */
export async function silent(t: Test): Promise<Omit<Relay, 'cut'>> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket
      .on('error', () => {})
      .on('close', () => connections.delete(socket))
      .resume();
  });
  const close = (): void => {
    for (const s of connections) s.destroy();
    server.close();
  };
  t.teardown(close);
  return { address: `127.0.0.1:${await listening(server)}`, connections, close };
}

/** A port of this machine on which nothing listens. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const EMPTY: MessageType = {
  name: 'test.Bytes',
  comment: '',
  options: new Uint8Array(),
  deprecated: false,
  file: 'test.proto',
  fields: [],
  oneofs: [],
  mapEntry: false,
  field: () => undefined,
  fieldByNumber: () => undefined,
};

/** A method as a schema would have it, of `test.Lane` unless the path says otherwise. */
export function method(name: string): MethodType {
  const kind = SERVICE[name as keyof typeof SERVICE] ?? definition(name, false, false);
  const service: ServiceType = {
    name: 'test.Lane',
    comment: '',
    options: new Uint8Array(),
    deprecated: false,
    file: 'test.proto',
    methods: [],
    offeredBy: [],
  };
  return {
    name: `test.Lane.${name}`,
    comment: '',
    options: new Uint8Array(),
    deprecated: false,
    protoName: name,
    path: kind.path,
    service,
    input: EMPTY,
    output: EMPTY,
    clientStream: kind.requestStream,
    serverStream: kind.responseStream,
    idempotent: false,
  };
}
