import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { startGateway } from '../../gateway/index.js';
import { childOf } from '../gateway/cli/child.js';
import { type StreamHandler, startBackend } from '../support/backend.js';
import { openBrowser } from '../support/browser.js';
import { skipUnless } from '../support/require.js';
import { parseCurl } from './curl.js';
import { blocksOf, sessionsOf } from './markdown.js';

const manual = readFileSync('docs/streams.md', 'utf8');
const [, section = ''] = /^## Server streams\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(manual) ?? [];

const notes: StreamHandler = async ({ request }, out) => {
  for (let i = 1; i <= Number(request.count ?? 0); i += 1) out.write({ title: `note ${i}` });
};

/** The URL of a gateway before the service of the page. */
async function serve(t: Test): Promise<string> {
  const [proto = ''] = blocksOf(manual, 'proto');
  const file = join(t.testdir({ 'notes.proto': proto }), 'notes.proto');
  const backend = await startBackend(file, { stream: { 'notes.v1.Notes.WatchNotes': notes } });
  t.teardown(() => backend.close());
  const running = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [file] },
    upstreams: { default: { target: backend.target } },
    log: { level: 'silent' },
  });
  t.teardown(() => running.close({ graceMs: 0 }));
  return running.url;
}

test('what curl prints of server streams is what the manual says', async (t) => {
  const url = await serve(t);
  const sessions = sessionsOf(section);
  t.equal(sessions.length, 3);
  for (const { command, output } of sessions) {
    const { url: documented, init } = parseCurl(command);
    const text = await (await fetch(documented.replace(/^localhost:8080/, url), init)).text();
    // The fence of a block stands on a line of its own.
    t.equal(text.endsWith('\n') ? text : `${text}\n`, output, command);
  }
});

test('the example in Python reads a server stream', async (t) => {
  if (!skipUnless(t, spawnSync('python3', ['--version']).status === 0, 'python3')) return;
  const url = await serve(t);
  const [program = ''] = blocksOf(section, 'python');
  const python = spawn('python3', ['-c', program.replace('http://localhost:8080', url)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { code, out, err } = await childOf(t, python).ended;
  t.strictSame({ code, out, err }, { code: 0, out: 'note 1\nnote 2\n', err: '' });
});

test('the example with EventSource reads a server stream in a browser', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const url = await serve(t);
  const page = await browser.newPage();
  await page.goto(`${url}/healthz`);
  const lines: string[] = [];
  const complete = new Promise<void>((resolve) => {
    page.on('console', (line) => {
      if (line.type() !== 'log') return;
      lines.push(line.text());
      if (line.text() === 'complete') resolve();
    });
  });
  const [program = ''] = blocksOf(section, 'js');
  await page.evaluate(`{ ${program} }`);
  await complete;
  t.strictSame(lines, ['1 note 1', '2 note 2', 'complete']);
});

const [, ofWebSockets = ''] = /^## WebSocket\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(manual) ?? [];
const [inBrowser = '', inNode = '', withMetadata = ''] = blocksOf(ofWebSockets, 'js');

/** The program at another address. */
const at = (url: string, program: string) => program.replace('ws://localhost:8080', url.replace(/^http/, 'ws'));

test('the examples with WebSocket run in a browser, on a page of the gateway and on no other', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const url = await serve(t);
  const other = await serve(t);
  const page = await browser.newPage();
  const lines: string[] = [];
  page.on('console', (line) => line.type() === 'log' && lines.push(line.text()));
  const run = async (from: string, program: string) => {
    lines.length = 0;
    await page.goto(`${from}/healthz`);
    await page.evaluate(`{ ${at(url, program)}; new Promise((resolve) => socket.addEventListener('close', () => setTimeout(resolve))); }`);
    return [...lines];
  };
  const log = `socket.onclose = ({ code }) => console.log(code);`;
  t.strictSame(await run(url, inBrowser), ['note 1', 'note 2', '1000 ']);
  t.strictSame(await run(url, `${withMetadata} ${log}`), ['1000']);
  t.strictSame(await run(other, inBrowser), ['1006 '], 'the handshake is refused');
});

test('the example with WebSocket runs in Node', async (t) => {
  const url = await serve(t);
  const node = spawn(process.execPath, ['--input-type=module', '-e', at(url, inNode)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { code, out, err } = await childOf(t, node).ended;
  t.strictSame({ code, out, err }, { code: 0, out: 'note 1\nnote 2\n1000 \n', err: '' });
});
