import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'tap';
import { startGateway } from '../../gateway/index.js';
import { openGreeter } from '../examples/greeter-server.js';
import { skipUnless } from '../support/require.js';

const run = promisify(execFile);
const protos = resolve(import.meta.dirname, '../../../examples/greeter/protos');

test('curl -d without a content type is answered with the JSON of the Python server', async (t) => {
  const hasCurl = await run('curl', ['--version']).then(
    () => true,
    () => false,
  );
  if (!skipUnless(t, hasCurl, 'curl')) return;
  const port = await openGreeter(t);
  if (port === undefined) return;
  const running = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [protos] },
    upstreams: { default: { target: `127.0.0.1:${port}` } },
    log: { level: 'silent' },
  });
  t.teardown(() => running.close({ graceMs: 0 }));
  const { stdout } = await run('curl', ['-sS', '-X', 'POST', '-k', `${running.url}/v1/hello`, '-d', '{"name":"world"}']);
  t.equal(stdout, '{"message":"Hello, world!"}');
});
