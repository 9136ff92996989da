import { test } from 'tap';
import { createLog } from '../../../gateway/runtime/log.js';

/** What a log writes to a terminal. */
function written(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const terminal = {
    isTTY: true,
    write: (line: string) => {
      text += line;
    },
  };
  write(createLog({ level: 'info' }, terminal as unknown as NodeJS.WriteStream));
  return text.replace(/^[\d:]{8}/gm, 'TIME');
}

test('an entry is a line for people on a terminal', async (t) => {
  t.equal(
    written((log) => log.warn({ rpc: 'a.B.C', err: new Error('it broke') }, 'failed')),
    'TIME WARN  failed rpc=a.B.C err="it broke"\n',
  );
});

test('what clients send cannot steer the terminal', async (t) => {
  t.equal(
    written((log) => log.info({ requestId: '\x9b31m\x1b[0m' }, 'a\nb')),
    'TIME INFO  a\\u000ab requestId=\\u009b31m\\u001b[0m\n',
  );
});
