import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'tap';
import { parse } from 'yaml';
import { parseConfig } from '../../gateway/config/config.js';
import { startDesk } from '../gateway/desk.js';
import type { StreamHandler } from '../support/backend.js';
import { send } from '../support/http.js';

/** Sends one note, and ends when it is cancelled. */
const endless: StreamHandler = async (call, out) => {
  if (call.request.count === 1) out.write({ name: 'n' });
  await call.cancelled;
};

test('deadlineMs in a policy for everything leaves streams alone', async (t) => {
  const patient: StreamHandler = async ({ timeLeftMs }, out) => void out.write({ name: String(timeLeftMs) });
  const { url } = await startDesk(t, { stream: { StreamNotes: patient } }, { policies: [{ select: '*', deadlineMs: 1 }] });
  t.match((await send(url, 'GET', '/v1/notes:stream')).text, /^\{"name":"Infinity"/);
});

test('streamDeadlineMs ends a stream with an error, which is 504 before the first item', async (t) => {
  const { url } = await startDesk(
    t,
    { stream: { StreamNotes: endless } },
    { policies: [{ select: '*', streamDeadlineMs: 1500 }], streams: { headerDelayMs: 60_000 } },
  );
  // The server knows the deadline too, and may be the first to say so: the sentence is one or the other.
  const silent = await send(url, 'GET', '/v1/notes:stream');
  t.strictSame([silent.status, JSON.parse(silent.text).code], [504, 4]);
  const begun = await send(url, 'GET', '/v1/notes:stream?count=1');
  const [item = '', error = '', ...rest] = begun.text.split('\n');
  t.strictSame([begun.status, JSON.parse(item).name, JSON.parse(error).error.code, rest], [200, 'n', 4, ['']]);
});

test('the first example of the manual sets no deadline for streams', (t) => {
  const manual = readFileSync(resolve(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
  const config = parseConfig(parse(/```yaml\n([\s\S]*?)```/.exec(manual)?.[1] ?? ''));
  if (!config.ok) throw new Error('the example is refused');
  t.strictSame(
    config.value.policies.map((policy) => [policy.select, policy.deadlineMs, policy.streamDeadlineMs]),
    [
      ['bookstore.v1.*', 5000, undefined],
      ['bookstore.v1.BookService.CreateBook', undefined, undefined],
    ],
  );
  t.end();
});
