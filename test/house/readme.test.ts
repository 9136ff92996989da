import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { startChild } from '../gateway/cli/child.js';
import { startBackend } from '../support/backend.js';
import { parseCurl } from './curl.js';
import { blocksOf, sessionsOf, wordsOf } from './markdown.js';

const readme = readFileSync('README.md', 'utf8');

test('the first example of the README does what it says', async (t) => {
  const [proto = ''] = blocksOf(readme, 'proto');
  const file = join(t.testdir({ 'helloworld.proto': proto }), 'helloworld.proto');
  const backend = await startBackend(file, {
    unary: { 'helloworld.Greeter.SayHello': ({ request }) => ({ message: `Hello, ${String(request.name)}!` }) },
  });
  t.teardown(() => backend.close());
  const [start, call] = sessionsOf(readme);
  const [npx, name, ...args] = wordsOf(start?.command ?? '');
  t.strictSame([npx, name], ['npx', 'protogate']);
  const here = args.map((arg) => (arg === 'helloworld.proto' ? file : arg === 'localhost:50051' ? backend.target : arg));
  t.notSame(here, args);
  const gateway = startChild(t, ['dist/gateway/cli.js', ...here, '--port', '0']);
  const [, url = ''] = await gateway.line(/"url":"([^"]+)".*"msg":"serving"/);
  const { url: documented, init } = parseCurl(call?.command ?? '');
  const answer = await fetch(documented.replace('http://localhost:8080', url), init);
  t.equal(`${await answer.text()}\n`, call?.output);
});

test('the README and the guide for contributors name scripts that there are', (t) => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const text = [readme, readFileSync('CONTRIBUTING.md', 'utf8')].flatMap((page) => blocksOf(page, 'sh')).join('');
  const named = [...text.matchAll(/npm (?:run )?(start|test|build|format|check)\b/g)].map((m) => m[1] ?? '');
  t.strictSame([...new Set(named)].sort(), ['build', 'format', 'start', 'test']);
  for (const name of named) t.type(scripts[name], 'string', name);
  t.end();
});
