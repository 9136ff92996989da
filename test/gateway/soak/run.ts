import { parseArgs } from 'node:util';
import { soak } from './soak.js';

/** By default the long run, of an API that is large enough for a thread. */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    reloads: { type: 'string', default: '100' },
    broken: { type: 'string', default: '1000' },
    others: { type: 'string', default: '30' },
  },
});
const requests = Number(values.requests);
const [reloads, broken, others] = [Number(values.reloads), Number(values.broken), Number(values.others)];
const made = await soak({ requests, reloads, broken, others, progress: (line) => console.log(line) });

const MAX_GROWN = 10 * 2 ** 20;
const faults = [
  ...made.failures,
  ...made.wrongReloads,
  ...(made.stream === '{"said0":"first"}\n{"said0":"last"}\n' ? [] : [`the stream that began before the first reload said ${made.stream}`]),
  ...(made.grown < MAX_GROWN ? [] : [`${made.grown} bytes more on the heap`]),
];
const grown = (made.grown / 2 ** 20).toFixed(1);
for (const fault of faults) console.log(fault);
console.log(`${made.requests} requests, ${reloads} reloads, ${broken} broken sets: ${faults.length} faults, ${grown} MiB more on the heap`);
process.exitCode = faults.length === 0 && made.requests >= requests ? 0 : 1;
