// Every benchmark of the project, one after another, each in a process of its own: `npm run bench`, or `npm run bench -- match` for one of them.
// What follows a benchmark's name are its own arguments: `npm run bench -- gateway --only get,list`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const benchmarks: Readonly<Record<string, string>> = {
  codec: 'codec/run.js',
  match: 'match.js',
  scale: 'scale/run.js',
  gateway: 'gateway/run.js',
};

const args = process.argv.slice(2);
const flags = args.findIndex((arg) => arg.startsWith('-'));
const asked = flags === -1 ? args : args.slice(0, flags);
const rest = flags === -1 ? [] : args.slice(flags);
const unknown = asked.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}
if (rest.length > 0 && asked.length !== 1) {
  console.error('Arguments belong to one benchmark: name it.');
  process.exit(2);
}
for (const [name, script] of Object.entries(benchmarks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n== ${name}`);
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--expose-gc', file, ...rest], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
