import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const ownProtos = fileURLToPath(new URL('./protos/', import.meta.url));
const googleProtos = fileURLToPath(new URL('../../proto/', import.meta.url));

/** Everything this server reads and writes, straight from the `.proto` files. */
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => `${target.startsWith('google/') ? googleProtos : ownProtos}${target}`;
root.loadSync(['bookstore/v1/bookstore.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'], { keepCase: true });
root.resolveAll();

/** Plain objects to wire bytes and back, for one message type. */
export interface Wire {
  encode(message: object): Buffer;
  decode(bytes: Uint8Array): Record<string, unknown>;
}

/** The wire form of a message type by its full name. */
export function wireOf(name: string): Wire {
  const type = root.lookupType(name);
  return {
    encode: (message) => Buffer.from(type.encode(type.fromObject(message)).finish()),
    decode: (bytes) => type.toObject(type.decode(bytes), { longs: String, enums: String }),
  };
}

/** One method as grpc-js wants to have it described. */
export interface MethodWire {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly request: Wire;
  readonly response: Wire;
}

/** All methods of a service by name. */
export function methodsOf(serviceName: string): ReadonlyMap<string, MethodWire> {
  const service = root.lookupService(serviceName);
  return new Map(
    service.methodsArray.map((m): [string, MethodWire] => [
      m.name,
      {
        path: `/${serviceName}/${m.name}`,
        requestStream: m.requestStream === true,
        responseStream: m.responseStream === true,
        request: wireOf(m.resolvedRequestType?.fullName ?? ''),
        response: wireOf(m.resolvedResponseType?.fullName ?? ''),
      },
    ]),
  );
}
