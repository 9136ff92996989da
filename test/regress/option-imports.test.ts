import { join } from 'node:path';
import { type Test, test } from 'tap';
import { loadSources } from '../../gateway/sources/load.js';
import { link } from '../../proto/link.js';
import { printProblem } from '../../proto/problem.js';
import { compileProtos } from '../support/schema.js';

const file = (imports: readonly string[], body: string) =>
  ['syntax = "proto3";', 'package p;', ...imports.map((name) => `import "${name}";`), body].join('\n');

async function load(t: Test, files: Readonly<Record<string, string>>, importPaths: readonly string[] = []) {
  const folder = t.testdir(files);
  const loaded = await loadSources({ protos: [folder], importPaths: importPaths.map((path) => join(folder, path)), descriptorSets: [] });
  const linked = loaded.ok ? link(loaded.value) : loaded;
  const problems = [...(loaded.ok ? loaded.warnings : []), ...(linked.ok ? linked.warnings : linked.problems)];
  return { schema: linked.ok ? linked.value : undefined, said: problems.map((each) => printProblem(each).replaceAll(folder, 'FOLDER')) };
}

const notFound = (name: string) =>
  `${name}: this import is not found (searched: FOLDER, and the built-in protos); add the folder it is relative to with -I`;

test('the well-known annotations need no -I, and their options are kept', async (t) => {
  const cases: readonly (readonly [name: string, option: string, number: number])[] = [
    ['buf/validate/validate.proto', '(buf.validate.field).string.min_len = 1', 1159],
    ['validate/validate.proto', '(validate.rules).string.min_len = 1', 1071],
    ['gogoproto/gogo.proto', '(gogoproto.nullable) = false', 65001],
    ['github.com/gogo/protobuf/gogoproto/gogo.proto', '(gogoproto.nullable) = false', 65001],
    ['cosmos_proto/cosmos.proto', '(cosmos_proto.scalar) = "x"', 93002],
  ];
  for (const [name, option, number] of cases) {
    const { schema, said } = await load(t, { 'a.proto': file([name], `message M { string id = 1 [${option}]; }`) });
    t.strictSame(said, [], name);
    const { options = new Uint8Array() } = schema?.message('p.M')?.field('id') ?? {};
    let tag = 0;
    for (let i = 0, shift = 0; i < options.length; i += 1, shift += 7) {
      tag += ((options[i] ?? 0) & 127) * 2 ** shift;
      if ((options[i] ?? 0) < 128) break;
    }
    t.equal(Math.floor(tag / 8), number, name);
  }
});

test('types of google/api/expr are built in', async (t) => {
  const imports = ['google/api/expr/v1alpha1/checked.proto', 'google/api/expr/v1beta1/expr.proto'];
  const body = 'message M { google.api.expr.v1alpha1.CheckedExpr a = 1; google.api.expr.v1beta1.Expr b = 2; }';
  const { schema, said } = await load(t, { 'a.proto': file(imports, body) });
  t.strictSame(said, []);
  t.equal(schema?.message('google.api.expr.v1beta1.Expr')?.field('id')?.number, 2);
});

test('an import that only options need may be missing: they are left out, and it is told once', async (t) => {
  const body = (name: string) => `message ${name} {
    option (tagger.deep).field = 1;
    string id = 1 [(tagger.tags) = "x", deprecated = true, (tagger.more) = { a: 1 }];
    oneof kind { option (.tagger.kind) = true; string a = 2; }
  }`;
  const { schema, said } = await load(t, {
    'a.proto': file(['tagger/tagger.proto'], `option (tagger.file) = "f";\n${body('A')}`),
    'b.proto': file(['a.proto', 'tagger/tagger.proto'], body('B')),
  });
  t.strictSame(said, [
    `a.proto:3:1: ${notFound('tagger/tagger.proto')}. Only options need it, which are left out: (tagger.file), (tagger.deep), (tagger.kind) and 2 more`,
  ]);
  t.equal(schema?.message('p.B')?.field('id')?.deprecated, true, 'other options stay');
  t.strictSame(schema?.message('p.B')?.options, new Uint8Array());
});

test('an import that nothing needs may be missing', async (t) => {
  const { said } = await load(t, { 'a.proto': file(['lost.proto'], 'message M {}') });
  t.strictSame(said, [`a.proto:3:1: ${notFound('lost.proto')}. Nothing here needs it`]);
});

test('options for generators of documents are left out without a word', async (t) => {
  const option = 'option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger) = { info: { title: "x" } };';
  const { said } = await load(t, { 'a.proto': file(['protoc-gen-openapiv2/options/annotations.proto'], option) });
  t.strictSame(said, []);
  t.strictSame((await load(t, { 'a.proto': file(['openapiv3/annotations.proto'], 'option (openapi.v3.document) = {};') })).said, []);
});

test('an import that a type needs must be found, and that alone is told', async (t) => {
  const types = 'message M { lost.Thing thing = 1; string id = 2 [(lost.option) = 1]; }';
  t.strictSame((await load(t, { 'a.proto': file(['lost.proto'], types) })).said, [`a.proto:3:1: ${notFound('lost.proto')}`]);
  const cases: readonly (readonly [sentence: string, body: string])[] = [
    ['a request', 'service S { rpc Do(lost.In) returns (M); } message M {}'],
    ['a reply', 'service S { rpc Do(M) returns (lost.Out); } message M {}'],
    ['an extended message', 'extend lost.M { string id = 1; }'],
    ['a type beside one of the same package', 'message A { Thing thing = 1; }'],
  ];
  for (const [sentence, body] of cases)
    t.strictSame((await load(t, { 'a.proto': file(['lost.proto'], body) })).said, [`a.proto:3:1: ${notFound('lost.proto')}`], sentence);
});

test('another source may have what the files lack', async (t) => {
  const folder = t.testdir({ 'a.proto': file(['lost.proto'], 'message M { string id = 1; }') });
  const loaded = await loadSources({ protos: [folder], importPaths: [], descriptorSets: [] });
  const files = compileProtos({ 'lost.proto': 'syntax = "proto3"; package lost; message Thing { string id = 1; }' });
  const linked = link([...(loaded.ok ? loaded.value : []), { origin: 'set', version: '', files }]);
  t.strictSame(linked.ok ? linked.warnings : linked.problems, []);
  t.equal(linked.ok && linked.value.message('lost.Thing')?.fields.length, 1);
});

test('an option of Google is never left out', async (t) => {
  const rule = 'service S { rpc Do(M) returns (M) { option (google.api.http) = { get: "/x" }; } } message M {}';
  t.strictSame((await load(t, { 'a.proto': file(['all.proto'], rule) })).said, [`a.proto:3:1: ${notFound('all.proto')}`]);
});

test('what comes along with an import that is found may be missing as well', async (t) => {
  const { said } = await load(t, {
    'all.proto': 'syntax = "proto3";\nimport public "lost.proto";',
    'a.proto': file(['all.proto'], 'message M { string id = 1 [(lost.option) = 1]; }'),
  });
  t.strictSame(said, [`all.proto:2:1: ${notFound('lost.proto')}. Only options need it, which are left out: (lost.option)`]);
  const types = {
    'all.proto': 'syntax = "proto3";\nimport public "lost.proto";',
    'a.proto': file(['all.proto'], 'message M { lost.T t = 1; }'),
  };
  t.strictSame((await load(t, types)).said, [`all.proto:2:1: ${notFound('lost.proto')}`]);
});

test('faults of a file are told, whatever import is missing', async (t) => {
  const { said } = await load(t, { 'a.proto': file(['lost.proto'], 'message M { string id = 1; string id = 2; }') });
  t.strictSame(said.length, 2);
  t.match(said.join('\n'), /p\.M\.id: is already defined as a field in this file/);
});
