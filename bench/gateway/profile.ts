// Where the gateway's CPU time goes: `npm run bench:profile [--only get,list] [--seconds 3] [--build]`
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from './backend-process.js';
import { type Case, cases } from './cases.js';
import { findGenerator } from './load.js';
import { readOptions } from './options.js';
import { freePort, GATEWAY_CORE, start, untilServing } from './process.js';
import { writeMessages } from './schema.js';
import { type CpuProfile, selfTimes } from './self-times.js';
import { protogate } from './targets.js';
import { verify } from './verify.js';

/** Functions that are shown of a case. */
const SHOWN = 40;

/** Seconds before what counts. */
const WARM_UP = 2;

/** Between samples, microseconds. */
const INTERVAL = 250;

const target = protogate('h2');
const options = readOptions(process.argv.slice(2), { cases: cases.map(({ name }) => name), targets: [target.name] });
if (typeof options === 'string') {
  console.error(options);
  process.exit(2);
}
const { seconds, build } = options;
const folder = mkdtempSync(join(tmpdir(), 'protogate-profile-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
writeMessages(folder);
const generator = findGenerator();
const backend = await startBackend(folder, build);
for (const of of cases.filter(({ name }) => options.cases.includes(name))) await profile(of);
await backend.process.stop();

/** A process for each case, so that what one made hot does not colour the next. */
async function profile(of: Case): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { file, args } = target.command({ port, backendPort: backend.port, folder });
  const output = join(folder, of.name);
  const flags = ['--cpu-prof', `--cpu-prof-dir=${output}`, `--cpu-prof-interval=${INTERVAL}`];
  const gateway = start({ file, args: [...flags, ...args] }, GATEWAY_CORE);
  await untilServing(url + target.readyPath, performance.now());
  await verify(url, of);
  await generator.run(url, of, WARM_UP, folder);
  const from = now();
  const { requests, requestsPerSecond } = await generator.run(url, of, seconds, folder);
  const until = now();
  await gateway.stop('SIGTERM');
  const [name = ''] = readdirSync(output);
  const profile: CpuProfile = JSON.parse(readFileSync(join(output, name), 'utf8'));
  const { categories, functions } = selfTimes(profile, from, until);
  const line = ([name, microseconds]: readonly [string, number]) => `${(microseconds / requests).toFixed(2).padStart(8)}  ${name}`;
  console.log(`\n${of.title}: us a request; ${Math.round(requestsPerSecond)} requests/s`);
  console.log([...categories.map(line), '', ...functions.slice(0, SHOWN).map(line)].join('\n'));
}

/** The clock of profiles: the same in all processes. */
function now(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
