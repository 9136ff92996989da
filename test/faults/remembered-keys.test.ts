import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import { send } from '../support/http.js';
import { reachableBytes } from '../support/memory.js';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const LONG = 500_000;
const ROUNDS = 40;

/** Distinct in their first characters. */
const long = (i: number) => `${i}-`.padEnd(LONG, 'k');
const nested = (i: number) => `${'parent.'.repeat(i % 30)}labels[${long(i)}]=1`;

for (const [way, config] of [
  ['the direct way', {}],
  ['through Fastify', { trustProxy: ['192.0.2.1'] }],
] as const) {
  for (const [name, body] of [
    ['entries of maps', (i: number) => `labels[${long(i)}]=1`],
    ['entries of maps in messages', nested],
    ['fields, in long texts', (i: number) => `${'parent.'.repeat(i % 30)}title=${long(i)}`],
    ['escaped entries', (i: number) => `%6cabels%5B${long(i)}]=1`],
  ] as const) {
    test(`nothing of what only one client writes is kept: keys of ${name} (${way})`, async (t) => {
      const { url } = await startDesk(t, { unary: { CreateNote: () => ({}) } }, config);
      const post = async (i: number) => t.equal((await send(url, 'POST', '/v1/notes', body(i), form)).status, 200);
      await post(0);
      const before = reachableBytes();
      for (let i = 1; i <= ROUNDS; i++) await post(i);
      const kept = reachableBytes() - before;
      t.ok(kept < 6 * LONG, `${kept} bytes are kept of ${ROUNDS * LONG}`);
    });
  }
}

test('a key that is refused is told by its beginning', async (t) => {
  const { url } = await startDesk(t, { unary: { CreateNote: () => ({}) } });
  const reply = await send(url, 'POST', '/v1/notes', `${long(1)}=1`, form);
  t.equal(reply.status, 400);
  t.equal(JSON.parse(reply.text).message, `${long(1).slice(0, 1000)}...: unknown form field`);
  const ofJson = await send(url, 'POST', '/v1/notes', `{"${long(1)}":1}`, { 'content-type': 'application/json' });
  t.equal(ofJson.status, 400);
  t.ok(ofJson.text.length < 3000, `${ofJson.text.length} bytes`);
});
