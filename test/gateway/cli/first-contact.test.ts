import { spawn, spawnSync } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { type Test, test } from 'tap';
import { printSummary } from '../../../gateway/cli/summary.js';
import { startGateway } from '../../../gateway/index.js';
import { openGreeter } from '../../examples/greeter-server.js';
import { startProgram } from '../../support/programs.js';
import { compileProtos } from '../../support/schema.js';
import { tlsFiles } from '../../support/tls.js';
import { type Behavior, honest, serveReflection } from '../sources/reflection/server.js';
import { addressOf, deadPort, serve, silent } from '../upstream/contract/server.js';
import { childOf, startChild } from './child.js';
import { outcomeOf } from './outcome.js';

const cli = 'dist/gateway/cli/main.js';
const ca = join(tlsFiles[0] ?? '', '../ca.crt');

const hello = compileProtos({
  'hello.proto': `syntax = "proto3"; package hello; import "google/api/annotations.proto";
    service Greeter { rpc Hello(Name) returns (Name) { option (google.api.http) = { get: "/hello/{name}" }; } }
    message Name { string name = 1; }`,
});

/** What the program says of a server that it cannot serve: one line, and 1. */
async function refusal(t: Test, target: string, ...more: readonly string[]): Promise<string> {
  const { code, out, err } = await outcomeOf(['--reflection', '--upstream', target, '--port', '0', ...more]);
  t.strictSame([code, out], [1, ''], target);
  return reasonIn(t, err, target);
}

function reasonIn(t: Test, line: string, target: string): string {
  const start = `protogate: upstream default (${target}): `;
  t.ok(line.startsWith(start) && line.indexOf('\n') === line.length - 1, line);
  return line.slice(start.length, -1);
}

/** Flags for an attempt to connect that is given up soon. */
function impatient(t: Test): readonly string[] {
  return ['-c', join(t.testdir({ 'c.yaml': 'upstreams: {default: {target: "localhost:1", connectTimeoutMs: 300}}' }), 'c.yaml')];
}

test('a server of Python is served with nothing but its address', async (t) => {
  const port = await openGreeter(t);
  if (port === undefined) return;
  const child = startChild(t, [cli, '--reflection', '--upstream', `localhost:${port}`, '--port', '0']);
  const [, url = '', services, routes] = await child.line(/"url":"([^"]+)","services":(\d+),"routes":(\d+),"msg":"serving"/);
  t.strictSame([services, routes], ['1', '1']);
  const answer = await fetch(`${url}/v1/hello`, { method: 'POST', body: '{"name":"world"}' });
  t.equal(await answer.text(), '{"message":"Hello, world!"}');
});

test('on a terminal a table says what is served and where, elsewhere it is one line of JSON', async (t) => {
  const { target } = await serveReflection(t, honest(hello, ['hello.Greeter']));
  const command = `'${process.execPath}' ${cli} --reflection --upstream ${target} --port 0`;
  const plain = childOf(t, spawn('sh', ['-c', `exec ${command}`], { stdio: ['ignore', 'pipe', 'pipe'] }));
  const [line] = await plain.line(/^.*"msg":"serving".*$/);
  t.match(JSON.parse(line), { level: 30, url: /^http:\/\/127\.0\.0\.1:\d+$/, services: 1, routes: 1, msg: 'serving' });
  const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
  if (!hasTerminal) return void t.pass('script of util-linux', { skip: 'not available on this machine' });
  const shown = childOf(t, spawn('script', ['-qec', command, '/dev/null'], { stdio: ['ignore', 'pipe', 'pipe'] }));
  await shown.line(/^ {2}health/);
  shown.process.kill('SIGTERM');
  const { out } = await shown.ended;
  t.match(
    out,
    /^protogate \d\S+\s+sources {5}reflection of \S+\s+upstream {4}\S+\s+services {4}1: hello\.Greeter\s+routes {6}1 route at http/,
  );
});

test('a server without reflection', async (t) => {
  const { address } = await serve(t, {});
  const { code, out, err } = await startChild(t, [cli, '--reflection', '--upstream', address, '--port', '0']).ended;
  t.strictSame([code, out], [1, ''], 'the program ends');
  t.equal(
    reasonIn(t, err, address),
    'does not offer server reflection (tried grpc.reflection.v1 and v1alpha): register the reflection service in the server, or give --proto or --descriptor-set',
  );
});

test('plaintext to a server of TLS, and TLS to one of plaintext', async (t) => {
  const [secure, plain] = [await serve(t, {}, { tls: true }), await serve(t, {})];
  const why = 'cannot be asked for its services: ';
  t.equal(await refusal(t, secure.address), `${why}it speaks TLS, and the target is plaintext: write grpcs://${secure.address}`);
  t.match(
    await refusal(t, `grpcs://${plain.address}`),
    new RegExp(`^${why}it does not speak TLS \\(\\w+\\): for plaintext write ${plain.address}, without grpcs://$`),
  );
  t.match(
    await refusal(t, `grpcs://${secure.address}`),
    /: its certificate is signed by nobody who is trusted \(\w+\): name the authority's certificate with --upstream-ca or tls\.ca$/,
  );
  t.match(await refusal(t, `grpcs://${secure.address}`, '--upstream-ca', ca), /^does not offer server reflection/, 'the advice is right');
});

test('something else than a gRPC server', async (t) => {
  const other = 'is it a gRPC server, and is the port the right one?';
  const web = await addressOf(
    t,
    createHttpServer((_request, response) => response.end()),
  );
  t.equal(await refusal(t, web), `cannot be asked for its services: it answers with HTTP/1, not HTTP/2: ${other}`);
  const newer = (status: number) =>
    addressOf(
      t,
      createHttp2Server((_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<p>')),
    );
  t.equal(
    await refusal(t, await newer(200)),
    'does not answer by server reflection: the server answered with text/html, which is not gRPC: is the port the right one?',
  );
  t.match(
    await refusal(t, await newer(404)),
    /^does not offer server reflection \(tried grpc\.reflection\.v1 and v1alpha; the server answered with HTTP status 404\): register/,
  );
  t.equal(
    await refusal(t, (await silent(t)).address, ...impatient(t)),
    `cannot be asked for its services: it takes the connection but says nothing: ${other}`,
  );
});

/** An address that swallows attempts to connect: the server is stopped, and its queue of connections is full. */
async function blackHole(t: Test): Promise<string> {
  const script = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    console.log(this.address().port);
    process.kill(process.pid, 'SIGSTOP');
  })`;
  const { address } = await startProgram(t, process.execPath, ['-e', script]);
  const waiting = Array.from({ length: 8 }, () => connect(Number(address.split(':')[1]), '127.0.0.1').on('error', () => {}));
  t.teardown(() => {
    for (const socket of waiting) socket.destroy();
  });
  await Promise.all(waiting.slice(0, 2).map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  return address;
}

test('nobody at the address', async (t) => {
  const why = 'cannot be asked for its services: ';
  t.equal(await refusal(t, `127.0.0.1:${await deadPort()}`), `${why}nothing listens there: start the server, or correct the address`);
  t.equal(
    await refusal(t, 'no-such-host.invalid:50051'),
    `${why}the host no-such-host.invalid is not known here: correct the name, or see to DNS`,
  );
  t.equal(
    await refusal(t, await blackHole(t), ...impatient(t)),
    `${why}it does not answer at all: is the address right, does a firewall stand between?`,
  );
});

test('a server that wants to know who asks', async (t) => {
  const plain = honest(hello, ['hello.Greeter']);
  const guarded: Behavior = (asked, stream) => {
    if (stream.metadata.get('authorization')[0] === 'Bearer x') return plain(asked, stream);
    stream.emit('error', { code: 16, details: 'no token' });
    return undefined;
  };
  for (const tls of [false, true]) {
    const { target } = await serveReflection(t, guarded, { tls });
    const address = tls ? `grpcs://${target}` : target;
    const trust = tls ? ['--upstream-ca', ca] : [];
    t.equal(
      await refusal(t, address, ...trust),
      'refuses server reflection (UNAUTHENTICATED: no token): say who asks with --reflection-header "authorization: Bearer ...", or upstreams.default.reflection.metadata',
    );
    const args = ['routes', '--reflection-header', 'authorization: Bearer x', '--upstream', address, ...trust];
    t.match(await outcomeOf(args), { code: 0, out: ' hello.Greeter.Hello ', err: '' }, 'the advice is right');
  }
});

test('a server that leaves the rules out says how to serve it all the same', async (t) => {
  const folder = t.testdir({
    'echo.proto': 'syntax = "proto3"; package echo; service Echo { rpc Say(Word) returns (Word); } message Word { string text = 1; }',
  });
  const loaded = protoLoader.loadSync('echo.proto', { includeDirs: [folder] });
  const server = new Server();
  new ReflectionService(loaded).addToServer(server);
  const { 'echo.Echo': service } = loaded;
  const say = (call: { readonly request: unknown }, done: (error: null, reply: unknown) => void) => done(null, call.request);
  server.addService(service as ServiceDefinition, { Say: say });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (e, bound) => (e === null ? resolve(bound) : reject(e)));
  });
  t.teardown(() => server.forceShutdown());
  const args = ['--reflection', '--upstream', `127.0.0.1:${port}`];
  t.match(await outcomeOf(['check', ...args]), { code: 0, out: /warning +echo\.Echo: came without HTTP rules .*--unbound/ });
  const child = startChild(t, [cli, ...args, '--unbound', '--port', '0']);
  const [, url = ''] = await child.line(/"url":"([^"]+)".*"msg":"serving"/);
  const answer = await fetch(`${url}/echo.Echo/Say`, { method: 'POST', body: '{"text":"hi"}' });
  t.equal(await answer.text(), '{"text":"hi"}');
});

test('the summary of a server that was asked, and of one that has no rules', async (t) => {
  const bare = compileProtos({ 'bare.proto': 'syntax = "proto3"; package bare; service Bare { rpc Get(M) returns (M); } message M {}' });
  const summary = async (files: readonly Uint8Array[], service: string) => {
    const { target } = await serveReflection(t, honest(files, [service]));
    const running = await startGateway({
      listen: '127.0.0.1:0',
      upstreams: { default: { target, reflection: true } },
      log: { level: 'silent' },
    });
    t.teardown(() => running.close({ graceMs: 0 }));
    return printSummary(running).replaceAll(target, 'TARGET').replaceAll(running.url, 'URL');
  };
  t.match(
    await summary(hello, 'hello.Greeter'),
    '  sources     reflection of TARGET\n  upstream    TARGET\n  services    1: hello.Greeter\n  routes      1 route at URL\n  Swagger UI  URL/swagger-ui/\n',
  );
  t.match(await summary(bare, 'bare.Bare'), '  services    none\n  routes      0 routes at URL\n');
});
