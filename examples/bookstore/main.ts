// Serves the bookstore by itself, for the container: HOST and PORT are where it listens.
import { startBookstore } from './server.js';

const { HOST: host = '127.0.0.1', PORT: port = '50051' } = process.env;
const bookstore = await startBookstore({ host, port: Number(port) });
console.log(`bookstore.v1.BookService listens on ${host}:${bookstore.port}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void bookstore.close());
