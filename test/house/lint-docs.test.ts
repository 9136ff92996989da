import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { DUPLICATE } from '../../annotations/compile.js';
import { ruleNames } from '../../annotations/lint/lint.js';
import { faults } from '../../annotations/rule.js';
import { outcomeOf } from '../gateway/cli/outcome.js';
import { fileIsGenerated } from './generated.js';
import { blocksOf } from './markdown.js';

const file = 'docs/lint.md';
const page = readFileSync(file, 'utf8');
const [intro = '', ...parts] = page.split(/^(?=### )/m);
const [header = ''] = blocksOf(intro, 'proto');
const errors: readonly string[] = [...faults, DUPLICATE];

const nameOf = (part: string) => /^### `(.*)`/.exec(part)?.[1] ?? '';

interface Found {
  readonly severity: string;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What check says of an example. */
async function check(t: Test, example: string): Promise<readonly Found[]> {
  const proto = join(t.testdir({ 'example.proto': `${header}\n${example}` }), 'example.proto');
  const { out } = await outcomeOf(`check --format json --proto ${proto}`);
  return JSON.parse(out).problems;
}

test('the page has a part for each rule, errors first, and names all of them in its table', (t) => {
  t.strictSame(parts.map(nameOf), [...errors, ...ruleNames]);
  const linked = [...intro.matchAll(/\[`([a-z-]+)`\]\(#([a-z-]+)\)/g)].map(([, name, anchor]) => [name, anchor]);
  t.strictSame(linked.sort(), [...errors, ...ruleNames].map((name) => [name, name]).sort());
  t.end();
});

test('each example gives its rule and nothing else, the mended one nothing', async (t) => {
  const written: string[] = [intro];
  for (const part of parts) {
    const rule = nameOf(part);
    const [example = '', mended = ''] = blocksOf(part, 'proto');
    const found = await check(t, example);
    const severity = errors.includes(rule) ? 'error' : 'warning';
    t.ok(found.length > 0 && found.every((one) => one.rule === rule && one.severity === severity), rule);
    t.strictSame(await check(t, mended), [], `${rule} mended`);
    const said = found.map((one) => `${one.file}:${one.line}: ${one.reason}\n`).join('');
    written.push(part.replace(/^```text\n.*?^```$/ms, () => `\`\`\`text\n${said}\`\`\``));
  }
  fileIsGenerated(t, file, written.join(''));
});
