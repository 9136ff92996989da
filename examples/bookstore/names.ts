import { invalid } from './fault.js';

const shelfName = /^shelves\/[a-z0-9-]{1,40}$/;
const bookName = /^(shelves\/[a-z0-9-]{1,40})\/books\/[a-z0-9-]{1,40}$/;

/** Checks the name of a shelf; `field` is where the caller wrote it. */
export function assertShelfName(name: string | undefined, field: string): string {
  if (name !== undefined && shelfName.test(name)) return name;
  throw invalid({ [field]: 'must look like shelves/{shelf}' });
}

/** Checks the name of a book; `field` is where the caller wrote it. */
export function assertBookName(name: string | undefined, field: string): string {
  if (name !== undefined && bookName.test(name)) return name;
  throw invalid({ [field]: 'must look like shelves/{shelf}/books/{book}' });
}

/** Checks the last part of a name that the caller chose, or takes the number that is given. */
export function assertId(id: string | undefined, field: string, otherwise: number): string {
  if (id === undefined || id === '') return String(otherwise);
  if (/^[a-z0-9-]{1,40}$/.test(id)) return id;
  throw invalid({ [field]: 'must be 1 to 40 lower-case letters, digits and dashes' });
}

/** The shelf that a book is on. */
export function shelfOf(book: string): string {
  return bookName.exec(book)?.[1] ?? '';
}

/** The last part of a name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
