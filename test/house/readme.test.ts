import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { startChild } from '../gateway/cli/child.js';
import { addEcho, honest, serveReflection } from '../gateway/sources/reflection/server.js';
import { startBackend } from '../support/backend.js';
import { compileProtos } from '../support/schema.js';
import { parseCurl } from './curl.js';
import { blocksOf, sessionsOf, wordsOf } from './markdown.js';

const readme = readFileSync('README.md', 'utf8');

/** Runs a command of the README, here with other words in place of some of its own; the URL that it serves at. */
async function serve(t: Test, command = '', instead: Readonly<Record<string, string>>): Promise<string> {
  const [npx, name, ...args] = wordsOf(command);
  t.strictSame([npx, name], ['npx', 'protogate']);
  for (const word of Object.keys(instead)) t.ok(args.includes(word), word);
  const gateway = startChild(t, ['dist/gateway/cli/main.js', ...args.map((arg) => instead[arg] ?? arg), '--port', '0']);
  const [, url = ''] = await gateway.line(/"url":"([^"]+)".*"msg":"serving"/);
  return url;
}

test('the first example of the README does what it says', async (t) => {
  const [proto = ''] = blocksOf(readme, 'proto');
  const file = join(t.testdir({ 'helloworld.proto': proto }), 'helloworld.proto');
  const backend = await startBackend(file, {
    unary: { 'helloworld.Greeter.SayHello': ({ request }) => ({ message: `Hello, ${String(request.name)}!` }) },
  });
  t.teardown(() => backend.close());
  const [start, call] = sessionsOf(readme);
  const url = await serve(t, start?.command, { 'helloworld.proto': file, 'localhost:50051': backend.target });
  const { url: documented, init } = parseCurl(call?.command ?? '');
  const answer = await fetch(documented.replace('http://localhost:8080', url), init);
  t.equal(`${await answer.text()}\n`, call?.output);
});

test('a server with reflection is served without files and rules, as the README says', async (t) => {
  const [proto = ''] = blocksOf(readme, 'proto');
  const bare = proto.replace(/^import .*$/m, '').replace(/^ *option .*$/m, '');
  const { target } = await serveReflection(t, honest(compileProtos({ 'helloworld.proto': bare }), ['helloworld.Greeter']), {
    add: (server) => addEcho(server, 'helloworld.Greeter', ['SayHello']),
  });
  const [, , start] = sessionsOf(readme);
  const url = await serve(t, start?.command, { 'localhost:50051': target });
  const answer = await fetch(`${url}/helloworld.Greeter/SayHello`, { method: 'POST', body: '{"name":"world"}' });
  t.equal(await answer.text(), '{"message":"world"}', 'the request comes back as a reply');
});

test('the README and the guide for contributors name scripts that there are', (t) => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const text = [readme, readFileSync('CONTRIBUTING.md', 'utf8')].flatMap((page) => blocksOf(page, 'sh')).join('');
  const named = [...text.matchAll(/npm (?:run )?(start|test|build|format|check)\b/g)].map((m) => m[1] ?? '');
  t.strictSame([...new Set(named)].sort(), ['build', 'format', 'start', 'test']);
  for (const name of named) t.type(scripts[name], 'string', name);
  t.end();
});
