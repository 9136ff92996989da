import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { loadConfig } from '../../../gateway/config/config.js';
import { tooDeepLine } from '../../../gateway/config/depth.js';
import { printProblem } from '../../../proto/problem.js';

test('a problem in a file has line and column', async (t) => {
  const file = join(
    t.testdir({
      'protogate.yaml':
        'listen: x\nupstreams:\n  default:\n    target: localhost:1\n    tsl: {}\npolicies:\n  - select: "*"\n    idleMs: -1\n  - {}\n',
    }),
    'protogate.yaml',
  );
  const loaded = await loadConfig(file);
  t.strictSame(loaded.ok || loaded.problems.map((p) => printProblem(p).replace(file, 'FILE')), [
    'FILE:1:9: listen: expected HOST:PORT, unix:/PATH or systemd, got "x"',
    'FILE:5:5: upstreams.default.tsl: unknown key; did you mean "tls"?',
    'FILE:8:13: policies[0].idleMs: expected a whole number from 1 to 2147483647, got -1',
    'FILE:9:5: policies[1]: lacks the key "select"',
  ]);
});

test('a file may be YAML, JSON or empty', async (t) => {
  const folder = t.testdir({
    'a.yaml': 'sources: {protos: [x]}\n',
    'a.json': '{"sources": {"protos": ["x"]}}',
    'empty.yaml': '# nothing\n',
  });
  for (const name of ['a.yaml', 'a.json']) {
    const loaded = await loadConfig(join(folder, name));
    t.strictSame(loaded.ok && loaded.value.sources.protos, [join(folder, 'x')], name);
  }
  t.ok((await loadConfig(join(folder, 'empty.yaml'))).ok);
});

const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((c, i) => `${c}: &${c} [${`*${'abcdefg'[i]},`.repeat(10)}]\n`).join('')}`;

test('a file that cannot be read is refused with the reason', async (t) => {
  const folder = t.testdir({
    'syntax.yaml': 'a: [1\nb: 2\n',
    'twice.yaml': 'listen: a:1\nlisten: b:1\n',
    'bytes.yaml': Buffer.from([0x61, 0x3a, 0xff]),
    'large.yaml': `# ${'x'.repeat(1024 * 1024)}`,
    'bomb.yaml': bomb,
    'deep.yaml': `a: ${'['.repeat(500_000)}`,
    'items.yaml': `a:\n${'- '.repeat(102)}x`,
    'alias.yaml': 'listen: *nowhere\n',
    'two.yaml': 'listen: a:1\n---\nlisten: b:1\n',
  });
  mkdirSync(join(folder, 'folder.yaml'));
  writeFileSync(join(folder, 'proto.yaml'), '__proto__: {listen: "a:1"}\n');
  const rows = [
    ['missing.yaml', 'configuration file: does not exist'],
    ['folder.yaml', 'configuration file: is a folder, expected a file'],
    ['bytes.yaml', 'configuration file: is not UTF-8 text'],
    ['large.yaml', 'configuration file: is larger than 1048576 bytes'],
    ['deep.yaml', '1:1: configuration file: is nested too deep'],
    ['items.yaml', '2:1: configuration file: is nested too deep'],
    ['alias.yaml', 'configuration file: has too many aliases, or one of something that is not there'],
    ['bomb.yaml', 'configuration file: has too many aliases, or one of something that is not there'],
    ['proto.yaml', '1:1: __proto__: unknown key'],
  ] as const;
  for (const [name, reason] of rows) {
    const loaded = await loadConfig(join(folder, name));
    const [problem] = loaded.ok ? [] : loaded.problems;
    t.equal(
      problem &&
        printProblem(problem)
          .slice(folder.length + name.length + 2)
          .trim(),
      reason,
      name,
    );
  }
  for (const [name, line] of [
    ['syntax.yaml', 2],
    ['twice.yaml', 2],
    ['two.yaml', 2],
  ] as const) {
    const loaded = await loadConfig(join(folder, name));
    t.match(loaded, { ok: false, problems: [{ line, reason: /^is not valid YAML: / }] }, name);
  }
});

test('nesting is counted by brackets and indentation, not by what texts hold', (t) => {
  const rows = [
    ['a: [[1]]\nb:\n  - - {c: d}\n', undefined],
    [`a: "${'['.repeat(500)}"`, undefined],
    [`a: |\n  ${'- '.repeat(500)}\n`, undefined],
    [`a: ${'[], '.repeat(1)}\n${'x'.repeat(500)}: [1]`, undefined],
    [`{"a": [${'{"b": 1},'.repeat(500)} {}]}`, undefined],
    [`a:\n${Array.from({ length: 250 }, (_, i) => `${' '.repeat(i + 1)}a:`).join('\n')}`, 202],
    [`# x\n\n${'{a: '.repeat(201)}`, 3],
    [`? `.repeat(200), 1],
  ] as const;
  for (const [text, line] of rows) t.equal(tooDeepLine(text), line, text.slice(0, 20));
  t.end();
});
