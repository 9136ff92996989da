import { join } from 'node:path';
import { type Test, test } from 'tap';
import { parse } from 'yaml';
import { outcomeOf } from './outcome.js';

const library = (rules: string) => `syntax = "proto3";
package a;
import "google/api/annotations.proto";
message M { string id = 1; }
service S {
${rules}
}
`;

function protoFile(t: Test, rules: string): string {
  return join(t.testdir({ 'a.proto': library(rules) }), 'a.proto');
}

const two = `
  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{id}" additional_bindings { put: "/v1/{id}" body: "*" } }; }
  rpc Watch(M) returns (stream M) { option (google.api.http) = { get: "/v1/{id}:watch" }; }`;

test('openapi prints the document in either form and version', async (t) => {
  const proto = protoFile(t, two);
  const json = await outcomeOf(`openapi --proto ${proto}`);
  const document = JSON.parse(json.out);
  t.strictSame([json.code, json.err, document.openapi, Object.keys(document.paths)], [0, '', '3.1.0', ['/v1/{id}', '/v1/{id}:watch']]);
  const yaml = await outcomeOf(`openapi --format yaml --proto ${proto}`);
  t.strictSame(parse(yaml.out), document);
  t.match(JSON.parse((await outcomeOf(`openapi --openapi 3.0 --proto ${proto}`)).out).openapi, /^3\.0\./);
});

test('check counts what is right, and names what is wrong', async (t) => {
  const right = protoFile(t, '  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{id}" }; }');
  t.strictSame(await outcomeOf(`check --proto ${right}`), { code: 0, out: 'ok: 1 service, 1 route, 0 warnings\n', err: '' });
  const illegal = protoFile(t, '  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{nothing}" }; }');
  const refused = await outcomeOf(`check --proto ${illegal}`);
  t.match(refused, { code: 1, out: /^a\.proto\n {2}6:3 {2}error .* a\.S\.Get: .*nothing.*\n\nfailed: 1 error, 0 warnings\n$/, err: '' });
  const skipped = await outcomeOf(`check --skip-invalid --proto ${illegal}`);
  t.match(skipped, { code: 0, out: /warning .*nothing.*\n\nok: 0 services, 0 routes, 1 warning\n$/, err: '' });
});

test('check finds methods whose upstream is not configured', async (t) => {
  const file = join(
    t.testdir({ 'a.proto': library(two), 'p.yaml': 'sources: {protos: [a.proto]}\nupstreams: {other: {target: "a:1"}}\n' }),
    'p.yaml',
  );
  const refused = await outcomeOf(`check -c ${file}`);
  t.match(refused, { code: 1, out: /^ {2}error {2}upstreams\.default: .*\n\nfailed: 1 error, 0 warnings\n$/ });
  t.equal((await outcomeOf(`routes -c ${file}`)).code, 0, 'what is only looked at needs no server');
});

test('whatever is wrong is one line on standard error, and 2', async (t) => {
  const proto = protoFile(t, two);
  const rows = [
    [
      'check',
      'sources: there are none: name .proto files (--proto, sources.protos), a descriptor set (--descriptor-set, sources.descriptorSets) or the server itself (--reflection, upstreams.NAME.reflection)',
    ],
    [`--proto ${proto}`, 'upstreams: there is none: say where the gRPC server is (--upstream HOST:PORT, upstreams.default.target)'],
    ['-c nowhere.yaml', 'nowhere.yaml: configuration file: does not exist'],
    ['routes --proto nowhere', 'nowhere: does not exist; name a .proto file or a folder of them'],
    ['check --listen x --proto y', '--listen: expected HOST:PORT, unix:/PATH or systemd, got "x"'],
    ['--prto x', "unknown option '--prto' (Did you mean --proto?); see protogate --help"],
  ] as const;
  for (const [line, text] of rows) t.strictSame(await outcomeOf(line), { code: 2, out: '', err: `protogate: ${text}\n` }, line);
});

test('the environment says where to listen unless a flag does', async (t) => {
  const proto = protoFile(t, two);
  const wrong = await outcomeOf(`check --proto ${proto}`, 'x');
  t.strictSame(wrong, { code: 2, out: '', err: 'protogate: PROTOGATE_LISTEN: expected HOST:PORT, unix:/PATH or systemd, got "x"\n' });
  for (const [line, listen] of [
    [`check --proto ${proto} --listen a:1`, 'x'],
    [`check --proto ${proto} --port 1`, 'x'],
    [`check --proto ${proto}`, ''],
  ] as const)
    t.equal((await outcomeOf(line, listen)).code, 0, line);
});

test('help goes to standard output when it is asked for', async (t) => {
  const asked = await outcomeOf('--help');
  t.match(asked, { code: 0, out: /^Usage: protogate /, err: '' });
});

test('services without any rule are told what to do', async (t) => {
  const dir = t.testdir({
    'one.proto': 'syntax = "proto3"; package a; service One { rpc Get(M) returns (M); } message M {}',
    'two.proto': 'syntax = "proto3"; package b; service Two { rpc Get(M) returns (M); } message M {}',
  });
  const advice =
    'no HTTP rules, so that nothing is served: add google.api.http options, give rules with --rules, or serve without by --unbound';
  t.match((await outcomeOf(`routes --proto ${join(dir, 'one.proto')}`)).err, `one.proto:1:31: a.One: has ${advice}`);
  t.match((await outcomeOf(`routes --proto ${dir}`)).err, `a.One: and 1 more have ${advice}`);
  t.equal((await outcomeOf(`routes --unbound --proto ${dir}`)).err, '');
});
