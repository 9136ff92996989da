// Runs the built tests, or those files that are named: `node scripts/test.js [dist/test/FILE...]`. Each has a process of its own, as many at a time as
// there are cores. tap's own runner loads every module of every process through its coverage hooks, which doubles the time of most files.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Longest time of one test, and of one file, seconds. */
const TEST_LIMIT = 300;
const FILE_LIMIT = 900;

/** What takes long begins early: otherwise one core is idle at the end. */
const early = [/json\/fuzz/, /sources-examples/, /cli\/process/, /googleapis/, /soak/, /first-contact/, /h2\/fuzz/, /ways\/random/];

const named = process.argv.slice(2);
const all = readdirSync('dist/test', { recursive: true }).map((file) => join('dist/test', String(file)));
const files =
  named.length > 0 ? named : all.filter((file) => file.endsWith('.test.js')).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
const total = { total: 0, pass: 0, fail: 0, skip: 0, todo: 0 };
const running = new Set();
const began = performance.now();
let done = 0;

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

await Promise.all(Array.from({ length: availableParallelism() }, work));

const seconds = Math.round((performance.now() - began) / 1000);
console.log(`# { total: ${total.total}, pass: ${total.pass}, fail: ${total.fail}, skip: ${total.skip + total.todo} }`);
console.log(`# ${done} files in ${seconds} s`);
if (total.fail > 0 || done === 0) process.exitCode = 1;

function rank(file) {
  const found = early.findIndex((expression) => expression.test(file));
  return found === -1 ? early.length : found;
}

async function work() {
  for (let file = files.shift(); file !== undefined; file = files.shift()) report(file, await run(file));
}

/** Runs a file to its end; answers its output, and what went wrong beside its assertions. */
function run(file) {
  const since = performance.now();
  const env = { ...process.env, TAP: '1', TAP_TIMEOUT: String(TEST_LIMIT) };
  const child = spawn(process.execPath, ['--enable-source-maps', file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  const take = (chunk) => {
    output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const timer = setTimeout(() => child.kill('SIGKILL'), FILE_LIMIT * 1000);
  return new Promise((resolve) => {
    child.once('error', (error) => take(String(error)));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ output, end: code === 0 ? undefined : `ended with ${signal ?? code}`, seconds: (performance.now() - since) / 1000 });
    });
  });
}

/** Counts a file and says how it went: a line if it went well, everything it wrote if not. */
function report(file, { output, end, seconds }) {
  const counts = countsOf(output);
  // A process that ends badly without a failed assertion has failed, too, and so has one that asserts nothing.
  if (counts.fail === 0 && (end !== undefined || counts.total === 0)) counts.fail = 1;
  for (const name of Object.keys(total)) total[name] += counts[name];
  done += 1;
  const failed = counts.fail > 0;
  if (failed) console.log(output);
  for (const [line] of output.matchAll(/^.*# (SKIP|TODO)\b.*$/gm)) if (!failed) console.log(`  ${line.trim()}`);
  console.log(
    `${failed ? 'not ok' : 'ok'} ${done} - ${file} # ${seconds.toFixed(1)} s, ${counts.pass} passed${failed ? `, ${end ?? 'failed'}` : ''}`,
  );
}

/** The last summary of tap's: `# { total: 9, pass: 7, fail: 1, skip: 1 }`; zeros without one. */
function countsOf(output) {
  const [summary = ''] = [...output.matchAll(/^# \{ total: .*\}$/gm)].at(-1) ?? [];
  return Object.fromEntries(Object.keys(total).map((name) => [name, Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0)]));
}
