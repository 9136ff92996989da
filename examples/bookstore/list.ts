import { invalid } from './fault.js';
import type { Book, ListBooksRequest, ListBooksResponse } from './messages.js';
import { assertShelfName } from './names.js';
import type { Store } from './store.js';

const defaultPage = 10;
const largestPage = 100;

/** One page of books that fit the filters. The token says after which name to go on, so that changes in between neither repeat nor skip books. */
export function listBooks(store: Store, request: ListBooksRequest): ListBooksResponse {
  const { parent, page_size = 0, page_token = '' } = request;
  const shelf = parent === undefined || parent === '' ? undefined : assertShelfName(parent, 'parent');
  if (shelf !== undefined) store.shelf(shelf);
  if (page_size < 0) throw invalid({ page_size: 'must not be negative' });
  const all = store.books(shelf).filter((book) => fits(book, request));
  const after = nameIn(page_token);
  const rest = all.filter((book) => (book.name ?? '') > after);
  const books = rest.slice(0, Math.min(page_size === 0 ? defaultPage : page_size, largestPage));
  const last = books.at(-1)?.name ?? '';
  const more = rest.length > books.length;
  return { books, next_page_token: more ? Buffer.from(last).toString('base64url') : '', total_size: all.length };
}

function fits(book: Book, { genres = [], published_after, available }: ListBooksRequest): boolean {
  if (genres.length > 0 && !genres.includes(book.genre ?? 'GENRE_UNSPECIFIED')) return false;
  if (published_after !== undefined && Number(book.publish_time?.seconds ?? '-Infinity') <= Number(published_after.seconds ?? 0))
    return false;
  return available !== true || book.loan === undefined;
}

function nameIn(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (token !== '' && !name.startsWith('shelves/')) throw invalid({ page_token: 'is not one that this store has made' });
  return name;
}
