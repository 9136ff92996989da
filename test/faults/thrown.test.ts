import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type Test, test } from 'tap';
import type { ConfigInput, Setup } from '../../gateway/index.js';
import { startDesk } from '../gateway/desk.js';
import { LogEntries } from '../gateway/log-entries.js';
import type { Handlers } from '../gateway/service.js';
import type { Message, Received } from '../support/backend.js';
import { send } from '../support/http.js';

/** Calls `spoil` with the response of every request to that path. */
function spoilAnswers(t: Test, path: string, spoil: (response: ServerResponse) => void): void {
  const listener = (message: unknown): void => {
    const { request, response } = message as { request: { url: string }; response: ServerResponse };
    if (request.url === path) spoil(response);
  };
  subscribe('http.server.request.start', listener);
  t.teardown(() => unsubscribe('http.server.request.start', listener));
}

/** The first call of that method throws. */
function throwOnce(of: object, method: string): void {
  const real = Reflect.get(of, method);
  Reflect.set(of, method, () => {
    Reflect.set(of, method, real);
    throw new Error('boom');
  });
}

/** A gateway, its log, the warnings of the process, and how many faults it has counted. */
async function start(t: Test, handlers: Handlers, setup: Setup | undefined, config: ConfigInput = {}) {
  const entries = new LogEntries();
  const options = { log: entries.log, ...(setup === undefined ? {} : { setup }) };
  const desk = await startDesk(t, handlers, { ...config, admin: { listen: '127.0.0.1:0' } }, options);
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  const counted = async (): Promise<number> => {
    const { text } = await send(desk.running.adminUrl ?? '', 'GET', '/metrics');
    return Number(/^protogate_faults_total (\d+)$/m.exec(text)?.[1]);
  };
  return { desk, entries, warnings, counted };
}

for (const way of ['direct', 'Fastify'] as const) {
  test(`${way}: an exception in the code that ends a call is answered 500, logged and counted, and hurts no other call`, async (t) => {
    let answer = (): void => {};
    const { desk, entries, warnings, counted } = await start(
      t,
      {
        unary: {
          GetNote: async ({ request }) => {
            if (request.name === 'notes/other') await new Promise<void>((resolve) => (answer = resolve));
            return { title: 'a note' };
          },
        },
      },
      way === 'direct' ? undefined : () => {},
    );
    spoilAnswers(t, '/v1/notes/spoilt', (response) => throwOnce(response, 'writeHead'));
    const other = send(desk.url, 'GET', '/v1/notes/other');
    const spoilt = await send(desk.url, 'GET', '/v1/notes/spoilt');
    t.equal(spoilt.status, 500);
    t.equal(spoilt.text, '{"code":13,"message":"Internal error.","details":[]}');
    answer();
    t.equal((await other).status, 200);
    t.match(await entries.next('a fault of the gateway'), { level: 50, rpc: 'desk.v1.Desk.GetNote', err: { message: 'boom' } });
    t.equal(await counted(), 1);
    t.strictSame(warnings, []);
    t.equal(desk.running.gateway.current.inFlight, 0);
  });
}

/** What throws once, and when, on the way of a stream's answer; `items`: whether the server sends one. */
const streams = [
  { when: 'with its first item', items: true, throws: 'type', delayMs: 60_000, status: 500 },
  { when: 'without an item', items: false, throws: 'type', delayMs: 1, status: 500 },
  { when: 'when it was handed over', items: true, throws: 'setHeader', delayMs: 60_000, status: undefined },
] as const;

for (const { when, items, throws, delayMs, status } of streams) {
  const outcome = status === undefined ? 'cuts it off' : 'is answered 500';
  test(`an exception where a stream begins ${when} ${outcome}, is logged and counted, and cancels its call`, async (t) => {
    let cancelled = Promise.resolve();
    const stream = {
      StreamNotes: async (call: Received, out: { write(m: Message): boolean }) => {
        cancelled = call.cancelled;
        if (items) out.write({ title: 'a note' });
        await call.cancelled;
      },
    };
    const setup = (app: FastifyInstance): void => {
      app.addHook('onRequest', async (_request, reply) => {
        throwOnce(throws === 'type' ? reply : reply.raw, throws);
      });
    };
    const { desk, entries, warnings, counted } = await start(t, { stream }, setup, { streams: { headerDelayMs: delayMs } });
    const reply = await send(desk.url, 'GET', '/v1/notes:stream').catch(() => undefined);
    t.equal(reply?.status, status);
    if (reply !== undefined) t.equal(reply.text, '{"code":13,"message":"Internal error.","details":[]}');
    await cancelled;
    t.match(await entries.next('a fault of the gateway'), { level: 50, rpc: 'desk.v1.Desk.StreamNotes', err: { message: 'boom' } });
    t.equal(await counted(), 1);
    t.strictSame(warnings, []);
  });
}
