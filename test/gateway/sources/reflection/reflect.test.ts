import { type Test, test } from 'tap';
import { type ReflectionOptions, reflect } from '../../../../gateway/sources/reflection/reflect.js';
import { createUpstream } from '../../../../gateway/upstream/create.js';
import { grpcJsLane } from '../../../../gateway/upstream/grpc-js/lane.js';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { readFileDescriptor } from '../../../../proto/descriptor/read.js';
import { writeFileDescriptor } from '../../../../proto/descriptor/write.js';
import { link } from '../../../../proto/link.js';
import { printProblem } from '../../../../proto/problem.js';
import { fileBytes, message } from '../../../support/descriptor.js';
import { compileProtos } from '../../../support/schema.js';
import { testTls } from '../../../support/tls.js';
import { type Behavior, error, files, honest, NOT_FOUND, numbers, serveReflection, services } from './server.js';

const settings = { name: 'books', timeoutMs: 5000, metadata: {}, services: [] } as const;

async function ask(t: Test, target: string, more: Partial<ReflectionOptions> = {}, tls = false, lane = grpcJsLane) {
  const upstream = createUpstream({ name: 'books', target: { address: target, tls }, tls: { ca: testTls.ca }, lane });
  t.teardown(() => upstream.close(0));
  return reflect(upstream, { ...settings, target, ...more });
}

/** Names of the files that came, or the problem. */
async function outcome(t: Test, behavior: Behavior, more: Partial<ReflectionOptions> = {}): Promise<readonly string[]> {
  const server = await serveReflection(t, behavior);
  const answer = await ask(t, server.target, more);
  if (!answer.ok) return answer.problems.map((p) => printProblem(p).replaceAll(server.target, 'TARGET'));
  const names = answer.value.sources.flatMap((source) => source.files.map((bytes) => readFileDescriptor(bytes).name ?? ''));
  return [...names, ...answer.warnings.map((p) => printProblem(p).replaceAll(server.target, 'TARGET'))];
}

const protos = {
  'a/v1/a.proto': `syntax = "proto3"; package a.v1; import "a/v1/common.proto"; import "google/api/annotations.proto";
    service Books { rpc Get(Book) returns (Book) { option (google.api.http) = { get: "/v1/{name}" }; } }
    service Hidden { rpc Get(Book) returns (Book); }`,
  'a/v1/common.proto': 'syntax = "proto3"; package a.v1; message Book { string name = 1; }',
  'b/v1/b.proto': 'syntax = "proto3"; package b.v1; message Nothing {} service Shelves { rpc List(Nothing) returns (Nothing); }',
};
const compiled = compileProtos(protos);
const listed = ['grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection', 'b.v1.Shelves', 'a.v1.Books'];

test('a server is asked for its services, their files and what these import; what is official is told apart', async (t) => {
  for (const lane of [grpcJsLane, h2Lane]) {
    const server = await serveReflection(t, honest(compiled, listed));
    const answer = await ask(t, server.target, {}, false, lane);
    if (!answer.ok) throw new Error(answer.problems.map(printProblem).join());
    t.strictSame(answer.warnings, []);
    t.strictSame(server.asked.slice(0, 3), ['services *', 'symbol a.v1.Books', 'symbol b.v1.Shelves']);
    t.equal(server.streams.length, 1, 'one stream is one server');
    const [own, official] = answer.value.sources;
    const names = (source: typeof own) => source?.files.map((bytes) => readFileDescriptor(bytes).name);
    t.strictSame(names(own), ['a/v1/a.proto', 'a/v1/common.proto', 'b/v1/b.proto']);
    t.strictSame(names(official), ['google/api/annotations.proto', 'google/api/http.proto', 'google/protobuf/descriptor.proto']);
    t.strictSame([own?.fallback, official?.fallback], [undefined, true]);
    t.equal(own?.origin, `server reflection of upstream books (${server.target})`);
    t.strictSame([answer.value.services, answer.value.lacking], [['a.v1.Books', 'b.v1.Shelves'], []]);
    const schema = link(answer.value.sources);
    const offered = schema.ok ? schema.value.services.map(({ name, offeredBy }) => [name, offeredBy]) : schema.problems;
    t.strictSame(offered, [
      ['a.v1.Books', ['books']],
      ['b.v1.Shelves', ['books']],
    ]);
  }
});

test('the version changes with what a server says, and with nothing else', async (t) => {
  const versionOf = async (behavior: Behavior) => {
    const { target } = await serveReflection(t, behavior);
    const answer = await ask(t, target);
    return answer.ok ? answer.value.version : answer.problems;
  };
  const first = await versionOf(honest(compiled, listed));
  t.equal(await versionOf(honest(compiled.toReversed(), listed.toReversed())), first);
  t.not(await versionOf(honest(compiled, ['a.v1.Books'])), first);
  t.not(await versionOf(honest(compiled, [...listed, 'a.v1.Hidden'])), first);
  const renamed = compileProtos({ ...protos, 'a/v1/common.proto': protos['a/v1/common.proto'].replace('= 1', '= 2') });
  t.not(await versionOf(honest(renamed, listed)), first);
});

test('v1alpha is asked where v1 is not known', async (t) => {
  const server = await serveReflection(t, honest(compiled, listed), { versions: ['v1alpha'] });
  t.match(await ask(t, server.target), { ok: true, value: { services: ['a.v1.Books', 'b.v1.Shelves'] } });
});

test('metadata goes along, and TLS is that of the upstream', async (t) => {
  const server = await serveReflection(t, honest(compiled, listed), { tls: true });
  const answer = await ask(t, server.target, { metadata: { Authorization: 'Bearer x', 'x-tenant': 'a' } }, true);
  t.equal(answer.ok, true);
  t.match(server.streams[0]?.getMap(), { authorization: 'Bearer x', 'x-tenant': 'a' });
});

test('only the services that are wanted are taken', async (t) => {
  const rows: readonly (readonly [selectors: readonly string[], services: readonly string[]])[] = [
    [['a.v1.Books'], ['a.v1.Books']],
    [['a.*'], ['a.v1.Books']],
    [
      ['b.v1.*', 'a.v1.Books'],
      ['a.v1.Books', 'b.v1.Shelves'],
    ],
  ];
  for (const [selectors, wanted] of rows) {
    const { target } = await serveReflection(t, honest(compiled, listed));
    t.match(await ask(t, target, { services: selectors }), { ok: true, value: { services: wanted } });
  }
  t.strictSame(await outcome(t, honest(compiled, listed), { services: ['x.*'] }), [
    'upstream books (TARGET): does not answer by server reflection as it should: it lists none that is wanted, only grpc.health.v1.Health, grpc.reflection.v1.ServerReflection, b.v1.Shelves, a.v1.Books: does reflection.services say what is meant?',
  ]);
});

test('an import that the server does not have is left to other sources', async (t) => {
  const official = /^google\//;
  const own = compiled.filter((bytes) => !official.test(readFileDescriptor(bytes).name ?? ''));
  t.strictSame(await outcome(t, honest(own, ['a.v1.Books'])), ['a/v1/a.proto', 'a/v1/common.proto']);
});

test('a service that is listed and not described is left out, with a warning', async (t) => {
  t.strictSame(await outcome(t, honest(compiled, ['b.v1.Shelves', 'c.v1.Gone'])), [
    'b/v1/b.proto',
    'upstream books (TARGET): lists the service c.v1.Gone but does not describe it (NOT_FOUND: not found), so that it is left out',
  ]);
});

test('extensions come from files that nobody imports', async (t) => {
  const [base, more, own] = [
    'syntax = "proto2"; package x; message M { extensions 100 to 200; optional string name = 1; }',
    'syntax = "proto2"; package x; import "base.proto"; import "deep.proto"; extend M { optional Deep deep = 150; }',
    'syntax = "proto2"; package x; import "base.proto"; extend M { optional string known = 101; } service S { rpc Get(M) returns (M); }',
  ];
  const texts = { 'base.proto': base, 'more.proto': more, 'own.proto': own, 'deep.proto': 'syntax = "proto2"; package x; message Deep {}' };
  const all = compileProtos(texts);
  const extension = all.find((bytes) => readFileDescriptor(bytes).name === 'more.proto') ?? new Uint8Array();
  const plain = honest(all, ['x.S']);
  const server = await serveReflection(t, (asked, stream) => {
    if (asked.kind === 'extensions') return numbers(asked.text, 101, 150);
    return asked.kind === 'extension' ? files(extension) : plain(asked, stream);
  });
  const answer = await ask(t, server.target);
  const schema = answer.ok ? link(answer.value.sources) : answer;
  const type = schema.ok ? schema.value.message('x.M') : undefined;
  t.strictSame(type && schema.ok && schema.value.extensions(type).map(({ name }) => name), ['x.deep', 'x.known']);
  t.strictSame(
    server.asked.filter((question) => question.startsWith('extension')),
    ['extensions x.M', 'extension x.M 150'],
  );
  t.strictSame(await outcome(t, plain), ['base.proto', 'own.proto'], 'a server that knows of no extensions');
  const fragile: Behavior = (asked, stream) => {
    if (asked.kind !== 'extensions') return plain(asked, stream);
    stream.emit('error', { code: 13, details: 'what?' });
    return undefined;
  };
  t.strictSame(await outcome(t, fragile), ['base.proto', 'own.proto'], 'a server that gives up when asked for them');
});

test('a file to which imports are added, and whose source info is broken, is told in one line', async (t) => {
  const text =
    'syntax = "proto3"; package a; import "google/protobuf/timestamp.proto"; message A { google.protobuf.Timestamp at = 1; } service S {}';
  const file = compileProtos({ 'a.proto': text }).at(-1) ?? new Uint8Array();
  const lacking = writeFileDescriptor({ ...readFileDescriptor(file), dependency: [] });
  const brokenInfo = Uint8Array.of((9 << 3) | 2, 2, 0x0f, 0xff);
  const said = await outcome(t, ({ kind }) => (kind === 'services' ? services('a.S') : files(Buffer.concat([lacking, brokenInfo]))));
  t.match(said, [/: it sends a file that is no FileDescriptorProto: /]);
  t.equal(said.length, 1);
});

test('answers that are none are told in one line', async (t) => {
  const [file = new Uint8Array()] = compileProtos({ 'b/v1/b.proto': protos['b/v1/b.proto'] });
  const listing =
    (rest: Behavior): Behavior =>
    (asked, stream) =>
      asked.kind === 'services' ? services('b.v1.Shelves') : rest(asked, stream);
  const ending =
    (code: number, details: string): Behavior =>
    (_, stream) => {
      stream.emit('error', { code, details });
      return undefined;
    };
  const rows: readonly (readonly [behavior: Behavior, said: string])[] = [
    [() => Uint8Array.of(0xff), 'it answers with bytes that are no ServerReflectionResponse: truncated'],
    [() => new Uint8Array(), 'it answers with bytes that are no ServerReflectionResponse: an answer without content'],
    [() => files(), 'it answers something else than the list of services'],
    [() => error(13, 'line one\nline two'), 'it does not list its services (INTERNAL: line one line two)'],
    [() => error(99, ''), 'it does not list its services (code 99)'],
    [() => services(), 'it lists no service: are they registered?'],
    [
      () => services('grpc.reflection.v1.ServerReflection'),
      'it lists none that is wanted, only grpc.reflection.v1.ServerReflection: are the others registered for reflection?',
    ],
    [() => services(...Array.from({ length: 10_001 }, (_, i) => `s.S${i}`)), 'it lists 10001 services, the limit is 10000'],
    [listing(() => services('x')), 'it answers something else than the files it was asked for'],
    [listing(() => files(Uint8Array.of(0x0a, 0xff))), 'it sends a file that is no FileDescriptorProto: truncated'],
    [listing(() => files(new Uint8Array())), 'it sends a file without a name'],
    [listing(() => files(file, fileBytes('b/v1/b.proto'))), 'it sends two versions of b/v1/b.proto'],
    [listing(() => NOT_FOUND), 'it describes none of the services that it lists, such as b.v1.Shelves (NOT_FOUND: not found)'],
    [
      listing(() => files(fileBytes('other.proto'))),
      'it describes none of the services that it lists, such as b.v1.Shelves (the file it names does not declare it)',
    ],
    [
      listing((_, stream) => {
        stream.end();
        return undefined;
      }),
      'it ended the stream before it had answered',
    ],
  ];
  for (const [behavior, said] of rows) {
    t.strictSame(await outcome(t, behavior), [`upstream books (TARGET): does not answer by server reflection as it should: ${said}`], said);
  }
  t.strictSame(await outcome(t, listing(ending(13, 'broken\u2028'))), [
    'upstream books (TARGET): does not answer by server reflection: INTERNAL: broken',
  ]);
  t.strictSame(await outcome(t, ending(14, 'not now')), [
    'upstream books (TARGET): does not answer by server reflection: UNAVAILABLE: not now',
  ]);
});

test('a server that says more than it was asked is not believed', async (t) => {
  const said = await outcome(t, (_, stream) => {
    stream.write(NOT_FOUND);
    return NOT_FOUND;
  });
  t.match(said, [/as it should: it (says more than it was asked|does not list its services)/]);
});

test('a server that goes on for ever is left', async (t) => {
  const next = (text: string) => Number(/\d+/.exec(text)?.[0] ?? 0) + 1;
  const chain: Behavior = ({ kind, text }) => {
    if (kind === 'services') return services('p.S');
    if (kind === 'symbol') {
      const service = [{ name: 'S', method: [] }];
      return files(fileBytes('f0.proto', { package: 'p', service, dependency: Array.from({ length: 50 }, (_, i) => `f${i}x1.proto`) }));
    }
    const [, branch = ''] = /^f(\d+)x/.exec(text) ?? [];
    const dependency = [`f${branch}x${next(text.slice(text.indexOf('x')))}.proto`];
    return files(fileBytes(text, { dependency }));
  };
  const limited = await outcome(t, chain, { timeoutMs: 60_000 });
  t.strictSame(limited, [
    'upstream books (TARGET): does not answer by server reflection as it should: it has more than 20000 files, which is the limit',
  ]);
  const huge: Behavior = ({ kind, text }) => {
    if (kind === 'services') return services('p.S');
    const messageType = [message('x'.repeat(2 ** 20 * 10))];
    const service = kind === 'symbol' ? [{ name: 'S', method: [] }] : [];
    return files(fileBytes(text, { package: 'p', service, messageType, dependency: [`${text}x`] }));
  };
  t.strictSame(await outcome(t, huge, { timeoutMs: 60_000 }), [
    'upstream books (TARGET): does not answer by server reflection as it should: its descriptors have more than 67108864 bytes, which is the limit',
  ]);
});

test('a server that never answers, or is slow, is left after the time that it has', async (t) => {
  const said = await outcome(t, () => undefined, { timeoutMs: 100 });
  t.strictSame(said, [
    'upstream books (TARGET): does not answer by server reflection within 100 ms: is it overloaded? upstreams.books.reflection.timeoutMs gives it more',
  ]);
});

test('imports in a circle are read once', async (t) => {
  const circle = [
    fileBytes('a.proto', { package: 'p', dependency: ['b.proto'], service: [{ name: 'S', method: [] }] }),
    fileBytes('b.proto', { dependency: ['a.proto'] }),
  ];
  t.strictSame(await outcome(t, honest(circle, ['p.S'])), ['a.proto', 'b.proto']);
});

test('a server without reflection, and one that wants to know who asks', async (t) => {
  const refusing =
    (code: number, details: string): Behavior =>
    (_, stream) => {
      stream.emit('error', { code, details });
      return undefined;
    };
  const server = await serveReflection(t, () => undefined, { versions: [] });
  const without = await ask(t, server.target);
  t.strictSame(without.ok || without.problems, [
    {
      severity: 'error',
      subject: `upstream books (${server.target})`,
      reason:
        'does not offer server reflection (tried grpc.reflection.v1 and v1alpha): register the reflection service in the server, or give --proto or --descriptor-set',
      temporary: true,
    },
  ]);
  t.strictSame(await outcome(t, refusing(16, 'no token')), [
    'upstream books (TARGET): refuses server reflection (UNAUTHENTICATED: no token): say who asks with --reflection-header "authorization: Bearer ...", or upstreams.books.reflection.metadata',
  ]);
  t.match(await outcome(t, refusing(7, '')), [/refuses server reflection \(PERMISSION_DENIED\): say who asks/]);
});
