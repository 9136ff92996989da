import { test } from 'tap';
import { compileComposer } from '../../gateway/transcode/compose.js';
import { createCodec } from '../../proto/json/create.js';
import { kinds } from '../gateway/transcode/kinds.js';

const repeat = (count: number, key: (i: number) => string) => Array.from({ length: count }, (_, i) => key(i)).join('&');
const deep = 'inner.'.repeat(30);

const rows = [
  ['one key', repeat(1000, () => 'words=a')],
  ['keys through many fields, when no more are remembered', repeat(1000, () => `${deep}tags=a`)],
  ['entries of maps within many fields', repeat(1000, (i) => `${deep}notes[${i}]=a`)],
  ['unknown keys within many fields', repeat(1000, (i) => `${deep}x${i}=a`)],
  ['keys of dots', repeat(1000, (i) => `${'.'.repeat(900)}x${i}=a`)],
  ['nothing between ampersands', '&'.repeat(1_000_000)],
  ['more keys than may be', repeat(300_000, () => 'a')],
  ['a number of many digits', `real=${'9'.repeat(1_000_000)}`],
  ['a mask of paths through many fields', `mask=${`${'inner.'.repeat(1000)}text,`.repeat(150)}`],
] as const;

test('a form of a megabyte holds the event loop for less than 50 ms, whatever its keys are', async (t) => {
  const match = kinds.table.match('POST', '/b');
  if (match.kind !== 'hit') throw new Error('no route');
  const codec = createCodec(kinds.schema);
  const options = { unknown: 'ignore', pathConflict: 'error', patchMask: true, queryLists: 'repeat' } as const;
  const { compose } = compileComposer(match.binding, codec, codec.createSink(), options);
  const bind = (form: string) => {
    try {
      compose([], '', { kind: 'form', bytes: Buffer.from(form) });
    } catch {
      // Refused or not: it must not take long.
    }
  };
  // Nothing more is remembered then.
  bind(repeat(30, (i) => `${'inner.'.repeat(i + 1)}text=a`));
  for (const [name, form] of rows) {
    const times = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage();
      bind(form);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    t.ok(Math.min(...times) < 5 * 50, `${name}: ${times} ms`);
  }
});
