import { createGateway } from '../../gateway/index.js';
import { measureBlocks } from '../../gateway/lifecycle/block-meter.js';

const RELOADS = 3;

interface Cost {
  readonly seconds: number;
  readonly cpu: number;
  readonly blockMs: number;
  /** Longest time between two turns of the event loop that was spent working, ms: other processes do not count. Undefined before Node.js 24. */
  readonly blockCpuMs: number | undefined;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [blocks, turns] = [measureBlocks(), measureTurns()];
  const [began, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, cpu: (user + system) / 1e6, blockMs: await blocks(), blockCpuMs: await turns() };
}

function measureTurns(): () => Promise<number | undefined> {
  // Not known to the types of the oldest version that is supported.
  const { threadCpuUsage } = process as { readonly threadCpuUsage?: () => { readonly user: number; readonly system: number } };
  if (threadCpuUsage === undefined) return async () => undefined;
  const now = () => {
    const { user, system } = threadCpuUsage.call(process);
    return (user + system) / 1000;
  };
  let [on, last, longest] = [true, now(), 0];
  const turn = () => {
    const time = now();
    longest = Math.max(longest, time - last);
    last = time;
    if (on) setImmediate(turn);
  };
  setImmediate(turn);
  return async () => {
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    on = false;
    return longest;
  };
}

const mib = () => {
  globalThis.gc?.();
  return (process.memoryUsage().rss / 2 ** 20).toFixed(0);
};

const sources: object = JSON.parse(process.argv[2] ?? '{}');
const config = { sources, upstreams: { default: { target: 'localhost:1' } }, log: { level: 'fatal' } } as const;
const gateways: Awaited<ReturnType<typeof createGateway>>[] = [];
const start = await costOf(async () => gateways.push(await createGateway({ ...config, conflicts: 'first', invalidRules: 'skip' })));
const afterStart = mib();
const [gateway] = gateways;
if (gateway === undefined) throw new Error('no gateway');
const reloads: Cost[] = [];
for (let i = 0; i < RELOADS; i += 1) {
  const cost = await costOf(async () => {
    const reloaded = await gateway.reload('bench');
    if (!reloaded.ok) throw new Error(reloaded.problems[0]?.reason);
  });
  reloads.push(cost);
}
const afterReloads = mib();
let bytes = 0;
const document = await costOf(async () => {
  bytes = (await gateway.current.document('3.1')).length;
});
/** What else the machine does only adds. */
const least = (of: (cost: Cost) => number | undefined) => Math.min(...reloads.map((cost) => of(cost) ?? Number.NaN));
const columns: readonly (readonly [text: string, width: number])[] = [
  [String(gateway.current.table.bindings.length), 6],
  [start.seconds.toFixed(1), 11],
  [start.cpu.toFixed(1), 8],
  [afterStart, 6],
  [least(({ seconds }) => seconds).toFixed(1), 12],
  [least(({ cpu }) => cpu).toFixed(1), 8],
  [least(({ blockMs }) => blockMs).toFixed(0), 20],
  [least(({ blockCpuMs }) => blockCpuMs).toFixed(0), 9],
  [afterReloads, 6],
  [document.seconds.toFixed(1), 14],
  [(bytes / 1e6).toFixed(1), 5],
  [String(document.blockMs), 12],
];
console.log(columns.map(([text, width]) => text.padStart(width)).join(''));
await gateway.close(0);
process.exit(0);
