import { test } from 'tap';
import { flags, nameOf, printFlags } from '../../../gateway/cli/flags.js';
import { configKeys } from '../../../gateway/config/keys.js';
import { partIsGenerated } from '../../house/generated.js';

test('the table of flags in the manual is that of the program', (t) => {
  partIsGenerated(t, 'docs/command-line.md', 'flags', printFlags());
  t.end();
});

test('every flag stands for a key of the configuration', (t) => {
  const keys = configKeys().map(({ key }) => key.replace('upstreams.NAME', 'upstreams.default'));
  for (const flag of flags) t.ok(keys.includes(flag.key), `${nameOf(flag)} is ${flag.key}`);
  t.end();
});
