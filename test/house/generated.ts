import { readFileSync, writeFileSync } from 'node:fs';
import type { Test } from 'tap';

/** `PROTOGATE_WRITE_DOCS=1` in the environment writes what is generated instead of comparing it. */
const write = process.env.PROTOGATE_WRITE_DOCS === '1';

/** A whole file is generated: compares it, or writes it. */
export function fileIsGenerated(t: Test, file: string, text: string): void {
  if (write) writeFileSync(file, text);
  t.equal(readFileSync(file, 'utf8'), text, `${file} is up to date (PROTOGATE_WRITE_DOCS=1 npm test writes it)`);
}

/** The part of a file between `<!-- generated: NAME -->` and `<!-- end -->` is generated: compares it, or writes it. */
export function partIsGenerated(t: Test, file: string, name: string, text: string): void {
  const whole = readFileSync(file, 'utf8');
  const opening = `<!-- generated: ${name} -->\n`;
  const start = whole.indexOf(opening) + opening.length;
  const end = whole.indexOf('<!-- end -->', start);
  if (start < opening.length || end < 0) throw new Error(`${file} has no part "${name}"`);
  fileIsGenerated(t, file, `${whole.slice(0, start)}${text}\n${whole.slice(end)}`);
}
