import { test } from 'tap';
import { type ConfigInput, parseConfig } from '../../../gateway/config/config.js';

function reasons(input: unknown): readonly string[] {
  const parsed = parseConfig(input);
  return parsed.ok ? [] : parsed.problems.map((p) => `${p.subject}: ${p.reason}`);
}

test('an empty configuration has every default', (t) => {
  const expected = {
    listen: '127.0.0.1:8080',
    sources: { protos: [], importPaths: [], descriptorSets: [], fetchIntervalMs: 30_000, rules: [], watch: true },
    upstreams: {},
    policies: [],
    json: { defaults: true, protoNames: false, enums: 'name', int64: 'string' },
    rules: 'override',
    invalidRules: 'error',
    encodedSlashes: 'data',
    metadata: { forward: [], webSocket: [], reply: [] },
    cors: { origins: [] },
    docs: { enabled: true, ui: '/swagger-ui/', document: '/openapi.json', visibility: [] },
    health: { live: '/healthz', ready: '/readyz' },
    limits: {
      headers: 16384,
      headersTimeoutMs: 15000,
      bodyTimeoutMs: 60000,
      keepAliveTimeoutMs: 72000,
      exchangesPerConnection: 16,
      inFlight: 10000,
      drainDelayMs: 1000,
      shutdownGraceMs: 10000,
      http2: { streams: 100, resets: 500, controls: 500 },
    },
    trustProxy: [],
    streams: { headerDelayMs: 1000, heartbeatMs: 15_000, maxFrames: 10_000 },
    log: { level: 'info' },
  };
  for (const empty of [undefined, null, {}]) t.strictSame(parseConfig(empty), { ok: true, value: expected, warnings: [] });
  t.end();
});

test('a configuration that was parsed parses to itself and cannot be changed', (t) => {
  const input = {
    upstreams: {
      default: { target: 'grpcs://[::1]:443', tls: { ca: 'ca.pem' } },
      other: { target: 'localhost:50051', connectTimeoutMs: 10 },
    },
    policies: [{ select: 'a.B.*', upstream: 'other', errors: 'google' }],
    metadata: { forward: ['X-Goog-*'] },
    docs: { ui: false },
  } satisfies ConfigInput;
  const once = parseConfig(input);
  if (!once.ok) throw new Error('refused');
  t.strictSame(parseConfig(once.value), once);
  t.strictSame(once.value.policies, input.policies, 'a policy has only the settings that it names');
  t.equal(once.value.upstreams.default?.connectTimeoutMs, 5000);
  t.strictSame(once.value.metadata.forward, ['x-goog-*'], 'header names are lower-cased');
  t.ok(Object.isFrozen(once.value.policies[0]));
  t.notOk(Object.isFrozen(input.policies[0]));
  t.end();
});

test('relative file paths are relative to the configuration file', (t) => {
  const input = {
    sources: {
      protos: ['protos', '/abs/x.proto'],
      importPaths: ['../shared'],
      descriptorSets: ['a.binpb'],
      fetchIntervalMs: 0,
      rules: ['../rules.yaml'],
      watch: false,
    },
    upstreams: { default: { target: 'grpcs://a:1', tls: { ca: 'ca.pem', serverName: 'name' } } },
  };
  const parsed = parseConfig(input, { file: 'etc/gate/protogate.yaml' });
  if (!parsed.ok) throw new Error('refused');
  t.strictSame(parsed.value.sources, {
    protos: ['etc/gate/protos', '/abs/x.proto'],
    importPaths: ['etc/shared'],
    descriptorSets: ['etc/gate/a.binpb'],
    fetchIntervalMs: 0,
    rules: ['etc/rules.yaml'],
    watch: false,
  });
  t.strictSame(parsed.value.upstreams.default?.tls, { ca: 'etc/gate/ca.pem', serverName: 'name' });
  const elsewhere = parseConfig(input);
  t.strictSame(elsewhere.ok && elsewhere.value.sources, input.sources, 'without a file they stay');
  t.end();
});

test('a problem names the key and what was expected', (t) => {
  const rows: readonly (readonly [input: unknown, ...reasons: string[]])[] = [
    [{ listem: 'x' }, 'listem: unknown key; did you mean "listen"?'],
    [{ deadlineMs: 5 }, 'deadlineMs: unknown key; did you mean "policies[].deadlineMs"?'],
    [{ docs: { colour: 1 } }, 'docs.colour: unknown key'],
    [{ listen: 'x' }, 'listen: expected HOST:PORT, unix:/PATH or systemd, got "x"'],
    [{ listen: 'x:65536' }, 'listen: expected HOST:PORT, unix:/PATH or systemd, got "x:65536"'],
    [{ listen: [] }, 'listen: expected HOST:PORT, unix:/PATH or systemd, got a list of 0'],
    [{ listen: ['a:1', 'b'] }, 'listen[1]: expected HOST:PORT, unix:/PATH or systemd, got "b"'],
    [{ docs: { ui: true } }, 'docs.ui: expected a path that begins and ends with "/", or false, got true'],
    [{ docs: { document: '/api.yaml' } }, 'docs.document: expected a path that begins with "/" and ends with ".json", got "/api.yaml"'],
    [{ invalidRules: 'no' }, 'invalidRules: expected "error" or "skip", got "no"'],
    [{ patchMask: 'yes' }, 'patchMask: expected true or false, got "yes"'],
    [
      { policies: [{ select: 'a..b', deadlineMs: 0 }] },
      'policies[0].select: expected "pkg.Service.Method", "pkg.Service.*", "pkg.*" or "*", got "a..b"',
      'policies[0].deadlineMs: expected a whole number from 1 to 2147483647, got 0',
    ],
    [{ policies: [{}] }, 'policies[0]: lacks the key "select"'],
    [
      { policies: [{ select: '*', upstream: 'boks' }], upstreams: { books: { target: 'a:1' } } },
      'policies[0].upstream: there is no upstream "boks"; did you mean "books"?',
    ],
    [{ policies: [{ select: '*', upstream: 'x' }] }, 'policies[0].upstream: there is no upstream "x"; name one of the keys of upstreams'],
    [
      { upstreams: { a: { target: 'zookeeper://a:1/b' } } },
      'upstreams.a.target: scheme zookeeper:// is not supported: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
    ],
    [{ upstreams: { a: {} } }, 'upstreams.a: lacks the key "target"'],
    [{ upstreams: { 'a b': { target: 'a:1' } } }, 'upstreams.a b: is not a name; expected letters, digits, ".", "_" and "-"'],
    [
      { upstreams: { a: { target: 'x:1', tls: {} }, b: { target: 'dns://x:1', tls: {} } } },
      'upstreams.a.tls: needs a TLS target; write target: grpcs://x:1',
    ],
    [{ tls: { cert: 'c' } }, 'tls: lacks the key "key"'],
    [{ tls: { cert: 'c', key: 'k', clientCa: 'a' } }, 'tls.clientCa: needs tls.clientCerts: optional or required'],
    [{ tls: { cert: 'c', key: 'k', clientCerts: 'required' } }, 'tls.clientCerts: needs tls.clientCa, which says who signs them'],
    [{ upstreams: { a: { target: 'grpcs://x:1', tls: { cert: 'c' } } } }, 'upstreams.a.tls: "cert" needs "key" beside it'],
    [{ sources: null }, 'sources: expected a section with keys of its own, got null'],
    [{ trustProxy: true }, 'trustProxy: expected a list of at most 1000 entries, got true'],
    [
      { trustProxy: ['10.0.0.0/8', 'all'] },
      'trustProxy[1]: expected an IP address, a CIDR range, "loopback", "linklocal" or "uniquelocal", got "all"',
    ],
    [{ health: { live: '/readyz' } }, 'health.ready: "/readyz" is the path of health.live, too'],
    [
      { metadata: { forward: ['a b'] } },
      'metadata.forward[0]: expected a header name, or the beginning of one with "*" after it, got "a b"',
    ],
    [
      { metadata: { forward: ["x'y"] } },
      'metadata.forward[0]: expected a header name, or the beginning of one with "*" after it, got "x\'y"',
    ],
    ...['user-agent', 'Content-Language', 'content-*', 'te', 'grpc-timeout', 'x-forwarded-for', 'http2-settings'].map(
      (name) =>
        [
          { metadata: { forward: ['x-a', name] } },
          `metadata.forward[1]: "${name}" can never go to the upstream: the connection, the call or the gateway itself says what it is`,
        ] as const,
    ),
    ...['Content-Type', 'content-length', 'content-encoding', 'transfer-encoding', 'connection', 'grpc-status', 'grpc-*'].map(
      (name) =>
        [
          { metadata: { reply: [name] } },
          `metadata.reply[0]: "${name}" can never be the upstream's: the connection or the gateway itself says what it is`,
        ] as const,
    ),
    [{ metadata: { reply: ['content-disposition', 'content-*', 'etag'], forward: ['x-*', 'authorization'] } }],
    [
      {
        upstreams: {
          a: { target: 'x:1', reflection: { metadata: { 'User-Agent': 'x', Authorization: 'a', authorization: 'b', 'x-a': '1' } } },
        },
      },
      'upstreams.a.reflection.metadata.User-Agent: can never go to the upstream: the connection, the call or the gateway itself says what it is',
      'upstreams.a.reflection.metadata.authorization: is given twice',
    ],
    [[], 'configuration: expected a section with keys of its own, got a list of 0'],
    ['text', 'configuration: expected a section with keys of its own, got "text"'],
    [{ listen: () => 1 }, 'configuration: expected plain data, got functions or other objects'],
  ];
  for (const [input, ...expected] of rows) t.strictSame(reasons(input), expected);
  t.end();
});
