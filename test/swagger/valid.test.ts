import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import t, { type Test } from 'tap';
import { compileBindings } from '../../annotations/compile.js';
import { printProblem } from '../../proto/problem.js';
import { createDocument } from '../../swagger/document.js';
import { packageFolder } from '../proto/text/oracle.js';
import { skipUnless } from '../support/require.js';
import { library } from './library.js';
import { type Json, sampleOf, schemaOf } from './sample.js';

async function isValid(t: Test, json: Json, version: string): Promise<void> {
  const validator = new Validator();
  t.same(await validator.validate(structuredClone(json)), { valid: true });
  t.equal(validator.version, version);
}

for (const version of ['3.1', '3.0'] as const) {
  t.test(`a document of version ${version} is valid`, async (t) => {
    for (const print of [
      { protoNames: false, int64: 'string' },
      { protoNames: true, int64: 'number' },
    ] as const) {
      const { json, warnings } = sampleOf(library, { version, print, servers: [{ url: '.' }], errors: () => 'google' });
      await isValid(t, json, version);
      t.same(warnings, []);
    }
  });
}

/** Folders of googleapis: long names, nested captures, `**`, recursive types, streams. */
const folders = ['google/firestore/v1', 'google/logging/v2', 'google/pubsub/v1', 'google/spanner/v1', 'google/devtools/build/v1'];

t.test('documents of APIs of Google are valid', async (t) => {
  const root = packageFolder('google-proto-files');
  if (!skipUnless(t, root !== undefined, 'npm package google-proto-files') || root === undefined) return;
  const names = folders.flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`));
  const protos = names.filter((name) => name.endsWith('.proto')).map((name) => [name, readFileSync(join(root, name), 'utf8')]);
  const schema = schemaOf(Object.fromEntries(protos), root);
  const compiled = compileBindings(schema, { invalidRules: 'skip', conflicts: 'error' });
  if (!compiled.ok) throw new Error(compiled.problems.map(printProblem).join('\n'));
  const bindings = compiled.value;
  t.same(
    compiled.warnings.map(({ subject }) => subject),
    ['google.firestore.v1.Firestore.ListDocuments', 'google.firestore.v1.Firestore.CreateDocument'],
    'the two with a wildcard after **, which are no legal rules',
  );
  for (const version of ['3.1', '3.0'] as const) {
    const info = { title: 'Google', version: 'v1' };
    const { bytes, warnings } = createDocument({ schema, bindings, version, info, print: { protoNames: false, int64: 'string' } });
    t.same(warnings, []);
    const json = JSON.parse(new TextDecoder().decode(bytes));
    await isValid(t, json, version);
    t.same(danglingReferences(json), []);
    const ids = [...JSON.stringify(json).matchAll(/"operationId":"(\w+)"/g)].map((match) => match[1]);
    t.equal(new Set(ids).size, bindings.length);
  }
});

function danglingReferences(json: Json): string[] {
  const references = new Set([...JSON.stringify(json).matchAll(/"\$ref":"([^"]*)"/g)].map((match) => match[1] ?? ''));
  return [...references].filter((reference) => {
    const [, components = '', kind = '', name = ''] = reference.split('/');
    return json[components]?.[kind]?.[name] === undefined;
  });
}
