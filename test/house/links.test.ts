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

test('links to a section lead to one', (t) => {
  for (const page of pages()) {
    const text = readFileSync(page, 'utf8').replaceAll(/```.*?```/gs, '');
    for (const [, file = '', section = ''] of text.matchAll(/\]\(((?!https?:)[^)\s#]*)#([^)\s]+)\)/g)) {
      const target = file === '' ? page : join(dirname(page), file);
      t.ok(sectionsOf(target).has(section), `${page}: ${file}#${section}`);
    }
  }
  t.end();
});

/** Headings of a page as GitHub makes anchors of them, and anchors of its own. */
function sectionsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(page, 'utf8').replaceAll(/```.*?```/gs, '');
  const headings = [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
  return new Set([...headings, ...[...text.matchAll(/<a (?:id|name)="([^"]+)">/g)].map(([, id = '']) => id)]);
}

test('every page of the manual is in its table of contents once, under its own name', (t) => {
  const contents = readFileSync('docs/README.md', 'utf8');
  const entries = [...contents.matchAll(/^- \[([^\]]+)\]\(([^)]+)\)/gm)].map(([, title, name]) => ({ name, title }));
  const titles = readdirSync('docs')
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => ({ name, title: /^# (.*)$/m.exec(readFileSync(join('docs', name), 'utf8'))?.[1] }));
  const byName = (a: { readonly name?: string | undefined }, b: { readonly name?: string | undefined }) =>
    (a.name ?? '') < (b.name ?? '') ? -1 : 1;
  t.strictSame(entries.toSorted(byName), titles.toSorted(byName));
  t.end();
});

test('the README leads to every page of the manual', (t) => {
  const readme = readFileSync('README.md', 'utf8');
  for (const name of readdirSync('docs')) if (name.endsWith('.md') && name !== 'README.md') t.ok(readme.includes(`(docs/${name})`), name);
  t.end();
});
