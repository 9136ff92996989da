import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { outcomeOf } from './outcome.js';

const odd = '  rpc Delete(M) returns (M) { option (google.api.http) = { delete: "/v1/{id}" body: "*" }; }';
const illegal = '  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{nothing}" }; }';
const again = '  rpc Remove(M) returns (M) { option (google.api.http) = { delete: "/v1/{id}" }; }';

const line = (rule: string, subject: string, reason: string) => `a.proto:${subject}:${rule}:${reason}`;
const oddLine = line(
  'delete-body',
  'a.S.Delete',
  'DELETE "/v1/{id}": has a body, which DELETE should not have: clients and proxies may drop it',
);

function protoFile(t: Test, ...rpcs: readonly string[]): string {
  const proto = `syntax = "proto3";
package a;
import "google/api/annotations.proto";
message M { string id = 1; }
service S {
${rpcs.join('\n')}
}
`;
  return join(t.testdir({ protos: { 'a.proto': proto } }), 'protos/a.proto');
}

/** How check ends, and what it finds. */
async function checked(options: string): Promise<readonly [code: number, severities: string, found: readonly string[]]> {
  const { code, out, err } = await outcomeOf(`check --format json ${options}`);
  if (err !== '') throw new Error(err);
  const { errors, warnings, problems } = JSON.parse(out);
  const found = problems.map((p: Record<string, string>) => line(p.rule ?? '', p.subject ?? '', p.reason ?? ''));
  return [code, `${errors} errors, ${warnings} warnings`, found];
}

test('warnings end with 0, errors with 1, and --strict makes errors of warnings', async (t) => {
  const file = protoFile(t, odd);
  t.strictSame(await checked(`--proto ${file}`), [0, '0 errors, 1 warnings', [oddLine]]);
  t.strictSame(await checked(`--proto ${file} --strict`), [1, '1 errors, 0 warnings', [oddLine]]);
});

test('warnings of a rule can be left out, errors cannot', async (t) => {
  const file = protoFile(t, odd);
  t.strictSame(await checked(`--strict --ignore delete-body --proto ${file}`), [0, '0 errors, 0 warnings', []]);
  t.strictSame(await checked(`--strict --ignore own-path --proto ${file}`), [1, '1 errors, 0 warnings', [oddLine]]);
  const wrong = await outcomeOf(`check --ignore own-paht --proto ${file}`);
  const err =
    "protogate: option '--ignore <rule>' argument 'own-paht' is invalid. There is no such rule, did you mean own-path?; see protogate --help\n";
  t.strictSame(wrong, { code: 2, out: '', err });
  const fault = await checked(`--ignore delete-body --proto ${protoFile(t, illegal)}`);
  t.match(fault, [1, '1 errors, 0 warnings', [/:invalid-variable:/]]);
});

test('one look finds what is illegal and what is odd, in order of lines', async (t) => {
  t.strictSame(await checked(`--proto ${protoFile(t, odd, illegal, again)}`), [
    1,
    '2 errors, 1 warnings',
    [
      oddLine,
      line('invalid-variable', 'a.S.Get', 'GET "/v1/{nothing}": column 6: a.M has no field "nothing"'),
      line('duplicate-route', 'a.S.Remove', 'DELETE "/v1/{id}": takes the same requests as DELETE "/v1/{id}" of a.S.Delete (a.proto:6)'),
    ],
  ]);
});

test('protos that cannot be read are errors like others', async (t) => {
  t.match(await outcomeOf('check --proto nowhere'), {
    code: 1,
    out: /nowhere: does not exist.*\n\nfailed: 1 error, 0 warnings\n$/s,
    err: '',
  });
});

test('GitHub gets the paths of files from here, whether a file or its folder is named', async (t) => {
  const file = protoFile(t, odd);
  for (const named of [`--proto ${file}`, `--proto ${join(file, '..')}`, `--proto ${file} -I ${join(file, '..')}`]) {
    const { out } = await outcomeOf(`check --format github ${named}`);
    t.match(out, /^::warning file=\.tap\/fixtures\/[^,]*\/protos\/a\.proto,line=6,col=3,title=delete-body::a\.S\.Delete: /, named);
  }
});

test('people get colours if their terminal has them', async (t) => {
  const file = protoFile(t, odd);
  const plain = await outcomeOf(`check --proto ${file}`);
  t.notOk(plain.out.includes('\u001b'));
  t.ok((await outcomeOf(`check --proto ${file}`, undefined, true)).out.includes('\u001b[33mwarning\u001b[39m'));
});

test('paths that the configuration gives to health checks and documents are known', async (t) => {
  const proto = protoFile(t, '  rpc Get(M) returns (M) { option (google.api.http) = { get: "/status/{id}" }; }');
  t.strictSame(await checked(`--proto ${proto}`), [0, '0 errors, 0 warnings', []]);
  const config = join(proto, '../p.yaml');
  writeFileSync(config, 'health: {live: /status/live, ready: false}\ndocs: {document: /status/api.json}\n');
  const reason = 'GET "/status/{id}": takes /status/live, /status/api.json, /status/api.yaml from the gateway itself';
  t.strictSame(await checked(`--proto ${proto} -c ${config}`), [0, '0 errors, 1 warnings', [line('own-path', 'a.S.Get', reason)]]);
});
