/** Longer names are not compared: the work grows with the product of the lengths. */
const LONGEST = 64;

/** The name that `given` is nearly, in any letter case; undefined if it is like none. */
export function nearestName(given: string, names: Iterable<string>): string | undefined {
  if (given.length > LONGEST) return undefined;
  const letters = given.toLowerCase();
  let best: string | undefined;
  let least = Math.floor(letters.length / 3) + 1;
  for (const name of names) {
    const edits = distance(letters, name.toLowerCase(), least);
    if (edits < least) {
      least = edits;
      best = name;
    }
  }
  return best;
}

/** Letters to add, drop or change (Levenshtein), or `limit` if there are at least so many. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || b.length > LONGEST) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
