import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'tap';
import { parse } from 'yaml';
import { type Config, type ConfigInput, parseConfig } from '../../../gateway/config/config.js';
import { printInputType } from '../../../gateway/config/input-type.js';
import { configKeys } from '../../../gateway/config/keys.js';
import { policyDefaults } from '../../../gateway/config/policy.js';
import { editorSchema, printReference } from '../../../gateway/config/reference.js';
import { fileIsGenerated, partIsGenerated } from '../../house/generated.js';

const page = 'docs/configuration.md';

function formatted(file: string, text: string): string {
  return execFileSync('node_modules/.bin/biome', ['format', `--stdin-file-path=${file}`], { input: text, encoding: 'utf8' });
}

test('the reference table is that of the schema', (t) => {
  partIsGenerated(t, page, 'keys', printReference());
  t.end();
});

test("the editor's JSON Schema is that of the schema", (t) => {
  const file = 'docs/configuration.schema.json';
  fileIsGenerated(t, file, formatted(file, JSON.stringify(editorSchema())));
  t.end();
});

test('the type of what a user writes is that of the schema', (t) => {
  const file = 'gateway/config/input.ts';
  fileIsGenerated(t, file, formatted(file, printInputType()));
  // Compiles: what was checked can be written.
  const written = (config: Config): ConfigInput => config;
  t.type(written, 'function');
  t.end();
});

test('every key says what it means, and every pattern what it wants', (t) => {
  for (const { key, term } of configKeys()) {
    t.match(term.description, /.\.$/, `${key} has a description`);
    if ('pattern' in term) t.type(term.expected, 'string', `${key} says what is expected`);
  }
  t.end();
});

test('every policy setting has its default in the reference', (t) => {
  const documented = configKeys().flatMap(({ key, term }) =>
    key.startsWith('policies[].') && key !== 'policies[].select' ? [[key.slice(11), term.fallback]] : [],
  );
  t.strictSame(Object.fromEntries(documented), policyDefaults);
  t.end();
});

test("the page's example is valid, for the gateway and for an editor", (t) => {
  const example: unknown = parse(/```yaml\n(.*?)```/s.exec(readFileSync(page, 'utf8'))?.[1] ?? '');
  const parsed = parseConfig(example);
  t.strictSame(parsed.ok || parsed.problems, true);
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(editorSchema());
  t.ok(validate(example));
  t.notOk(validate({ listem: 'x' }));
  t.end();
});
