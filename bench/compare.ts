// Compares two result files of the gateway benchmark: `npm run bench:compare BEFORE AFTER`. Ends with 1 if CPU time has grown.
import { readFileSync } from 'node:fs';
import { type Change, changes } from './gateway/changes.js';
import type { Results } from './gateway/results.js';

const [before, after] = process.argv.slice(2);
if (before === undefined || after === undefined) {
  console.error('usage: npm run bench:compare BEFORE AFTER');
  process.exit(2);
}
const read = (file: string): Results => JSON.parse(readFileSync(file, 'utf8'));
const found = changes(read(before), read(after));
for (const change of found) console.log(lineOf(change));
if (found.length === 0) console.log('No figure has changed by more than 5 %.');
process.exitCode = found.some(({ figure, factor }) => figure.startsWith('CPU') && factor > 1) ? 1 : 0;

function lineOf({ target, case: name, figure, before, after, factor }: Change): string {
  const percent = Math.round((factor - 1) * 100);
  return `${target}, ${name}: ${figure} ${before.toFixed(2)} -> ${after.toFixed(2)} (${percent > 0 ? '+' : ''}${percent} %)`;
}
