import { join } from 'node:path';
import { type Test, test } from 'tap';
import { printSummary } from '../../gateway/cli/summary.js';
import { startGateway } from '../../gateway/index.js';
import { startChild } from '../gateway/cli/child.js';
import { outcomeOf } from '../gateway/cli/outcome.js';

const rpc = (name: string, rule = '') =>
  `  rpc ${name}(M) returns (${name === 'Watch' ? 'stream ' : ''}M)${rule === '' ? ';' : ` { option (google.api.http) = { ${rule} }; }`}`;

/** A service of ten methods, two of which have no rule, one of which has one that is illegal, and one of which has that of another one. */
const proto = `syntax = "proto3";
package p;
import "google/api/annotations.proto";
message M { string id = 1; }
service S {
${[1, 2, 3, 4, 5, 6].map((n) => rpc(`M${n}`, `get: "/v${n}"`)).join('\n')}
${rpc('Illegal', 'get: "v7"')}
${rpc('Loser', 'get: "/v1"')}
${rpc('Bare')}
${rpc('Watch')}
}
`;
const lenient = '--skip-invalid --conflicts first';

function source(t: Test): string {
  return join(t.testdir({ 'p.proto': proto }), 'p.proto');
}

test('check says in one line how many methods have no rule', async (t) => {
  const file = source(t);
  const note = '2 of 10 methods have no rule: "protogate routes --all" lists them';
  const skipped = await outcomeOf(`check ${lenient} --proto ${file}`);
  t.equal(skipped.code, 0);
  t.equal(skipped.out.split('\n').filter((line) => line === note).length, 1, skipped.out);
  t.match(await outcomeOf(`check --proto ${file}`), { code: 1, out: note }, 'also where something is wrong');
  t.strictSame(JSON.parse((await outcomeOf(`check --format json ${lenient} --proto ${file}`)).out).notes, [note]);
});

test('one method has no rule; none has none, if they are served without, or not meant to be served', async (t) => {
  const folder = t.testdir({
    'p.proto': proto,
    'p.yaml': 'sources: { protos: [p.proto] }\npolicies: [{ select: p.S.Bare, expose: false }]\n',
    'rules.yaml': 'http: { rules: [{ selector: p.S.Watch, get: /watch }] }\n',
  });
  const notes = async (flags: string) => JSON.parse((await outcomeOf(`check --format json ${lenient} ${flags}`)).out).notes;
  t.strictSame(await notes(`-c ${join(folder, 'p.yaml')}`), ['1 of 9 methods has no rule: "protogate routes --all" lists it']);
  t.strictSame(await notes(`-c ${join(folder, 'p.yaml')} --rules ${join(folder, 'rules.yaml')}`), []);
  t.strictSame(await notes(`--unbound --proto ${join(folder, 'p.proto')}`), []);
});

test('routes --all lists them behind the routes', async (t) => {
  const file = source(t);
  const all = await outcomeOf(`routes --all ${lenient} p.S --proto ${file}`);
  t.equal(all.code, 0);
  t.equal(
    all.out.split('\n').slice(-4).join('\n'),
    `GET     /v6   p.S.M6                     -     id
-       -     p.S.Bare                   -     -
-       -     p.S.Watch (server stream)  -     -
`,
  );
  t.notMatch((await outcomeOf(`routes ${lenient} --proto ${file}`)).out, 'p.S.Bare');
  const none = { method: null, path: null, body: null, responseBody: null, query: [], origin: null, file: 'p.proto' };
  t.strictSame(JSON.parse((await outcomeOf(`routes --all --format json S.Watch ${lenient} --proto ${file}`)).out), [
    { ...none, rpc: 'p.S.Watch', stream: 'server', line: 15 },
  ]);
  t.equal((await outcomeOf(`routes --all GET Bare ${lenient} --proto ${file}`)).code, 1, 'a filter for a method leaves them out');
});

test('so does the summary at the start, and the log where nobody watches', async (t) => {
  const file = source(t);
  const running = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [file] },
    upstreams: { default: { target: 'localhost:1' } },
    invalidRules: 'skip',
    conflicts: 'first',
    log: { level: 'silent' },
  });
  t.teardown(() => running.close());
  t.match(printSummary(running), `\n  without     2 of 10 methods have no rule: "protogate routes --all" lists them\n`);
  const child = startChild(t, ['dist/gateway/cli/main.js', ...`${lenient} --proto ${file} --upstream localhost:1 --port 0`.split(' ')]);
  const [line] = await child.line(/^.*methods have no rule.*$/);
  t.match(JSON.parse(line), { level: 30, msg: '2 of 10 methods have no rule: "protogate routes --all" lists them' });
  t.equal((await child.line(/"services":(\d+),"routes":(\d+),"msg":"serving"/))[2], '6');
});
