/** Longest word that is compared. */
const longest = 60;

/** A word of so few letters is another word when two of them are. */
const SHORT = 5;

/**
 * The known word that `word` most likely stands for, if any is close, case aside.
 *
 * @param share one letter in so many may be wrong, and one of a word of up to five; more than the default where there are many words
 */
export function nearest(word: string, known: Iterable<string>, share = 2): string | undefined {
  let best: string | undefined;
  const few = Math.floor(Math.min(word.length, longest) / share);
  let bestDistance = (word.length <= SHORT ? Math.min(few, 1) : few) + 1;
  const letters = word.slice(0, longest).toLowerCase();
  for (const candidate of known) {
    if (Math.abs(candidate.length - letters.length) >= bestDistance) continue;
    const d = distance(letters, candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** Optimal string alignment: insertions, deletions, replacements of one letter, and swaps of two neighbours. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = cell(row, j) + (a[i] === b[j] ? 0 : 1);
      const swapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j] ? cell(before, j - 1) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, cell(row, j + 1) + 1, cell(next, j) + 1));
    }
    [before, row] = [row, next];
  }
  return cell(row, b.length);
}

const cell = (row: readonly number[], index: number): number => row[index] ?? Infinity;
