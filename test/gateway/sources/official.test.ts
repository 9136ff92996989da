import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { loadSources } from '../../../gateway/sources/load.js';
import { link } from '../../../proto/link.js';
import { printProblem } from '../../../proto/problem.js';
import type { SourceFiles } from '../../../proto/schema.js';

const protosIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.proto'));

/** Of these folders all that googleapis has is there. */
const whole = ['type', 'longrunning'];

test('the official protos are those of googleapis and protoc, unmodified', (t) => {
  for (const folder of ['api', 'rpc', ...whole]) {
    const [here, there] = [join('proto/google', folder), join('node_modules/google-proto-files/google', folder)];
    for (const name of protosIn(here)) t.equal(readFileSync(join(here, name), 'utf8'), readFileSync(join(there, name), 'utf8'), name);
    if (whole.includes(folder)) t.strictSame(protosIn(here), protosIn(there));
  }
  for (const name of protosIn('proto/google/protobuf')) {
    const [here, there] = ['proto', 'node_modules/protoc/include'].map((root) => readFileSync(join(root, 'google/protobuf', name), 'utf8'));
    t.equal(here, there, name);
  }
  t.end();
});

test('the annotations of others have their licences beside them, and those of googleapis are unmodified', (t) => {
  for (const folder of ['buf/validate', 'validate', 'gogoproto', 'cosmos_proto'])
    t.match(readFileSync(`proto/third_party/${folder}/LICENSE`, 'utf8'), /Apache License|Redistributions of source code/, folder);
  for (const version of ['v1alpha1', 'v1beta1']) {
    const there = join('node_modules/google-proto-files/google/api/expr', version);
    for (const name of protosIn(there))
      t.equal(readFileSync(`proto/third_party/google/api/expr/${version}/${name}`, 'utf8'), readFileSync(join(there, name), 'utf8'), name);
  }
  t.end();
});

test('docs/sources.md names the official protos', (t) => {
  const manual = readFileSync('docs/sources.md', 'utf8');
  const [, paragraph = ''] = /(\*\*The official protos\*\*.*?)\n\n/s.exec(manual) ?? [];
  for (const folder of ['api', 'rpc', 'longrunning', 'type', 'protobuf']) t.ok(paragraph.includes(`\`google/${folder}\``), folder);
  for (const folder of ['api', 'rpc', 'longrunning']) {
    const [, names = ''] = new RegExp(`\`google/${folder}\`\\s+\\(([^)]*)\\)`).exec(paragraph) ?? [];
    t.strictSame(
      names.split(/,\s+/).sort(),
      protosIn(`proto/google/${folder}`)
        .map((name) => name.replace('.proto', ''))
        .sort(),
      folder,
    );
  }
  t.end();
});

const proto = (name: string) => readFileSync(join('proto', name), 'utf8');
const operations = 'google/longrunning/operations.proto';
const jobs = `syntax = "proto3"; package jobs; import "${operations}"; import "google/type/money.proto";
  service Jobs { rpc Start(Job) returns (google.longrunning.Operation); }
  message Job { google.type.Money price = 1; }`;

/** Names of the services that a folder brings, and beside it a server that offers some. */
async function servicesOf(folder: string, offered: readonly string[] = []): Promise<readonly string[]> {
  const loaded = await loadSources({ protos: [folder], importPaths: [], descriptorSets: [] });
  const server: SourceFiles = { origin: 'server', version: '', files: [], offer: { by: 'jobs', services: offered } };
  const linked = link(loaded.ok ? [...loaded.value, server] : []);
  return linked.ok ? linked.value.services.map(({ name }) => name) : linked.problems.map(printProblem);
}

test('a service of the official protos is there where another source has it', async (t) => {
  const folder = t.testdir({ 'jobs.proto': jobs });
  t.strictSame(await servicesOf(folder), ['jobs.Jobs']);
  t.strictSame(await servicesOf(folder, ['google.longrunning.Operations']), ['google.longrunning.Operations', 'jobs.Jobs']);
  const copied = t.testdir({ 'jobs.proto': jobs, google: { longrunning: { 'operations.proto': proto(operations) } } });
  t.strictSame(await servicesOf(copied), ['google.longrunning.Operations', 'jobs.Jobs']);
});
