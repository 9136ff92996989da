import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { test } from 'tap';
import { startRouteGuide } from '../../examples/route-guide/server.js';
import { startGateway } from '../../gateway/index.js';
import { blocksOf } from '../house/markdown.js';
import { skipUnless } from '../support/require.js';

const run = promisify(execFile);

test('what curl prints of the route guide is what its page says', async (t) => {
  if (!skipUnless(t, spawnSync('curl', ['--version']).stdout?.includes('HTTP2') === true, 'curl with HTTP/2')) return;
  const guide = await startRouteGuide(0);
  t.teardown(() => guide.close());
  const gateway = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: ['examples/route-guide/protos'] },
    upstreams: { default: { target: `127.0.0.1:${guide.port}` } },
    log: { level: 'silent' },
  });
  t.teardown(() => gateway.close({ graceMs: 0 }));
  const sessions = blocksOf(readFileSync('examples/route-guide/README.md', 'utf8'), 'console').flatMap((block) =>
    block.split(/^\$ /m).slice(1),
  );
  t.equal(sessions.length, 8);
  for (const session of sessions) {
    const [command = ''] = session.split('\n', 1);
    const { stdout } = await run('bash', ['-c', command.replace('localhost:8080', gateway.url)], { timeout: 30_000 });
    // The fence of a block, and the next command, stand on lines of their own.
    t.equal(stdout.endsWith('\n') ? stdout : `${stdout}\n`, session.slice(command.length + 1), command);
  }
});
