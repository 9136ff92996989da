import { type Test, test } from 'tap';
import type { ConfigInput } from '../../gateway/index.js';
import { type Desk, startDesk } from '../gateway/desk.js';
import { Gate } from '../support/gate.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const GET = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';
const SLOW = 'DELETE /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';
const STREAM = 'GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\n\r\n';

/** GET is answered at once, SLOW when the gate opens, a stream goes on for as long as its client stays. */
function start(t: Test, gate: Pick<Gate, 'unary'>, config: ConfigInput): Promise<Desk> {
  return startDesk(
    t,
    {
      unary: { GetNote: () => ({ name: 'notes/1' }), DeleteNote: gate.unary },
      stream: {
        StreamNotes: async (call, out) => {
          out.write({ name: 'notes/1' });
          await call.cancelled;
        },
      },
    },
    config,
  );
}

for (const [way, config] of Object.entries(ways)) {
  test(`a client that leaves behind the first of two answers is counted once, ${way}`, async (t) => {
    const gate = new Gate({});
    const { url, running } = await start(t, gate, config);
    const { current } = running.gateway;
    const other = await Raw.open(url, STREAM);
    await other.until(() => other.text.includes('notes/1'));
    const raw = await Raw.open(url, GET + SLOW);
    await raw.until(() => raw.text.includes('notes/1'));
    await until(() => gate.calls.length === 1);
    raw.socket.destroy();
    await gate.calls[0]?.cancelled;
    await until(() => current.inFlight === 1);
    await running.gateway.reload('test');
    await new Promise(setImmediate);
    t.notOk(other.closed, 'the stream of another client goes on');
    t.equal(current.inFlight, 1);
    other.socket.destroy();
    await until(() => current.inFlight === 0);
  });

  test(`whatever order requests, answers, departures and reloads come in, all are counted once, ${way}`, async (t) => {
    for (let seed = 1; seed <= 5; seed++) {
      const random = numbers(seed);
      let gate = new Gate({});
      const { url, running } = await start(t, { unary: (call) => gate.unary(call) }, config);
      const generations = new Set([running.gateway.current]);
      const clients: Raw[] = [];
      for (let step = 0; step < 60; step++) {
        const dice = random(10);
        if (dice < 5) {
          const requests = Array.from({ length: 1 + random(4) }, () => [GET, SLOW, STREAM][random(3)] ?? GET);
          clients.push(await Raw.open(url, requests.join('')));
        } else if (dice < 8) clients.splice(random(clients.length + 1), 1)[0]?.socket.destroy();
        else if (dice < 9) {
          gate.open();
          gate = new Gate({});
        } else {
          await running.gateway.reload('test');
          generations.add(running.gateway.current);
        }
        for (const { id, inFlight } of generations) if (inFlight < 0) t.fail(`seed ${seed}: ${inFlight} in progress in generation ${id}`);
      }
      for (const { socket } of clients) socket.destroy();
      gate.open();
      await until(() => [...generations].every(({ inFlight }) => inFlight === 0));
      const metrics = await running.gateway.runtime.metrics.metrics();
      t.match(metrics, /^protogate_generations 1$/m, `seed ${seed}: generations before have ended`);
      await running.close({ graceMs: 0 });
    }
  });
}

/** Numbers below a bound that are the same for a seed. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
