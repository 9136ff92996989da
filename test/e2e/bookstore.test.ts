import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import { test } from 'tap';
import { startBookstore } from '../../examples/bookstore/server.js';
import { startGateway } from '../../gateway/index.js';
import { send } from '../support/http.js';

const protos = resolve(import.meta.dirname, '../../../examples/bookstore/protos');
const json = { 'content-type': 'application/json' };

interface Step {
  readonly name: string;
  readonly request: readonly [method: string, path: string, body?: object];
  readonly status?: number;
  /** What the JSON answer has, or its lines. */
  readonly answer: unknown;
}

/** One after another: each sees what those before it did. */
const steps: readonly Step[] = [
  {
    name: 'ListShelves answers the bare list',
    request: ['GET', '/v1/shelves'],
    answer: [{ name: 'shelves/fiction' }, { name: 'shelves/science', bookCount: 2 }],
  },
  {
    name: 'CreateShelf',
    request: ['POST', '/v1/shelves?shelf_id=history', { theme: 'What has happened' }],
    answer: { name: 'shelves/history', theme: 'What has happened', bookCount: 0 },
  },
  { name: 'GetShelf', request: ['GET', '/v1/shelves/history'], answer: { theme: 'What has happened' } },
  {
    name: 'GetBook shows every kind of field',
    request: ['GET', '/v1/shelves/fiction/books/frankenstein'],
    answer: {
      title: 'Frankenstein',
      subtitle: 'The Modern Prometheus',
      genre: 'FICTION',
      createTime: '2024-03-01T00:00:00Z',
      copiesSold: '9007199254740993',
      price: 8.5,
      labels: { language: 'en' },
      print: { pages: 273, hardcover: false },
    },
  },
  { name: 'GetBook by ISBN', request: ['GET', '/v1/isbn/9780142437247'], answer: { title: 'Moby-Dick', audio: { length: '88200s' } } },
  {
    name: 'ListBooks, page by page',
    request: ['GET', '/v1/shelves/fiction/books?page_size=2'],
    answer: { books: [{ title: 'Frankenstein' }, { title: 'Moby-Dick' }], nextPageToken: /./, totalSize: 3 },
  },
  {
    name: 'ListBooks of all shelves, with enum and Timestamp in the query',
    request: ['GET', '/v1/books?genres=SCIENCE&publishedAfter=1700-01-01T00:00:00Z'],
    answer: { books: [{ title: 'On the Origin of Species' }], totalSize: 1 },
  },
  {
    name: 'CreateBook',
    request: [
      'POST',
      '/v1/shelves/history/books?book_id=decline',
      { title: 'Decline and Fall', genre: 'HISTORY', authors: [{ name: 'Edward Gibbon' }] },
    ],
    answer: { name: 'shelves/history/books/decline', rating: undefined },
  },
  {
    name: 'UpdateBook takes the mask from the body',
    request: ['PATCH', '/v1/shelves/history/books/decline', { rating: 5, labels: { volumes: '6' } }],
    answer: { title: 'Decline and Fall', rating: 5, labels: { volumes: '6' } },
  },
  {
    name: 'UpdateBook with a mask of its own',
    request: ['PATCH', '/v1/shelves/history/books/decline?updateMask=rating', { title: 'Not this' }],
    answer: { title: 'Decline and Fall', rating: undefined },
  },
  {
    name: 'BorrowBook',
    request: ['POST', '/v1/shelves/history/books/decline:borrow', { reader: 'Ada', period: '86400s' }],
    answer: { reader: 'Ada', dueTime: /^\d{4}-/ },
  },
  {
    name: 'BorrowBook twice fails with details',
    request: ['POST', '/v1/shelves/history/books/decline:borrow', { reader: 'Bob' }],
    status: 400,
    answer: { code: 9, details: [{ '@type': /google\.rpc\./ }] },
  },
  { name: 'ReturnBook', request: ['POST', '/v1/shelves/history/books/decline:return', {}], answer: { loan: null } },
  {
    name: 'MoveBook',
    request: ['POST', '/v1/shelves/history/books/decline:move', { otherShelf: 'shelves/science' }],
    answer: { name: 'shelves/science/books/decline' },
  },
  {
    name: 'StreamBooks answers a book a line',
    request: ['GET', '/v1/shelves/science/books:stream'],
    answer: [{ title: 'Decline and Fall' }, { title: 'Micrographia', thumbnail: 'iVBORw==' }, { title: 'On the Origin of Species' }],
  },
  { name: 'DeleteBook', request: ['DELETE', '/v1/shelves/science/books/decline'], answer: {} },
  { name: 'DeleteShelf', request: ['DELETE', '/v1/shelves/history'], answer: {} },
  { name: 'what is gone is 404', request: ['GET', '/v1/shelves/history'], status: 404, answer: { code: 5 } },
  {
    name: 'what the server refuses names its fields',
    request: ['POST', '/v1/shelves/science/books', { title: '' }],
    status: 400,
    answer: { code: 3, details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'book.title' }] }] },
  },
];

function parse(text: string, type: string | undefined): unknown {
  return type === 'application/x-ndjson'
    ? text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    : JSON.parse(text);
}

for (const lane of ['grpc-js', 'h2'] as const) {
  test(`every route of the bookstore answers as its server does, over ${lane}`, async (t) => {
    const bookstore = await startBookstore({ port: 0 });
    t.teardown(() => bookstore.close());
    const called = new Set<string>();
    const running = await startGateway(
      {
        listen: '127.0.0.1:0',
        sources: { protos: [protos] },
        upstreams: { default: { target: `127.0.0.1:${bookstore.port}`, lane } },
        log: { level: 'silent' },
      },
      {
        setup: (app) => {
          app.addHook('onRequest', async (request) => {
            called.add(`${request.method} ${request.routeOptions.config.template}`);
          });
        },
      },
    );
    t.teardown(() => running.close({ graceMs: 0 }));

    for (const {
      name,
      request: [method, path, body],
      status = 200,
      answer,
    } of steps) {
      const reply = await send(
        running.url,
        method,
        path,
        body === undefined ? undefined : JSON.stringify(body),
        body === undefined ? {} : json,
      );
      t.equal(reply.status, status, `${name}: ${reply.text}`);
      t.match(parse(reply.text, reply.headers['content-type']), answer, name);
    }

    const [watching] = (await once(get(`${running.url}/v1/shelves/science/books:watch`), 'response')) as [IncomingMessage];
    await send(running.url, 'POST', '/v1/shelves/science/books/micrographia:borrow', JSON.stringify({ reader: 'Ada' }), json);
    const [line] = (await once(watching, 'data')) as [Buffer];
    t.match(
      JSON.parse(String(line)),
      { updated: { name: 'shelves/science/books/micrographia', loan: { reader: 'Ada' } } },
      'WatchBooks tells what happens',
    );
    watching.destroy();
    while (running.gateway.current.inFlight > 0) await new Promise(setImmediate);

    const routes = running.gateway.current.table.bindings.map((b) => `${b.httpMethod} ${b.template.text}`);
    t.strictSame(
      routes.filter((route) => !called.has(route)),
      [],
      'no route was left out',
    );
  });
}
