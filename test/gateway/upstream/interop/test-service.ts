import { readFileSync } from 'node:fs';
import {
  Metadata,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const root = protobuf.parse(readFileSync('test/gateway/upstream/interop/protos/test.proto', 'utf8')).root;

export const INITIAL = 'x-grpc-test-echo-initial';
export const TRAILING = 'x-grpc-test-echo-trailing-bin';

/** A message as a plain object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Methods of grpc.testing.TestService, with the types of what they take and answer. */
const methods = {
  EmptyCall: ['Empty', false, 'Empty', false],
  UnaryCall: ['SimpleRequest', false, 'SimpleResponse', false],
  StreamingOutputCall: ['StreamingOutputCallRequest', false, 'StreamingOutputCallResponse', true],
  StreamingInputCall: ['StreamingInputCallRequest', true, 'StreamingInputCallResponse', false],
  FullDuplexCall: ['StreamingOutputCallRequest', true, 'StreamingOutputCallResponse', true],
  UnimplementedCall: ['Empty', false, 'Empty', false],
} as const;

export type MethodName = keyof typeof methods;

export function encode(name: MethodName, request: Fields): Uint8Array {
  return write(methods[name][0], request);
}

export function decode(name: MethodName, reply: Uint8Array): Fields {
  return read(methods[name][2], reply);
}

export const serverStreams = (name: MethodName): boolean => methods[name][3];

function write(type: string, fields: Fields): Buffer {
  const message = root.lookupType(`grpc.testing.${type}`);
  return Buffer.from(message.encode(message.fromObject(fields)).finish());
}

function read(type: string, bytes: Uint8Array): Fields {
  const message = root.lookupType(`grpc.testing.${type}`);
  return message.toObject(message.decode(bytes), { defaults: true });
}

export const service = Object.fromEntries(
  Object.entries(methods).map(([name, [request, requestStream, reply, responseStream]]) => [
    name,
    {
      path: `/grpc.testing.TestService/${name}`,
      requestStream,
      responseStream,
      requestSerialize: (fields: Fields) => write(request, fields),
      requestDeserialize: (bytes: Buffer) => read(request, bytes),
      responseSerialize: (fields: Fields) => write(reply, fields),
      responseDeserialize: (bytes: Buffer) => read(reply, bytes),
    },
  ]),
) as unknown as ServiceDefinition;

interface Request extends Fields {
  readonly responseSize?: number;
  readonly responseStatus?: { readonly code: number; readonly message: string } | null;
  readonly responseParameters?: readonly { readonly size: number }[];
  readonly payload?: { readonly body: Uint8Array } | null;
}

type Done = sendUnaryData<Fields>;

const payload = (size: number) => ({ payload: { body: Buffer.alloc(size) } });

/** Sends back what the client asks to see again; answers the trailers. */
function echoMetadata(call: { metadata: Metadata; sendMetadata(m: Metadata): void }): Metadata {
  const initial = new Metadata();
  for (const value of call.metadata.get(INITIAL)) initial.add(INITIAL, value);
  call.sendMetadata(initial);
  const trailers = new Metadata();
  for (const value of call.metadata.get(TRAILING)) trailers.add(TRAILING, value);
  return trailers;
}

/** grpc.testing.TestService on grpc-js; UnimplementedCall is left out, as the cases want it. */
export const handlers: UntypedServiceImplementation = {
  EmptyCall: (_call: ServerUnaryCall<Fields, Fields>, done: Done) => done(null, {}),
  UnaryCall: (call: ServerUnaryCall<Request, Fields>, done: Done) => {
    const trailers = echoMetadata(call);
    const { responseStatus: status, responseSize } = call.request;
    if (status) done({ code: status.code, details: status.message, metadata: trailers });
    else done(null, payload(responseSize ?? 0), trailers);
  },
  StreamingOutputCall: (call: ServerWritableStream<Request, Fields>) => {
    for (const { size } of call.request.responseParameters ?? []) call.write(payload(size));
    call.end();
  },
  StreamingInputCall: (call: ServerReadableStream<Request, Fields>, done: Done) => {
    let size = 0;
    call.on('data', (request: Request) => {
      size += request.payload?.body.length ?? 0;
    });
    call.on('end', () => done(null, { aggregatedPayloadSize: size }));
    call.on('error', () => {});
  },
  FullDuplexCall: (call: ServerDuplexStream<Request, Fields>) => {
    const trailers = echoMetadata(call);
    call.on('data', ({ responseStatus: status, responseParameters }: Request) => {
      if (status) call.emit('error', { code: status.code, details: status.message, metadata: trailers });
      else for (const { size } of responseParameters ?? []) call.write(payload(size));
    });
    call.on('end', () => call.end(trailers));
    call.on('error', () => {});
  },
};
