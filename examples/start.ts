// The bookstore and a gateway in front of it: `npm start`. PORT says where the gateway listens, default 8080.
import { fileURLToPath } from 'node:url';
import { type RunningGateway, startGateway } from 'protogate';
import { startBookstore } from './bookstore/server.js';

const port = process.env.PORT ?? '8080';
const bookstore = await startBookstore({ port: 0 });
const gateway = await startInFront(bookstore.port).catch(async (error: unknown) => {
  console.error(reason(error));
  await bookstore.close();
  process.exit(1);
});

console.log(`
A bookstore speaks gRPC on 127.0.0.1:${bookstore.port}, and protogate in front of it speaks HTTP and JSON:

  API         ${gateway.url}/v1/shelves
  Swagger UI  ${gateway.url}/swagger-ui/
  OpenAPI     ${gateway.url}/openapi.json

Try:

  curl ${gateway.url}/v1/shelves/fiction/books/frankenstein
  curl '${gateway.url}/v1/shelves/fiction/books?bookId=emma' -d '{"title": "Emma", "authors": [{"name": "Jane Austen"}]}'
  curl -N '${gateway.url}/v1/shelves/fiction/books:stream?interval=0.5s'

Ctrl-C stops both.
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

function startInFront(upstreamPort: number): Promise<RunningGateway> {
  return startGateway({
    listen: `127.0.0.1:${port}`,
    sources: { protos: [fileURLToPath(new URL('./bookstore/protos', import.meta.url))] },
    upstreams: { default: { target: `127.0.0.1:${upstreamPort}` } },
    docs: { title: 'Bookstore' },
    log: { level: 'warn' },
  });
}

function reason(error: unknown): string {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (inUse) return `Port ${port} is in use by another program. Choose another one: PORT=8081 npm start`;
  return `The gateway cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

async function stop(): Promise<void> {
  await gateway.close({ graceMs: 1000 });
  await bookstore.close();
}
