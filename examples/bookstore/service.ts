import { setTimeout as pause } from 'node:timers/promises';
import { Fault, invalid } from './fault.js';
import { listBooks } from './list.js';
import type * as Message from './messages.js';
import { assertBookName, assertShelfName } from './names.js';
import type { Store } from './store.js';

type Named = { readonly name?: string };

/** Answers one call. */
export type Unary = (store: Store, request: Record<string, unknown>) => object;
/** Answers one call with any number of messages; `signal` is aborted when the client leaves. */
export type Stream = (store: Store, request: Record<string, unknown>, signal: AbortSignal) => AsyncIterable<object>;

/** The unary methods of bookstore.v1.BookService. */
export const unaryMethods: Readonly<Record<string, Unary>> = {
  CreateShelf: (store, { shelf, shelf_id }: Message.CreateShelfRequest) => store.createShelf(shelf ?? {}, shelf_id),
  GetShelf: (store, { name }: Named) => store.shelf(assertShelfName(name, 'name')),
  ListShelves: (store) => ({ shelves: store.shelves() }),
  DeleteShelf: (store, { name, force }: Named & { readonly force?: boolean }) => {
    store.deleteShelf(assertShelfName(name, 'name'), force === true);
    return {};
  },
  CreateBook: (store, { parent, book, book_id }: Message.CreateBookRequest) =>
    store.createBook(assertShelfName(parent, 'parent'), book ?? {}, book_id),
  GetBook: (store, { name, isbn }: Named & { readonly isbn?: string }) =>
    isbn === undefined ? store.book(assertBookName(name, 'name')) : store.bookByIsbn(isbn),
  ListBooks: (store, request: Message.ListBooksRequest) => listBooks(store, request),
  UpdateBook: (store, { book, update_mask }: Message.UpdateBookRequest) => {
    assertBookName(book?.name, 'book.name');
    return store.updateBook(book ?? {}, update_mask?.paths ?? []);
  },
  DeleteBook: (store, { name }: Named) => {
    store.deleteBook(assertBookName(name, 'name'));
    return {};
  },
  BorrowBook: (store, { name, reader, period }: Message.BorrowBookRequest) => {
    const days = period === undefined ? 14 : secondsOf(period) / 86_400;
    if (!(days > 0 && days <= 90)) throw invalid({ period: 'must be more than nothing and at most 90 days' });
    if (reader === undefined || reader === '') throw invalid({ reader: 'must be given' });
    return store.borrow(assertBookName(name, 'name'), reader, days);
  },
  ReturnBook: (store, { name }: Named) => store.giveBack(assertBookName(name, 'name')),
  MoveBook: (store, { name, other_shelf }: Named & { readonly other_shelf?: string }) =>
    store.move(assertBookName(name, 'name'), assertShelfName(other_shelf, 'other_shelf')),
};

/** The server-streaming methods of bookstore.v1.BookService. */
export const streamMethods: Readonly<Record<string, Stream>> = { StreamBooks: streamBooks, WatchBooks: watchBooks };

type StreamBooksRequest = { readonly parent?: string; readonly interval?: Message.Duration };

async function* streamBooks(store: Store, { parent, interval }: StreamBooksRequest, signal: AbortSignal): AsyncIterable<object> {
  const seconds = secondsOf(interval ?? {});
  if (seconds < 0 || seconds > 10) throw invalid({ interval: 'must be 0 to 10 s' });
  const shelf = assertShelfName(parent, 'parent');
  store.shelf(shelf);
  for (const [i, book] of store.books(shelf).entries()) {
    if (i > 0 && seconds > 0) await pause(seconds * 1000, undefined, { signal });
    yield book;
  }
}

/** Events that a slow reader may fall behind. */
const maxBacklog = 1000;

async function* watchBooks(store: Store, { parent }: { readonly parent?: string }, signal: AbortSignal): AsyncIterable<object> {
  const backlog: object[] = [];
  let wake = () => {};
  const leave = () => wake();
  const unwatch = store.watch(assertShelfName(parent, 'parent'), (event) => {
    backlog.push(event);
    wake();
  });
  signal.addEventListener('abort', leave);
  try {
    while (!signal.aborted) {
      if (backlog.length > maxBacklog) throw new Fault(8, 'the reader is too slow', []);
      const event = backlog.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', leave);
    unwatch();
  }
}

function secondsOf(d: Message.Duration): number {
  return Number(d.seconds ?? 0) + (d.nanos ?? 0) / 1e9;
}
