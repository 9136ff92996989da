import { Metadata, status } from '@grpc/grpc-js';
import { type Test, test } from 'tap';
import { startBookstore } from '../../examples/bookstore/server.js';
import { BookstoreClient } from './bookstore-client.js';

const noon = Date.parse('2025-06-01T12:00:00Z');
const at = (ms: number) => ({ seconds: String(ms / 1000) });

async function open(t: Test): Promise<BookstoreClient> {
  const store = await startBookstore({ port: 0, now: () => noon });
  const client = new BookstoreClient(store.port);
  t.teardown(async () => {
    client.close();
    await store.close();
  });
  return client;
}

const moby = 'shelves/fiction/books/moby-dick';
const info = (reason: string, name: string) => ({
  type: 'google.rpc.ErrorInfo',
  reason,
  domain: 'bookstore.example.com',
  metadata: { name },
});
const badRequest = (...fields: readonly (readonly [string, string])[]) => ({
  type: 'google.rpc.BadRequest',
  field_violations: fields.map(([field, description]) => ({ field, description })),
});
const titles = (books: unknown) => (Array.isArray(books) ? books.map((b) => b.title) : books);

test('shelves are listed, made, found and removed', async (t) => {
  const client = await open(t);
  const seeded = [
    { name: 'shelves/fiction', theme: 'Novels and stories', book_count: 3 },
    { name: 'shelves/science', theme: 'How the world works', book_count: 2 },
  ];
  t.strictSame(await client.unary('ListShelves', {}), { shelves: seeded });
  const poetry = { name: 'shelves/poetry', theme: 'Verse' };
  t.strictSame(await client.unary('CreateShelf', { shelf: { theme: 'Verse' }, shelf_id: 'poetry' }), poetry);
  t.strictSame(await client.unary('GetShelf', { name: 'shelves/poetry' }), poetry);
  t.strictSame(await client.unary('CreateShelf', { shelf: { theme: 'Verse' } }), { name: 'shelves/2', theme: 'Verse' });
  t.strictSame(await client.unary('DeleteShelf', { name: 'shelves/poetry' }), {});
  t.match(await client.unary('DeleteShelf', { name: 'shelves/science' }), { code: status.FAILED_PRECONDITION });
  t.strictSame(await client.unary('DeleteShelf', { name: 'shelves/science', force: true }), {});
  t.match(await client.unary('GetBook', { name: 'shelves/science/books/micrographia' }), { code: status.NOT_FOUND });
});

test('books are made, found by name or ISBN, and removed', async (t) => {
  const client = await open(t);
  const book = { title: 'Emma', isbn: '9780141439587', labels: { a: 'b' }, copies_sold: '9007199254740993', rating: 3 };
  const stored = { ...book, name: 'shelves/fiction/books/emma', create_time: at(noon) };
  t.strictSame(await client.unary('CreateBook', { parent: 'shelves/fiction', book_id: 'emma', book }), stored);
  t.strictSame(await client.unary('GetBook', { name: stored.name }), stored);
  t.strictSame(await client.unary('GetBook', { isbn: book.isbn }), stored);
  t.strictSame(await client.unary('DeleteBook', { name: stored.name }), {});
  t.strictSame(await client.unary('GetBook', { name: stored.name }), {
    code: status.NOT_FOUND,
    message: `book "${stored.name}" does not exist`,
    details: [info('BOOK_NOT_FOUND', stored.name)],
  });
});

test('books are listed page by page, filtered', async (t) => {
  const client = await open(t);
  const first = await client.unary('ListBooks', { parent: 'shelves/fiction', page_size: 2 });
  t.strictSame(titles(first.books), ['Frankenstein', 'Moby-Dick']);
  t.equal(first.total_size, 3);
  const second = await client.unary('ListBooks', { parent: 'shelves/fiction', page_size: 2, page_token: first.next_page_token });
  t.strictSame(titles(second.books), ['The Time Machine']);
  t.equal(second.next_page_token, undefined);
  const rows: readonly (readonly [request: object, titles: readonly string[]])[] = [
    [{ genres: ['SCIENCE'] }, ['Micrographia', 'On the Origin of Species']],
    [{ published_after: at(Date.parse('1859-01-01')) }, ['The Time Machine', 'On the Origin of Species']],
    [{ page_size: 1000, available: true }, ['Frankenstein', 'The Time Machine', 'Micrographia', 'On the Origin of Species']],
  ];
  await client.unary('BorrowBook', { name: moby, reader: 'Ishmael' });
  for (const [request, expected] of rows) t.strictSame(titles((await client.unary('ListBooks', request)).books), expected);
});

test('an update changes what the mask names and nothing else', async (t) => {
  const client = await open(t);
  const before = await client.unary('GetBook', { name: moby });
  const update = (book: object, ...paths: string[]) =>
    client.unary('UpdateBook', { book: { name: moby, ...book }, update_mask: { paths } });
  t.strictSame(await update({ title: 'The Whale', price: 1 }, 'title'), { ...before, title: 'The Whale' });
  const { rating: _, ...unrated } = before;
  t.strictSame(await update({ title: 'Moby-Dick' }, 'title', 'rating'), unrated, 'a field that is named but unset is cleared');
  t.strictSame(await update({ rating: 4 }), before, 'without a mask, the fields that are set');
  t.match(await update({ audio: { narrator: 'Me' } }, 'audio.narrator'), { audio: { narrator: 'Me', length: { seconds: '88200' } } });
  const printed = await update({ print: { pages: 9 } }, 'print.pages');
  t.strictSame([printed.print, printed.audio], [{ pages: 9 }, undefined], 'one member of a oneof unsets the other');
  const { name, create_time, isbn } = before;
  t.strictSame(
    await update({ title: 'X', isbn: '1' }, '*'),
    { title: 'X', name, create_time, isbn },
    '* is every field that can be changed',
  );
  t.strictSame(await update({}, 'isbn'), {
    code: status.INVALID_ARGUMENT,
    message: 'update_mask: "isbn" is not a field that can be changed',
    details: [badRequest(['update_mask', '"isbn" is not a field that can be changed'])],
  });
  for (const path of ['title.x', 'print.name', 'print.pages.x', ''])
    t.match(await update({}, path), { code: status.INVALID_ARGUMENT }, path);
});

test('a book is borrowed by one reader at a time, returned and moved', async (t) => {
  const client = await open(t);
  const week = await client.unary('BorrowBook', { name: moby, reader: 'Ishmael', period: { seconds: '604800' } });
  t.strictSame(week, { reader: 'Ishmael', due_time: at(noon + 604_800_000) });
  t.match(await client.unary('GetBook', { name: moby }), { loan: week });
  const taken = `book "${moby}" is borrowed by Ishmael`;
  t.strictSame(await client.unary('BorrowBook', { name: moby, reader: 'Ahab' }), {
    code: status.FAILED_PRECONDITION,
    message: taken,
    details: [
      info('BOOK_BORROWED', moby),
      { type: 'google.rpc.PreconditionFailure', violations: [{ type: 'BOOK_BORROWED', subject: moby, description: taken }] },
    ],
  });
  t.equal((await client.unary('ReturnBook', { name: moby })).loan, undefined);
  t.match(await client.unary('ReturnBook', { name: moby }), { code: status.FAILED_PRECONDITION });
  t.match(await client.unary('MoveBook', { name: moby, other_shelf: 'shelves/science' }), { name: 'shelves/science/books/moby-dick' });
  t.match(await client.unary('GetBook', { name: moby }), { code: status.NOT_FOUND });
});

test('a stream brings the books of a shelf, and a watch what happens to them', async (t) => {
  const client = await open(t);
  const all = await client.stream('StreamBooks', { parent: 'shelves/fiction', interval: { nanos: 1_000_000 } });
  t.strictSame(titles(all), ['Frankenstein', 'Moby-Dick', 'The Time Machine']);
  t.match(await client.stream('StreamBooks', { parent: 'shelves/none' }), [{ code: status.NOT_FOUND }]);
  t.match(await client.stream('StreamBooks', { parent: 'x' }), [{ code: status.INVALID_ARGUMENT }]);
  t.match(await client.stream('WatchBooks', { parent: 'shelves/none' }), [{ code: status.NOT_FOUND }]);
  const watched = client.stream('WatchBooks', { parent: 'shelves/fiction' }, (event) => event.removed !== undefined);
  // The call above is on its way on the same connection before the one below.
  await client.unary('BorrowBook', { name: moby, reader: 'Ishmael' });
  await client.unary('MoveBook', { name: moby, other_shelf: 'shelves/science' });
  t.match(await watched, [{ updated: { name: moby, loan: { reader: 'Ishmael' } } }, { removed: moby }, { code: status.CANCELLED }]);
});

test('a request that does not fit is refused with the field', async (t) => {
  const client = await open(t);
  const book = { title: '', isbn: '1', rating: 6 };
  t.strictSame(await client.unary('CreateBook', { parent: 'shelves/fiction', book }), {
    code: status.INVALID_ARGUMENT,
    message: 'book.title: must have 1 to 200 characters',
    details: [
      badRequest(['book.title', 'must have 1 to 200 characters'], ['book.isbn', 'must have 13 digits'], ['book.rating', 'must be 1 to 5']),
    ],
  });
  const rows: readonly (readonly [method: string, request: object, message: string])[] = [
    ['GetBook', { name: 'x' }, 'name: must look like shelves/{shelf}/books/{book}'],
    ['GetBook', { isbn: '1' }, 'isbn: must have 13 digits'],
    ['GetShelf', {}, 'name: must look like shelves/{shelf}'],
    ['CreateShelf', {}, 'shelf.theme: must have 1 to 100 characters'],
    ['CreateShelf', { shelf: { theme: 'x' }, shelf_id: 'A' }, 'shelf_id: must be 1 to 40 lower-case letters, digits and dashes'],
    ['ListBooks', { page_size: -1 }, 'page_size: must not be negative'],
    ['ListBooks', { page_token: '!' }, 'page_token: is not one that this store has made'],
    ['BorrowBook', { name: moby }, 'reader: must be given'],
    ['BorrowBook', { name: moby, reader: 'x', period: {} }, 'period: must be more than nothing and at most 90 days'],
  ];
  for (const [method, request, message] of rows)
    t.match(await client.unary(method, request), { code: status.INVALID_ARGUMENT, message }, message);
  t.match(await client.unary('CreateShelf', { shelf: { theme: 'x' }, shelf_id: 'fiction' }), { code: status.ALREADY_EXISTS });
});

test("the caller's x-request-id comes back", async (t) => {
  const client = await open(t);
  const sent = new Metadata();
  sent.set('x-request-id', 'abc');
  t.strictSame((await client.initialMetadata('ListShelves', {}, sent)).get('x-request-id'), ['abc']);
});
