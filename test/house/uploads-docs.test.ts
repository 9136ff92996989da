import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { startGateway } from '../../gateway/index.js';
import { childOf } from '../gateway/cli/child.js';
import { type BidiHandler, type ClientStreamHandler, startBackend } from '../support/backend.js';
import { skipUnless } from '../support/require.js';
import { blocksOf, sessionsOf } from './markdown.js';

const manual = readFileSync('docs/streams.md', 'utf8');
const [, section = ''] = /^## Streams from clients\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(manual) ?? [];

const add: ClientStreamHandler = async (_call, messages) => {
  let count = 0;
  for await (const _note of messages) count += 1;
  return { count };
};

const discuss: BidiHandler = async (_call, messages, out) => {
  for await (const { title } of messages) out.write({ title: `re: ${title}` });
};

/** Host and port of a gateway before the service of the page. */
async function serve(t: Test): Promise<string> {
  const [proto = ''] = blocksOf(manual, 'proto');
  const file = join(t.testdir({ 'notes.proto': proto }), 'notes.proto');
  const backend = await startBackend(file, {
    clientStream: { 'notes.v1.Notes.AddNotes': add },
    bidi: { 'notes.v1.Notes.DiscussNotes': discuss },
  });
  t.teardown(() => backend.close());
  const running = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [file] },
    upstreams: { default: { target: backend.target } },
    log: { level: 'silent' },
  });
  t.teardown(() => running.close({ graceMs: 0 }));
  return new URL(running.url).host;
}

const run = (t: Test, program: string, args: readonly string[]) =>
  childOf(t, spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })).ended;

test('what curl prints of streams from clients is what the manual says', async (t) => {
  if (!skipUnless(t, spawnSync('curl', ['--version']).status === 0, 'curl')) return;
  const host = await serve(t);
  const sessions = sessionsOf(section);
  t.equal(sessions.length, 4);
  for (const { command, output } of sessions) {
    const { out, err } = await run(t, 'sh', ['-c', command.replace('localhost:8080', host)]);
    t.strictSame([out.endsWith('\n') ? out : `${out}\n`, err], [output, ''], command);
  }
});

test('the example with fetch sends and receives at the same time', async (t) => {
  const host = await serve(t);
  const [program = ''] = blocksOf(section, 'js');
  const { code, out, err } = await run(t, process.execPath, ['--input-type=module', '-e', program.replace('localhost:8080', host)]);
  t.strictSame({ code, out, err }, { code: 0, out: '{"title":"re: a"}\n{"title":"re: b"}\n', err: '' });
});
