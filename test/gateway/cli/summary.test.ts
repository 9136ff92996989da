import { join } from 'node:path';
import { test } from 'tap';
import { printSummary } from '../../../gateway/cli/summary.js';
import { columns, count } from '../../../gateway/cli/terminal.js';
import { version } from '../../../gateway/cli/version.js';
import { startGateway } from '../../../gateway/index.js';

const proto = (services: number) => `syntax = "proto3";
package a;
import "google/api/annotations.proto";
message M {}
${Array.from({ length: services }, (_, i) => `service S${i} { rpc Get(M) returns (M) { option (google.api.http) = { get: "/v${i}" }; } }`).join('\n')}
`;

test('the summary says what is served and where', async (t) => {
  const file = join(t.testdir({ 'a.proto': proto(7) }), 'a.proto');
  const running = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [file] },
    upstreams: { default: { target: 'localhost:1' }, other: { target: 'grpcs://localhost:2' } },
    log: { level: 'silent' },
  });
  t.teardown(() => running.close());
  const { url } = running;
  t.equal(
    printSummary(running),
    `protogate ${version}

  sources     ${file}
  upstream    localhost:1
  upstream    other = grpcs://localhost:2
  services    7: a.S0, a.S1, a.S2, a.S3, a.S4 and 2 more
  routes      7 routes at ${url}
  Swagger UI  ${url}/swagger-ui/
  OpenAPI     ${url}/openapi.json (and .yaml)
  health      ${url}/healthz ${url}/readyz

`,
  );
});

test('the summary leaves out what is turned off', async (t) => {
  const file = join(t.testdir({ 'a.proto': proto(1) }), 'a.proto');
  const running = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [file] },
    upstreams: { default: { target: 'localhost:1' } },
    docs: { enabled: false },
    health: { live: false, ready: false },
    log: { level: 'silent' },
  });
  t.teardown(() => running.close());
  t.match(printSummary(running), /services {2}1: a\.S0\n {2}routes {4}1 route at \S+\n\n$/);
});

test('columns are as wide as their widest cell', (t) => {
  t.equal(columns([['a', 'b'], ['ccc'], ['', 'd', '']]), 'a    b\nccc\n     d\n');
  t.equal(columns([]), '');
  t.strictSame([count(0, 'route'), count(1, 'route'), count(2, 'route')], ['0 routes', '1 route', '2 routes']);
  t.end();
});
