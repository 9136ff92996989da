import { join } from 'node:path';
import { type Test, test } from 'tap';
import { outcomeOf } from '../gateway/cli/outcome.js';

/** Two services of one product, as real ones are, with two methods at one method and path. */
const proto = `syntax = "proto3";
package p;
import "google/api/annotations.proto";
message M { string id = 1; string code = 2; }
service Old {
  rpc Get(M) returns (M) { option (google.api.http) = { get: "/v1/{id}" }; }
  rpc List(M) returns (M) { option (google.api.http) = { get: "/v1" }; }
}
service New {
  rpc Fetch(M) returns (M) { option (google.api.http) = { get: "/v1/{code}" additional_bindings { get: "/v1/{id}" } }; }
}
`;

function source(t: Test): string {
  return join(t.testdir({ 'p.proto': proto }), 'p.proto');
}

async function served(command: string): Promise<readonly string[]> {
  const { code, out } = await outcomeOf(command);
  return [String(code), ...JSON.parse(out).map(({ path, rpc }: { path: string; rpc: string }) => `${path} ${rpc}`)];
}

test('two rules for the same requests stop the start unless a flag says which one serves', async (t) => {
  const file = source(t);
  const refused = await outcomeOf(`routes --proto ${file}`);
  t.equal(refused.code, 2);
  t.equal(
    refused.err,
    'protogate: p.proto:10:3: p.New.Fetch: GET "/v1/{code}": takes the same requests as GET "/v1/{id}" of p.Old.Get (p.proto:6)\n' +
      'protogate: p.proto:10:3: p.New.Fetch: GET "/v1/{id}": takes the same requests as GET "/v1/{id}" of p.Old.Get (p.proto:6)\n',
  );
  t.strictSame(await outcomeOf(`routes --compat grpc-gateway --conflicts error --proto ${file}`), refused);
});

test('the first or the last of them serves, and the others are warned of', async (t) => {
  const file = source(t);
  t.strictSame(await served(`routes --format json --conflicts first --proto ${file}`), ['0', '/v1 p.Old.List', '/v1/{id} p.Old.Get']);
  t.strictSame(await served(`routes --format json --conflicts last --proto ${file}`), ['0', '/v1 p.Old.List', '/v1/{id} p.New.Fetch']);
  const { err } = await outcomeOf(`routes --conflicts last --proto ${file}`);
  const rival = 'takes the same requests as GET "/v1/{id}" of p.New.Fetch (p.proto:10); this rule is left out';
  t.equal(
    err,
    `protogate: warning: p.proto:6:3: p.Old.Get: GET "/v1/{id}": ${rival}\n` +
      `protogate: warning: p.proto:10:3: p.New.Fetch: GET "/v1/{code}": ${rival}\n`,
  );
});

test('under compat: grpc-gateway the last one serves, unless a setting says otherwise', async (t) => {
  const file = source(t);
  const list = (flags: string) => served(`routes --format json --compat grpc-gateway ${flags}--proto ${file}`);
  t.strictSame(await list(''), ['0', '/v1 p.Old.List', '/v1/{id} p.New.Fetch']);
  t.strictSame(await list('--conflicts first '), ['0', '/v1 p.Old.List', '/v1/{id} p.Old.Get']);
});

test('the document shows the one that serves', async (t) => {
  const file = source(t);
  for (const [which, tag] of [
    ['first', 'Old'],
    ['last', 'New'],
  ] as const) {
    const { out } = await outcomeOf(`openapi --conflicts ${which} --proto ${file}`);
    const { paths } = JSON.parse(out);
    t.strictSame(Object.keys(paths).toSorted(), ['/v1', '/v1/{id}'], which);
    t.strictSame(paths['/v1/{id}'].get.tags, [tag], which);
  }
});

test('check counts what is left out as warnings', async (t) => {
  const file = source(t);
  t.match(await outcomeOf(`check --conflicts last --proto ${file}`), { code: 0, out: /\nok: 2 services, 2 routes, 2 warnings\b/ });
  t.match(await outcomeOf(`check --proto ${file}`), { code: 1, out: /\nfailed: 2 errors, 0 warnings\b/ });
});
