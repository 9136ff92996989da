import t, { type Test } from 'tap';
import type { ConfigInput } from '../../../../gateway/index.js';
import { Random } from '../../../proto/json/fuzz-input.js';
import { until } from '../../../support/raw.js';
import { type Conversation, randomConversation } from './conversation.js';
import { converse, startWays, type Ways } from './desks.js';

/** Conversations are held for so long; other seeds by the environment, too. */
const seconds = Number(process.env.PROTOGATE_FUZZ_SECONDS ?? 5);
const seed = Number(process.env.PROTOGATE_FUZZ_SEED ?? 20_261_121);

t.setTimeout(seconds * 2000 + 120_000);

/** Short: what waits for them holds all up. */
const limits = { bodyTimeoutMs: 500, headersTimeoutMs: 1000, keepAliveTimeoutMs: 2000 };

const configs: Readonly<Record<string, ConfigInput>> = {
  'by default': { limits, policies: [{ select: '*', maxBody: 4000 }], metadata: { reply: ['x-checksum'], trailers: true } },
  'in the form of Google': { limits, policies: [{ select: '*', maxBody: 4000, errors: 'google' }], systemParameters: 'both' },
  'as grpc-gateway does': { limits, compat: 'grpc-gateway' },
};

/** What both ways say and what they ask of the server, if that differs; from a busy machine it must differ three times, since limits of time pass there. */
async function difference([direct, fastify]: Ways, pieces: Conversation): Promise<readonly [string, string] | undefined> {
  let both: readonly [string, string] = ['', ''];
  for (let attempt = 0; attempt < 3; attempt++) {
    both = await Promise.all([converse(direct, pieces), converse(fastify, pieces)]);
    served += both[0].includes('HTTP/1.1 200') ? 1 : 0;
    if (both[0] === both[1]) return undefined;
  }
  return both;
}

let conversations = 0;
let served = 0;

async function converseAtRandom(t: Test, name: string, ways: Ways): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (let one = seed; performance.now() < end; one++) {
    const pieces = randomConversation(new Random(one));
    conversations += 1;
    const found = await difference(ways, pieces);
    if (found === undefined) continue;
    const written = JSON.stringify(pieces.map((piece) => piece.toString('latin1')));
    t.equal(found[0], found[1], `${name}, PROTOGATE_FUZZ_SEED=${one}: ${written}`);
    return;
  }
}

t.test('random conversations are answered with the same bytes on both ways, and leave nothing behind', async (t) => {
  const all: (readonly [string, Ways])[] = [];
  for (const [name, config] of Object.entries(configs)) all.push([name, await startWays(t, config)]);
  await Promise.all(all.map(([name, ways]) => converseAtRandom(t, name, ways)));
  t.ok(served > conversations / 4, `in ${served} of ${conversations} something was served`);
  const desks = all.flatMap(([, ways]) => ways.map(({ desk }) => desk));
  await until(() => desks.every(({ running }) => running.gateway.current.inFlight === 0));
  t.pass('nothing is in progress');
});
