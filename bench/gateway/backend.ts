// The backend where Go is not to be had: `node backend.js PORT FOLDER`. Slower than the gateway in front of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServiceDefinition, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { ITEMS_PER_STREAM, type Rpc, replies } from './cases.js';

const [port, folder = ''] = process.argv.slice(2);
const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value };
const definition: Record<string, ServiceDefinition[string]> = {};
const handlers: UntypedServiceImplementation = {};

for (const rpc of [...(Object.keys(replies) as (keyof typeof replies)[]), 'FindBook'] satisfies Rpc[]) {
  definition[rpc] = {
    path: `/bench.v1.Library/${rpc}`,
    requestStream: false,
    responseStream: rpc === 'WatchBooks',
    requestSerialize: bytes.serialize,
    requestDeserialize: bytes.deserialize,
    responseSerialize: bytes.serialize,
    responseDeserialize: bytes.deserialize,
  };
  if (rpc === 'FindBook') {
    handlers[rpc] = (_call: unknown, done: (error: object) => void) => done({ code: status.NOT_FOUND, details: 'no such book' });
    continue;
  }
  const reply = readFileSync(join(folder, `${rpc}.binpb`));
  handlers[rpc] =
    rpc === 'WatchBooks'
      ? (call: { write(item: Buffer): void; end(): void }) => {
          for (let i = 0; i < ITEMS_PER_STREAM; i++) call.write(reply);
          call.end();
        }
      : (_call: unknown, done: (error: null, value: Buffer) => void) => done(null, reply);
}

const server = new Server();
server.addService(definition, handlers);
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});
