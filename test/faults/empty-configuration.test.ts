import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { createGateway, StartError } from '../../gateway/index.js';
import { printProblem } from '../../proto/problem.js';
import { config, layPlain, startFollowing } from '../gateway/lifecycle/followed.js';

const noSources =
  'sources: there are none: name .proto files (--proto, sources.protos), a descriptor set (--descriptor-set, sources.descriptorSets) or the server itself (--reflection, upstreams.NAME.reflection)';
const noUpstreams = 'upstreams: there is none: say where the gRPC server is (--upstream HOST:PORT, upstreams.default.target)';

/** What a configuration may be for a moment, while it is written. */
const moments: readonly (readonly [name: string, text: (target: string) => string, problems: readonly string[]])[] = [
  ['empty', () => '', [noSources, noUpstreams]],
  ['a comment', () => '# protogate\n', [noSources, noUpstreams]],
  ['its first line', () => 'listen: 127.0.0.1:0\n', [noSources, noUpstreams]],
  ['without sources', (target) => `upstreams: { default: { target: '${target}' } }\n`, [noSources]],
  ['without files', (target) => `sources: { protos: [] }\nupstreams: { default: { target: '${target}' } }\n`, [noSources]],
  ['without upstreams', () => 'sources: { protos: [api] }\n', [noUpstreams]],
];

for (const [name, text, problems] of moments) {
  test(`a configuration file that is ${name} for a moment is refused, and what was there serves on`, async (t) => {
    const { folder, running, status, target } = await startFollowing(t, (folder, target) => {
      layPlain(folder, target);
      writeFileSync(join(folder, 'protogate.yaml'), config(target, 'log: { level: silent }'));
    });
    writeFileSync(join(folder, 'protogate.yaml'), text(target));
    const reloaded = await running.gateway.reload('the file was written');
    t.strictSame(reloaded.ok ? [] : reloaded.problems.map(printProblem), problems);
    t.equal(await status('/v1/one/1'), 200);
    t.equal(running.gateway.current.id, 0);
  });
}

test('what is refused at a reload is refused at the start, with the same words', async (t) => {
  const start = createGateway({}).then(
    () => [],
    (e: unknown) => (e instanceof StartError ? e.problems.map(printProblem) : []),
  );
  t.strictSame(await start, [noSources, noUpstreams]);
});
