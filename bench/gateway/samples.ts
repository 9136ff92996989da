/** The values that the backend answers with, as ProtoJSON objects. No field holds its default: gateways differ in whether they print those. */

const words = 'the quick brown fox jumps over a lazy dog while seven wizards make toxic brew for the evil queen and jack'.split(' ');
const phrase = (seed: number, count: number) => Array.from({ length: count }, (_, i) => words[(seed * 7 + i * 3) % words.length]).join(' ');

/** A book of about 0.2 KB on the wire and 0.4 KB as JSON. */
export function book(i: number): Record<string, unknown> {
  return {
    name: `shelves/lantern/books/${1000 + i}`,
    title: phrase(i, 6),
    isbn: `978-0-${100_000 + i * 37}-0`,
    author: { displayName: phrase(i, 3), birthYear: 1900 + (i % 100) },
    genre: i % 2 === 0 ? 'FICTION' : 'SCIENCE',
    pageCount: 100 + i * 3,
    copiesSold: String(9_000_000_000 + i),
    listPrice: (999 + i * 25) / 100,
    available: true,
    tags: [phrase(i, 1), phrase(i + 1, 1), phrase(i + 2, 1)],
    coverThumbnail: Buffer.from(Uint8Array.from({ length: 60 }, (_, n) => (n * 31 + i) & 255)).toString('base64'),
    publicationYear: 1950 + (i % 70),
    revision: String(1_700_000_000_000 + i),
  };
}

/** A book of 0.3 KB as JSON. */
export const smallBook = { ...book(1), title: phrase(1, 3), tags: [phrase(1, 1)], coverThumbnail: undefined };

/** A book of 0.5 KB as JSON. */
export const largeBook = { ...book(2), title: phrase(2, 29) };

export const bookList = { books: Array.from({ length: 100 }, (_, i) => book(i)), nextPageToken: 'b2Zmc2V0PTEwMA' };

const sentence = 'Ein Buch über Bücher, geschrieben von einer Autorin aus Zürich. ';

/** 64 KB, mostly ASCII. */
export const text = { text: sentence.repeat(Math.ceil(65_536 / Buffer.byteLength(sentence))) };
