import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { parse } from 'yaml';
import { presets } from '../../gateway/config/compat.js';
import { parseConfig } from '../../gateway/config/config.js';
import { printPreset } from '../../gateway/config/reference.js';
import type { Setup } from '../../gateway/index.js';
import { startChild } from '../gateway/cli/child.js';
import { startDesk } from '../gateway/desk.js';
import { type Received, startBackend } from '../support/backend.js';
import { parseCurl } from './curl.js';
import { partIsGenerated } from './generated.js';
import { blocksOf, sessionsOf, wordsOf } from './markdown.js';

const file = 'docs/from-grpc-gateway.md';
const page = readFileSync(file, 'utf8');

const note = { name: 'notes/1', title: 'One', words: '250' };

test('the requests of the page are answered as it says', async (t) => {
  const [proto = ''] = blocksOf(page, 'proto');
  const path = join(t.testdir({ 'notes.proto': proto }), 'notes.proto');
  const masks: unknown[] = [];
  const backend = await startBackend(path, {
    unary: {
      'notes.v1.Notes.GetNote': () => note,
      'notes.v1.Notes.UpdateNote': ({ request }) => {
        masks.push(request.update_mask);
        return { ...note, ...Object(request.note) };
      },
    },
    stream: {
      'notes.v1.Notes.ListNotes': async ({ request }, out) => {
        if (request.short === true) for (const name of ['notes/1', 'notes/2']) out.write({ name });
      },
    },
  });
  t.teardown(() => backend.close());

  const [start, ...calls] = sessionsOf(page);
  const [npx, name, ...args] = wordsOf(start?.command ?? '');
  t.strictSame([npx, name], ['npx', 'protogate']);
  const here = args.map((arg) => (arg === 'notes.proto' ? path : arg === 'localhost:50051' ? backend.target : arg));
  const gateway = startChild(t, ['dist/gateway/cli/main.js', ...here, '--port', '0']);
  const [, url = ''] = await gateway.line(/"url":"([^"]+)".*"msg":"serving"/);
  t.equal(calls.length, 3);
  for (const { command, output } of calls) {
    const { url: documented, init } = parseCurl(command);
    const answer = await fetch(documented.replace('http://localhost:8080', url), init);
    t.equal((await answer.text()).replace(/\n?$/, '\n'), output, command);
  }
  t.strictSame(masks, [{ paths: ['title'] }]);
});

test('its configurations are valid', (t) => {
  const blocks = blocksOf(page, 'yaml');
  t.equal(blocks.length, 2);
  for (const block of blocks) {
    const config = parseConfig(parse(block));
    t.strictSame(config.ok || config.problems, true);
  }
  t.end();
});

test('its table of what the preset sets is that of the preset', (t) => {
  partIsGenerated(t, file, 'preset', printPreset(presets['grpc-gateway']));
  t.end();
});

test('options that it names are there', (t) => {
  const named = [...page.matchAll(/`((?:json|metadata|streams)\.\w+)(?::[^`]*)?`/g)].map(([, key = '']) => key);
  const set = (key: string) => key.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), null);
  for (const key of new Set(named)) {
    const config = parseConfig(set(key));
    t.notMatch(config, { problems: [{ reason: /unknown key/ }] }, key);
  }
  t.end();
});

test('a hook can add metadata as it says', async (t) => {
  const calls: Received[] = [];
  const GetNote = (call: Received) => {
    calls.push(call);
    return { name: 'n' };
  };
  const config = { compat: 'grpc-gateway', metadata: { forward: ['x-tenant'] } } as const;
  const setup: Setup = (app) => {
    app.addHook('onRequest', async (request) => {
      request.raw.rawHeaders.push('x-tenant', 'a');
    });
  };
  const { url } = await startDesk(t, { unary: { GetNote } }, config, { setup });
  t.equal((await fetch(`${url}/v1/notes/1`)).status, 200);
  t.strictSame(calls[0]?.metadata.get('x-tenant'), ['a']);
});
