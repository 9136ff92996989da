// Fastify routes that answer constant bytes: what HTTP alone costs in Node.js. `node constant.js PORT`
import Fastify from 'fastify';
import { replies } from './cases.js';

const app = Fastify({ logger: false });
const bytesOf = (value: object) => Buffer.from(JSON.stringify(value));
const [one, created, list, text] = [replies.GetBook, replies.CreateBook, replies.ListBooks, replies.ReadBook].map(bytesOf);

app.get('/v1/shelves/:shelf/books/:book', (_request, reply) => reply.type('application/json').send(one));
app.post('/v1/shelves/:shelf/books', (_request, reply) => reply.type('application/json').send(created));
app.get('/v1/shelves/:shelf/books', (_request, reply) => reply.type('application/json').send(list));
app.get('/v1/shelves/:shelf/books/:book/text', (_request, reply) => reply.type('application/json').send(text));
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
