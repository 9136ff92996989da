import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { methodsOf, wireOf } from '../../examples/bookstore/wire.js';

const methods = methodsOf('bookstore.v1.BookService');

/** How a call ended: the reply, or code, text and details. */
export type Outcome = Readonly<Record<string, unknown>>;

/** Calls the bookstore over gRPC, without a gateway. */
export class BookstoreClient {
  readonly #client: Client;

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  unary(name: string, request: object): Promise<Outcome> {
    const { path, request: wire, response } = methodOf(name);
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(path, wire.encode, response.decode, request, new Metadata(), (error, reply) =>
        resolve(error === null ? (reply ?? {}) : outcomeOf(error)),
      );
    });
  }

  /** All messages up to the end, which is the last entry if it is an error; `seen` may leave earlier by returning true. */
  stream(name: string, request: object, seen: (message: Outcome) => boolean = () => false): Promise<readonly Outcome[]> {
    const { path, request: wire, response } = methodOf(name);
    const messages: Outcome[] = [];
    return new Promise((resolve) => {
      const call = this.#client.makeServerStreamRequest(path, wire.encode, response.decode, request);
      call.on('data', (message: Outcome) => {
        messages.push(message);
        if (seen(message)) call.cancel();
      });
      call.on('error', (error: ServiceError) => resolve([...messages, outcomeOf(error)]));
      call.on('end', () => setImmediate(resolve, messages));
    });
  }

  /** Initial metadata of a unary call. */
  initialMetadata(name: string, request: object, sent: Metadata): Promise<Metadata> {
    const { path, request: wire, response } = methodOf(name);
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(path, wire.encode, response.decode, request, sent, () => {}).on('metadata', resolve);
    });
  }

  close(): void {
    this.#client.close();
  }
}

function methodOf(name: string) {
  const method = methods.get(name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

function outcomeOf({ code, details: message, metadata }: ServiceError): Outcome {
  const [bytes] = metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) return { code, message };
  const status = wireOf('google.rpc.Status').decode(bytes);
  const packed = Array.isArray(status.details) ? status.details : [];
  return { code, message, details: packed.map(unpack) };
}

function unpack({ type_url, value }: { readonly type_url: string; readonly value: Uint8Array }): Outcome {
  const name = type_url.replace('type.googleapis.com/', '');
  return { type: name, ...wireOf(name).decode(value) };
}
