import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { parse } from 'yaml';
import { presets } from '../../gateway/config/compat.js';
import { parseConfig } from '../../gateway/config/config.js';
import { printPreset } from '../../gateway/config/reference.js';
import { partIsGenerated } from './generated.js';
import { blocksOf } from './markdown.js';

const file = 'docs/google-clients.md';

test('its table of what the preset sets is that of the preset', (t) => {
  partIsGenerated(t, file, 'preset', printPreset(presets.google));
  t.end();
});

test('its configuration is valid', (t) => {
  const blocks = blocksOf(readFileSync(file, 'utf8'), 'yaml');
  t.equal(blocks.length, 1);
  for (const block of blocks) t.match(parseConfig(parse(block)), { ok: true, value: { compat: 'google' } });
  t.end();
});
