/** Plurals that no rule below gets right. */
const irregular: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['children', 'child'],
  ['men', 'man'],
  ['women', 'woman'],
  ['criteria', 'criterion'],
  ['indices', 'index'],
  ['vertices', 'vertex'],
  ['matrices', 'matrix'],
  ['analyses', 'analysis'],
  ['bases', 'base'],
  ['crises', 'crisis'],
  ['diagnoses', 'diagnosis'],
  ['shelves', 'shelf'],
  ['bookshelves', 'bookshelf'],
  ['halves', 'half'],
  ['knives', 'knife'],
  ['leaves', 'leaf'],
  ['lives', 'life'],
  ['wolves', 'wolf'],
  ['aliases', 'alias'],
  ['biases', 'bias'],
  ['canvases', 'canvas'],
  ['causes', 'cause'],
  ['clauses', 'clause'],
  ['houses', 'house'],
  ['warehouses', 'warehouse'],
  ['pauses', 'pause'],
  ['uses', 'use'],
  ['movies', 'movie'],
  ['cookies', 'cookie'],
  ['caches', 'cache'],
  ['axes', 'axis'],
]);

const invariable = new Set([
  'series',
  'species',
  'news',
  'aws',
  'gas',
  'dns',
  'tls',
  'https',
  'sms',
  'os',
  'kubernetes',
  'redis',
  'postgres',
  'has',
]);

/** First rule whose ending matches; the number of letters to drop and what to put in their place. */
const endings: readonly (readonly [ending: RegExp, drop: number, add: string])[] = [
  [/(ss|us|is)$/, 0, ''],
  [/[^aeiou]ies$/, 3, 'y'],
  [/(ss|sh|ch|x|zz)es$/, 2, ''],
  [/[^aeo]uses$/, 2, ''],
  [/s$/, 1, ''],
];

/**
 * The singular of an English noun in lower case, as resource collections are named (https://google.aip.dev/122#collection-identifiers).
 * A word that is none of the known plurals comes back as it is.
 *
 *     shelves -> shelf, entries -> entry, addresses -> address, statuses -> status, databases -> database, metadata -> metadata
 */
export function singular(noun: string): string {
  const known = irregular.get(noun);
  if (known !== undefined) return known;
  if (invariable.has(noun)) return noun;
  for (const [ending, drop, add] of endings) {
    if (ending.test(noun)) return noun.slice(0, noun.length - drop) + add;
  }
  return noun;
}
