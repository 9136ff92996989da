import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'tap';

/** Markdown files of the project: those at the root, the manual, the examples. */
function pages(): readonly string[] {
  const inside = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [...readdirSync('.'), ...inside('docs'), ...inside('examples')].filter((file) => file.endsWith('.md'));
}

test('links between pages lead somewhere', (t) => {
  for (const page of pages()) {
    const text = readFileSync(page, 'utf8').replaceAll(/```.*?```/gs, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = ''] = target.split('#');
      t.ok(existsSync(join(dirname(page), file)), `${page}: ${target}`);
    }
  }
  t.end();
});

test('every page of the manual is in its table of contents', (t) => {
  const contents = readFileSync('docs/README.md', 'utf8');
  for (const name of readdirSync('docs')) if (name.endsWith('.md') && name !== 'README.md') t.ok(contents.includes(`(${name})`), name);
  t.end();
});
