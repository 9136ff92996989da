import { test } from 'tap';
import { percentDecode } from '../../../../gateway/upstream/h2/percent.js';

const rows: readonly [text: string, says: string][] = [
  ['', ''],
  ['plain text', 'plain text'],
  ['%', '%'],
  ['%4', '%4'],
  ['%41', 'A'],
  ['%4g', '%4g'],
  ['%%41', '%A'],
  ['%2541', '%41'],
  ['%E2%98%BA!', '\u263a!'],
  ['%e2%98%ba', '\u263a'],
  ['%FF', '\ufffd'],
  ['\u00e2\u0098\u00ba', '\u263a'],
  ['a%0Ab', 'a\nb'],
];

test('a grpc-message is percent-encoded UTF-8, and broken escapes stand for themselves', async (t) => {
  for (const [text, says] of rows) t.equal(percentDecode(text), says, JSON.stringify(text));
});
