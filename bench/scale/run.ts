import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { protoOf } from '../../test/gateway/api/many-routes.js';
import { setOf } from '../../test/gateway/soak/broken-sets.js';
import { compileGoogleapis } from '../../test/support/googleapis.js';

// What APIs of many routes cost at the start and at a reload: time, memory, and the longest time for which requests have to wait. Each in a process of
// its own. `npm run bench -- scale`; the names of cases after it choose among them: `node dist/bench/scale/run.js 2000`.
const folder = mkdtempSync(join(tmpdir(), 'protogate-scale-'));
const protosOf = (routes: number) => {
  const file = join(folder, `${routes}.proto`);
  writeFileSync(file, protoOf(routes / 5));
  return { protos: [file] };
};
const googleapis = dirname(createRequire(import.meta.url).resolve('google-proto-files/package.json'));

const cases: Readonly<Record<string, () => object>> = {
  500: () => protosOf(500),
  2000: () => protosOf(2000),
  'googleapis-set': () => {
    const set = join(folder, 'googleapis.binpb');
    writeFileSync(set, setOf(compileGoogleapis()));
    return { descriptorSets: [set] };
  },
  'googleapis-protos': () => {
    // google/protobuf has protobuf's own tests, some of which are broken on purpose.
    const folders = readdirSync(join(googleapis, 'google')).filter((name) => name !== 'protobuf');
    return { protos: [join(googleapis, 'grafeas'), ...folders.map((name) => join(googleapis, 'google', name))], importPaths: [googleapis] };
  },
};

const asked = process.argv.slice(2);
try {
  console.log(
    'case               routes   start: s   CPU s   MiB   reload: s   CPU s   longest block: ms   CPU ms   MiB   document: s   MB   block: ms',
  );
  for (const [name, sources] of Object.entries(cases)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const script = fileURLToPath(new URL('one.js', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', script, JSON.stringify(sources())], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
    console.log(`${name.padEnd(18)} ${stdout.trimEnd()}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
