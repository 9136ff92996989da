import { pino } from 'pino';
import { test } from 'tap';
import type { Logger } from '../../gateway/index.js';
import { startDesk } from '../gateway/desk.js';
import { send } from '../support/http.js';

/** What leads to a status that is logged as a failure of the gateway or its upstream, except where the client wanted it. */
const requests = [
  { name: 'a deadline that has passed', path: '/v1/notes/1', timeout: '0m', status: 504 },
  { name: 'a deadline that passes', path: '/v1/notes/1', timeout: '5m', status: 504 },
  { name: 'a deadline of a stream that passes before its first item', path: '/v1/notes:stream', timeout: '5m', status: 504 },
  { name: 'a deadline of a stream that passes behind an item', path: '/v1/notes:stream?count=1', timeout: '300m', status: 200 },
] as const;

for (const { name, path, timeout, status } of requests) {
  test(`nothing is logged of ${name}, if the client chose it`, async (t) => {
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => lines.push(line) }) as Logger;
    const unary = { GetNote: async ({ cancelled }: { cancelled: Promise<void> }) => cancelled.then(() => ({})) };
    const stream = {
      StreamNotes: async (call: { request: { count?: number }; cancelled: Promise<void> }, out: { write(m: object): boolean }) => {
        if (call.request.count === 1) out.write({});
        await call.cancelled;
      },
    };
    const desk = await startDesk(t, { unary, stream }, {}, { log });
    const before = lines.length;
    const reply = await send(desk.url, 'GET', path, undefined, { 'grpc-timeout': timeout });
    t.equal(reply.status, status);
    t.strictSame(lines.slice(before), []);
  });
}

test('a deadline that the operator chose is logged', async (t) => {
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(line) }) as Logger;
  const unary = { GetNote: async ({ cancelled }: { cancelled: Promise<void> }) => cancelled.then(() => ({})) };
  const desk = await startDesk(t, { unary }, { policies: [{ select: '*', deadlineMs: 5 }] }, { log });
  for (const headers of [{}, { 'grpc-timeout': '1H' }]) {
    const before = lines.length;
    t.equal((await send(desk.url, 'GET', '/v1/notes/1', undefined, headers)).status, 504);
    t.match(JSON.parse(lines.slice(before).join('')), {
      level: 40,
      // The server keeps the deadline, too, and may be first to say so.
      msg: /^(The upstream did not answer in time\.|Deadline exceeded)$/,
      rpc: 'desk.v1.Desk.GetNote',
    });
  }
});
