import { alreadyExists, failedPrecondition, invalid, notFound } from './fault.js';
import { applyMask } from './mask.js';
import type { Book, BookEvent, Loan, Shelf } from './messages.js';
import { assertId, idOf, shelfOf } from './names.js';
import { seedBooks, seedShelves } from './seed.js';

type Watcher = (event: BookEvent) => void;

/** Shelves and books in memory. Names are checked by the caller. Throws {@link Fault}. */
export class Store {
  readonly #shelves = new Map<string, Shelf>(seedShelves.map((s) => [s.name ?? '', s]));
  readonly #books = new Map<string, Book>(seedBooks.map((b) => [b.name ?? '', b]));
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #now: () => number;
  #nextId = 1;

  /** @param now milliseconds since 1970, for `create_time` and `due_time` */
  constructor(now: () => number) {
    this.#now = now;
  }

  shelves(): readonly Shelf[] {
    return [...this.#shelves.keys()].sort().map((name) => this.shelf(name));
  }

  shelf(name: string): Shelf {
    const shelf = this.#shelves.get(name);
    if (shelf === undefined) throw notFound('SHELF', name);
    return { ...shelf, book_count: this.books(name).length };
  }

  createShelf(shelf: Shelf, id: string | undefined): Shelf {
    const theme = shelf.theme ?? '';
    if (theme === '' || theme.length > 100) throw invalid({ 'shelf.theme': 'must have 1 to 100 characters' });
    const name = `shelves/${assertId(id, 'shelf_id', this.#nextId)}`;
    if (this.#shelves.has(name)) throw alreadyExists('SHELF', name);
    this.#nextId++;
    this.#shelves.set(name, { name, theme });
    return this.shelf(name);
  }

  deleteShelf(name: string, force: boolean): void {
    this.shelf(name);
    const books = this.books(name);
    if (books.length > 0 && !force)
      throw failedPrecondition('SHELF_NOT_EMPTY', name, `shelf "${name}" holds ${books.length} books; "force" removes them as well`);
    for (const book of books) this.deleteBook(book.name ?? '');
    this.#shelves.delete(name);
  }

  /** In order of their names; of all shelves if none is named. */
  books(shelf?: string): readonly Book[] {
    const books = [...this.#books.values()].filter((b) => shelf === undefined || shelfOf(b.name ?? '') === shelf);
    return books.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  }

  book(name: string): Book {
    const book = this.#books.get(name);
    if (book === undefined) throw notFound('BOOK', name);
    return book;
  }

  bookByIsbn(isbn: string): Book {
    if (!/^\d{13}$/.test(isbn)) throw invalid({ isbn: 'must have 13 digits' });
    const book = [...this.#books.values()].find((b) => b.isbn === isbn);
    if (book === undefined) throw notFound('BOOK', `isbn/${isbn}`);
    return book;
  }

  createBook(shelf: string, book: Book, id: string | undefined): Book {
    this.shelf(shelf);
    assertBook(book);
    const name = `${shelf}/books/${assertId(id, 'book_id', this.#nextId)}`;
    if (this.#books.has(name)) throw alreadyExists('BOOK', name);
    this.#nextId++;
    const { loan: _, ...given } = book;
    const stored = { ...given, name, create_time: timestamp(this.#now()) };
    this.#books.set(name, stored);
    this.#tell(shelf, { created: stored });
    return stored;
  }

  updateBook(change: Book, paths: readonly string[]): Book {
    const changed = applyMask(this.book(change.name ?? ''), { ...change }, paths);
    assertBook(changed);
    return this.#replace(changed);
  }

  deleteBook(name: string): void {
    this.book(name);
    this.#books.delete(name);
    this.#tell(shelfOf(name), { removed: name });
  }

  /** @param days how long, 1 to 90 */
  borrow(name: string, reader: string, days: number): Loan {
    const book = this.book(name);
    if (book.loan !== undefined) throw failedPrecondition('BOOK_BORROWED', name, `book "${name}" is borrowed by ${book.loan.reader}`);
    const loan = { reader, due_time: timestamp(this.#now() + days * 86_400_000) };
    this.#replace({ ...book, loan });
    return loan;
  }

  giveBack(name: string): Book {
    const { loan, ...book } = this.book(name);
    if (loan === undefined) throw failedPrecondition('BOOK_NOT_BORROWED', name, `nobody has borrowed book "${name}"`);
    return this.#replace(book);
  }

  move(name: string, shelf: string): Book {
    const book = this.book(name);
    this.shelf(shelf);
    const moved = { ...book, name: `${shelf}/books/${idOf(name)}` };
    if (this.#books.has(moved.name)) throw alreadyExists('BOOK', moved.name);
    this.deleteBook(name);
    this.#books.set(moved.name, moved);
    this.#tell(shelf, { created: moved });
    return moved;
  }

  /** Tells `watcher` what happens on a shelf until the function that is returned is called. */
  watch(shelf: string, watcher: Watcher): () => void {
    this.shelf(shelf);
    const watchers = this.#watchers.get(shelf) ?? new Set();
    this.#watchers.set(shelf, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(shelf);
    };
  }

  #replace(book: Book): Book {
    this.#books.set(book.name ?? '', book);
    this.#tell(shelfOf(book.name ?? ''), { updated: book });
    return book;
  }

  #tell(shelf: string, event: BookEvent): void {
    for (const watcher of this.#watchers.get(shelf) ?? []) watcher(event);
  }
}

function assertBook(book: Book): void {
  const violations: Record<string, string> = {};
  const title = book.title ?? '';
  if (title === '' || title.length > 200) violations['book.title'] = 'must have 1 to 200 characters';
  if (book.isbn !== undefined && !/^(\d{13})?$/.test(book.isbn)) violations['book.isbn'] = 'must have 13 digits';
  if (book.rating !== undefined && (book.rating < 1 || book.rating > 5)) violations['book.rating'] = 'must be 1 to 5';
  if (Object.keys(violations).length > 0) throw invalid(violations);
}

function timestamp(ms: number) {
  return { seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}
