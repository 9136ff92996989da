import { join } from 'node:path';
import { type Test, test } from 'tap';
import { parseArguments } from '../../../gateway/cli/arguments.js';
import { type Flag, flags, nameOf } from '../../../gateway/cli/flags.js';
import { loadSettings } from '../../../gateway/cli/settings.js';
import { DEFAULT_UPSTREAM_LIMITS } from '../../../gateway/upstream/create.js';
import { printProblem } from '../../../proto/problem.js';

async function settings(line: string, file?: string) {
  const request = parseArguments(['serve', ...line.split(' ').filter((word) => word !== '')]);
  if (request.command === 'explain') throw new Error(request.text);
  return loadSettings(file, request.given);
}

function flagNamed(name: string): Flag {
  const flag = flags.find((each) => nameOf(each) === name);
  if (flag === undefined) throw new Error(`no flag ${name}`);
  return flag;
}

const fileWith = (t: Test, text: string) => join(t.testdir({ 'protogate.yaml': text }), 'protogate.yaml');

test('a flag that replaces wins over the file, one that adds adds to it', async (t) => {
  const file = fileWith(
    t,
    `listen: 0.0.0.0:1
sources: {protos: [own]}
upstreams: {default: {target: "file:1", connectTimeoutMs: 7}}
policies: [{select: "*", errors: status, idleMs: 9}]
metadata: {forward: [x-one]}
`,
  );
  const flags =
    '--port 2 --proto here --upstream grpcs://flag:1 --upstream-ca ca.pem --errors google --forward-header X-Two --skip-invalid --no-docs --log-level warn';
  const loaded = await settings(flags, file);
  if (!loaded.ok) throw new Error(loaded.problems.map(printProblem).join());
  const { listen, sources, upstreams, policies, metadata, invalidRules, docs, log } = loaded.value;
  t.equal(listen, '127.0.0.1:2');
  t.strictSame(sources.protos, [join(file, '../own'), 'here'], "a file's paths are relative to it, a flag's to the working directory");
  t.strictSame(upstreams, {
    default: {
      target: 'grpcs://flag:1',
      lane: 'auto',
      connectTimeoutMs: 7,
      idleTimeoutMs: 600_000,
      limits: DEFAULT_UPSTREAM_LIMITS,
      services: [],
      tls: { ca: 'ca.pem' },
    },
  });
  t.strictSame(policies, [
    { select: '*', errors: 'status', idleMs: 9 },
    { select: '*', errors: 'google' },
  ]);
  t.strictSame(metadata.forward, ['x-one', 'x-two']);
  t.strictSame([invalidRules, docs.enabled, log.level], ['skip', false, 'warn']);
});

test('flags for a section add to what the file says of it', async (t) => {
  const metadata = { 'x-tenant': 'a', authorization: 'Bearer b' };
  const header = { flag: flagNamed('--reflection-header'), name: '--reflection-header' };
  const given = [
    { ...header, text: 'x-tenant: a' },
    { flag: flagNamed('--reflection'), name: '--reflection', text: '' },
  ];
  const file = fileWith(t, 'upstreams: {default: {target: "file:1", reflection: {intervalMs: 7, metadata: {x-tenant: z}}}}\n');
  const loaded = await loadSettings(file, [...given, { ...header, text: 'authorization:Bearer b' }]);
  t.match(loaded, { ok: true, value: { upstreams: { default: { reflection: { intervalMs: 7, timeoutMs: 10_000, metadata } } } } });
  for (const said of ['', ', reflection: true', ', reflection: false'])
    t.match(await settings('--reflection', fileWith(t, `upstreams: {default: {target: "a:1"${said}}}\n`)), {
      ok: true,
      value: { upstreams: { default: { reflection: { intervalMs: 30_000, timeoutMs: 10_000, metadata: {}, services: [] } } } },
    });
});

test('--unbound is a policy for all methods', async (t) => {
  const loaded = await settings('--unbound');
  t.match(loaded, { ok: true, value: { policies: [{ select: '*', unbound: true }] } });
});

test('of two flags for one key the later wins', async (t) => {
  const loaded = await settings('--listen a:1 --port 2 --listen c:3');
  t.equal(loaded.ok && loaded.value.listen, 'c:3');
});

test('a wrong value is told in terms of its flag', async (t) => {
  const rows = [
    ['--port abc', '--port: expected a number from 0 to 65535, got "abc"'],
    ['--port 65536', '--port: expected a number from 0 to 65535, got "65536"'],
    ['--listen 8080', '--listen: expected HOST:PORT, unix:/PATH or systemd, got "8080"'],
    [
      '--upstream zookeeper://a:1/b',
      '--upstream: scheme zookeeper:// is not supported: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
    ],
    ['--upstream-ca x', '--upstream-ca: needs --upstream <target> beside it'],
    ['--reflection', '--reflection: needs --upstream <target> beside it'],
    ['--upstream a:1 --reflection-header x', '--reflection-header: expected NAME: VALUE, got "x"'],
    ['--upstream a:1 --upstream-ca x', '--upstream-ca: upstreams.default.tls needs a TLS target; write target: grpcs://a:1'],
    ['--errors x', '--errors: expected "status" or "google", got "x"'],
    ['--forward-header ä', '--forward-header: expected a header name, or the beginning of one with "*" after it, got "ä"'],
    ['--log-level loud', '--log-level: expected "info", "trace", "debug", "warn", "error", "fatal" or "silent", got "loud"'],
  ] as const;
  for (const [line, problem] of rows) {
    const loaded = await settings(line);
    t.strictSame(loaded.ok || loaded.problems.map(printProblem), [problem], line);
  }
});

test('what is wrong in the file is told in terms of the file, whatever the flags', async (t) => {
  const file = fileWith(t, 'listen: x\n');
  const loaded = await settings('--listen a:1', file);
  t.strictSame(loaded.ok || loaded.problems.map(printProblem), [`${file}:1:9: listen: expected HOST:PORT, unix:/PATH or systemd, got "x"`]);
  const missing = await settings('', 'nowhere.yaml');
  t.strictSame(missing.ok || missing.problems.map(printProblem), ['nowhere.yaml: configuration file: does not exist']);
});
