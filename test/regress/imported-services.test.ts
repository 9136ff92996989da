import { join } from 'node:path';
import { type Test, test } from 'tap';
import { loadSources } from '../../gateway/sources/load.js';
import { link } from '../../proto/link.js';
import { printProblem } from '../../proto/problem.js';

const rule = (path: string) => `option (google.api.http) = { get: "${path}" };`;
const service = (name: string, more = '') => `syntax = "proto3";
package ${name.toLowerCase()};
import "google/api/annotations.proto";
${more}
service ${name} { rpc Get(Thing) returns (Thing) { ${rule(`/${name}`)} } }
message Thing { string id = 1; }
`;
const files = {
  a: { 'a.proto': service('Shop', 'import "b.proto"; message Uses { billing.Thing thing = 1; }') },
  b: { 'b.proto': service('Billing') },
};

/** Names of the services of a schema and what was said of it, with the test folder as DIR. */
async function services(
  t: Test,
  protos: readonly string[],
  importPaths: readonly string[],
  lay: object = files,
  sets: readonly string[] = [],
) {
  const folder = t.testdir({ ...lay });
  const at = (path: string) => join(folder, path);
  const loaded = await loadSources({ protos: protos.map(at), importPaths: importPaths.map(at), descriptorSets: sets.map(at) });
  if (!loaded.ok) return { services: [], said: loaded.problems.map(printProblem) };
  const linked = link(loaded.value);
  if (!linked.ok) return { services: [], said: linked.problems.map(printProblem) };
  t.ok(linked.value.message('billing.Thing') ?? linked.value.message('shop.Thing'), 'types of imported files are there');
  const said = loaded.warnings.map((problem) => printProblem(problem).replaceAll(`${folder}/`, ''));
  return { services: linked.value.services.map(({ name }) => name), said };
}

test('services of a file that is only imported are not served', async (t) => {
  t.strictSame(await services(t, ['a'], ['b']), { services: ['shop.Shop'], said: [] });
  t.strictSame(await services(t, ['a/a.proto'], ['b']), { services: ['shop.Shop'], said: [] });
});

test('a file that is named is served, whoever imports it', async (t) => {
  const both = { services: ['shop.Shop', 'billing.Billing'], said: [] };
  t.strictSame(await services(t, ['a', 'b'], []), both);
  t.strictSame(await services(t, ['a/a.proto', 'b/b.proto'], []), both);
  t.strictSame(await services(t, ['b', 'a'], ['b']), both);
});

test('a neighbour that is imported from the folder of a named file is not served', async (t) => {
  const lay = { api: { ...files.a, ...files.b, 'a.proto': files.a['a.proto'], 'b.proto': files.b['b.proto'] } };
  t.strictSame(await services(t, ['api/a.proto'], [], lay), { services: ['shop.Shop'], said: [] });
});

test('where no file that is named has a service, those that are imported are pointed at', async (t) => {
  const lay = { a: { 'a.proto': 'syntax = "proto3"; import public "b.proto";' }, b: files.b };
  t.strictSame(await services(t, ['a'], ['b'], lay), {
    services: [],
    said: ['b.proto: b.proto: has services, and is only imported, so that they are not served: name it with --proto (sources.protos)'],
  });
});
