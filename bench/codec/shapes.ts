/** A message of one shape, as the plain object that protobufjs takes. */
export interface Shape {
  readonly name: string;
  readonly type: string;
  readonly value: Record<string, unknown>;
}

const words = 'the quick brown fox jumps over a lazy dog while seven wizards make toxic brew for the evil queen and jack'.split(' ');
const phrase = (seed: number, count: number) => Array.from({ length: count }, (_, i) => words[(seed * 7 + i * 3) % words.length]).join(' ');

function book(i: number): Record<string, unknown> {
  return {
    name: `publishers/lantern/books/${1000 + i}`,
    title: phrase(i, 9),
    isbn: `978-0-${100_000 + i * 37}-0`,
    author: { name: phrase(i, 4), bornYear: 1900 + (i % 100) },
    genre: 1 + (i % 2),
    pageCount: 100 + i * 3,
    copiesPrinted: String(9_000_000_000 + i),
    listPrice: (999 + i * 25) / 100,
    available: true,
    tags: [phrase(i, 1), phrase(i + 1, 1), phrase(i + 2, 1)],
    coverImage: Uint8Array.from({ length: 48 }, (_, n) => (n * 31 + i) & 255),
  };
}

const european = 'Ein Buch über Bücher, geschrieben von einer Autorin aus Zürich. ';
const japanese = '日本語のテキスト、書籍の説明。';
const fill = (text: string, bytes: number) => text.repeat(Math.ceil(bytes / Buffer.byteLength(text)));

/** The five shapes, from one where calls dominate to one where bytes do. */
export const shapes: readonly Shape[] = [
  { name: '2 fields', type: 'bench.Small', value: { name: 'books/1', count: 42 } },
  { name: '11 mixed fields', type: 'bench.Book', value: book(1) },
  {
    name: 'list of 100 books',
    type: 'bench.Books',
    value: { books: Array.from({ length: 100 }, (_, i) => book(i)), nextPageToken: 'b2Zmc2V0PTEwMA' },
  },
  { name: 'strings of 64 KB', type: 'bench.Texts', value: { texts: [fill(european, 65_536), fill(japanese, 65_536)] } },
  {
    name: 'packed numbers and maps',
    type: 'bench.Numbers',
    value: {
      ids: Array.from({ length: 1000 }, (_, i) => (i * 7919) % 100_000),
      prices: Array.from({ length: 500 }, (_, i) => (i * 125) / 100),
      deltas: Array.from({ length: 500 }, (_, i) => String((i % 2 === 0 ? 1 : -1) * i * 1_000_003)),
      counts: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key-${i}`, i])),
      labels: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [i, `label ${i}`])),
    },
  },
];
