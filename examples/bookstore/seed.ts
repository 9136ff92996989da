import type { Book, Shelf } from './messages.js';

/** Midnight UTC of a day. */
const day = (date: string) => ({ seconds: String(Date.parse(`${date}T00:00:00Z`) / 1000) });

const onShelf = (shelf: string, id: string, book: Omit<Book, 'name'>): Book => ({
  name: `shelves/${shelf}/books/${id}`,
  create_time: day('2024-03-01'),
  ...book,
});

/** What the store holds when it opens: always the same. */
export const seedShelves: readonly Shelf[] = [
  { name: 'shelves/fiction', theme: 'Novels and stories' },
  { name: 'shelves/science', theme: 'How the world works' },
];

/** The books on the shelves of {@link seedShelves}. */
export const seedBooks: readonly Book[] = [
  onShelf('fiction', 'frankenstein', {
    title: 'Frankenstein',
    subtitle: { value: 'The Modern Prometheus' },
    authors: [{ name: 'Mary Shelley', born: 1797 }],
    genre: 'FICTION',
    isbn: '9780141439471',
    publish_time: day('1818-01-01'),
    rating: 5,
    price: 8.5,
    copies_sold: '9007199254740993',
    labels: { language: 'en', century: '19' },
    print: { pages: 273 },
  }),
  onShelf('fiction', 'moby-dick', {
    title: 'Moby-Dick',
    subtitle: { value: 'The Whale' },
    authors: [{ name: 'Herman Melville', born: 1819 }],
    genre: 'FICTION',
    isbn: '9780142437247',
    publish_time: day('1851-10-18'),
    rating: 4,
    price: 12,
    copies_sold: '3200',
    labels: { language: 'en' },
    audio: { length: { seconds: '88200' }, narrator: 'Frank Muller' },
  }),
  onShelf('fiction', 'the-time-machine', {
    title: 'The Time Machine',
    authors: [{ name: 'H. G. Wells', born: 1866 }],
    genre: 'FICTION',
    isbn: '9780141439976',
    publish_time: day('1895-05-07'),
    price: 6.25,
    copies_sold: '12000',
    print: { pages: 104, hardcover: true },
  }),
  onShelf('science', 'micrographia', {
    title: 'Micrographia',
    authors: [{ name: 'Robert Hooke', born: 1635 }],
    genre: 'SCIENCE',
    isbn: '9780486495644',
    publish_time: day('1665-01-01'),
    price: 29.95,
    thumbnail: new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
    print: { pages: 273, hardcover: true },
  }),
  onShelf('science', 'on-the-origin-of-species', {
    title: 'On the Origin of Species',
    authors: [{ name: 'Charles Darwin', born: 1809 }],
    genre: 'SCIENCE',
    isbn: '9780140439120',
    publish_time: day('1859-11-24'),
    rating: 5,
    price: 11,
    copies_sold: '120000',
    labels: { language: 'en' },
    print: { pages: 477 },
  }),
];
