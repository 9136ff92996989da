import { test } from 'tap';
import { ItemTooLarge } from '../../../proto/split.js';
import { createDelimitedSplitter } from '../../../proto/wire/delimited.js';

/** The messages of bytes that come in these chunks, and behind them why there are no more. */
function messagesOf(chunks: readonly Uint8Array[], maxItem = 1000): string[] {
  const splitter = createDelimitedSplitter(maxItem);
  const messages: string[] = [];
  try {
    for (const chunk of chunks) {
      splitter.push(chunk);
      for (let item = splitter.next(); item !== undefined; item = splitter.next()) messages.push(Buffer.from(item).toString('latin1'));
    }
    splitter.end();
  } catch (e) {
    messages.push(`! ${(e as Error).message}`);
  }
  return messages;
}

const long = 'x'.repeat(300);
const malformed = '! the length of the message is malformed';

const rows: readonly (readonly [name: string, bytes: string, messages: readonly string[]])[] = [
  ['messages behind their lengths', '\x01a\x03bcd', ['a', 'bcd']],
  ['empty messages', '\0\0\x01a\0', ['', '', 'a', '']],
  ['a message whose length has two bytes', `\xac\x02${long}`, [long]],
  ['a length that is longer than it need be', '\x81\x80\x00a', ['a']],
  ['nothing', '', []],
  ['a message that is cut off', '\x01a\x02b', ['a', '! the message is cut off']],
  ['a length that is cut off', '\x01a\x81', ['a', '! the message is cut off']],
  ['a length without end', '\xff\xff\xff\xff\xff', [malformed]],
  ['a length that is too large', '\xff\xff\xff\xff\x0f', ['! is larger than 1000 bytes']],
];

for (const [name, text, messages] of rows) {
  test(`it cuts ${name}, in chunks cut anywhere`, async (t) => {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at <= bytes.length; at += 1) {
      t.strictSame(messagesOf([bytes.subarray(0, at), bytes.subarray(at)]), messages, `cut at ${at}`);
    }
    t.strictSame(messagesOf(Array.from(bytes, (byte) => Buffer.of(byte))), messages, 'at every byte');
  });
}

test('a message may have as many bytes as the limit; one more is refused before they come', async (t) => {
  t.strictSame(messagesOf([Buffer.from('\x03abc')], 3), ['abc']);
  const splitter = createDelimitedSplitter(3);
  splitter.push(Buffer.of(4));
  t.throws(() => splitter.next(), new ItemTooLarge(3));
});
