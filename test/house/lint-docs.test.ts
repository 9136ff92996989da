import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Test, test } from 'tap';
import { DUPLICATE } from '../../annotations/compile.js';
import { selectorFaults } from '../../annotations/external-rules.js';
import { ruleNames } from '../../annotations/lint/lint.js';
import { faults } from '../../annotations/rule.js';
import { outcomeOf } from '../gateway/cli/outcome.js';
import { fileIsGenerated } from './generated.js';
import { blocksOf } from './markdown.js';

const file = 'docs/lint.md';
const page = readFileSync(file, 'utf8');
const [intro = '', ...parts] = page.split(/^(?=### )/m);
const [header = ''] = blocksOf(intro, 'proto');
const errors: readonly string[] = [...faults, DUPLICATE, ...selectorFaults];

const nameOf = (part: string) => /^### `(.*)`/.exec(part)?.[1] ?? '';

interface Found {
  readonly severity: string;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What check says of an example, and of rules beside it. */
async function check(t: Test, example: string, rules: string | undefined): Promise<readonly Found[]> {
  const folder = t.testdir({ 'example.proto': `${header}\n${example}`, 'rules.yaml': rules ?? '' });
  const { out } = await outcomeOf(
    `check --format json --proto ${join(folder, 'example.proto')}${rules === undefined ? '' : ` --rules ${join(folder, 'rules.yaml')}`}`,
  );
  const { problems }: { readonly problems: readonly Found[] } = JSON.parse(out);
  return problems.map((one) => ({ ...one, file: basename(one.file) }));
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
    const [example = '', mended = example] = blocksOf(part, 'proto');
    const [rules, mendedRules] = blocksOf(part, 'yaml');
    const found = await check(t, example, rules);
    const severity = errors.includes(rule) ? 'error' : 'warning';
    t.ok(found.length > 0 && found.every((one) => one.rule === rule && one.severity === severity), rule);
    t.strictSame(await check(t, mended, mendedRules), [], `${rule} mended`);
    const said = found.map((one) => `${one.file}:${one.line}: ${one.reason}\n`).join('');
    written.push(part.replace(/^```text\n.*?^```$/ms, () => `\`\`\`text\n${said}\`\`\``));
  }
  fileIsGenerated(t, file, written.join(''));
});
