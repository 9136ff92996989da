import { test } from 'tap';
import { loadSources } from '../../../gateway/sources/load.js';
import { link } from '../../../proto/link.js';

const greeter = `syntax = "proto3";
package hello.v1;
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
// Greets.
service Greeter {
  rpc Hello(Request) returns (Request) {
    option (google.api.http) = { get: "/v1/hello/{name}" additional_bindings { post: "/v1/hello" body: "*" } };
  }
}
message Request { string name = 1; google.protobuf.Timestamp at = 2; }
`;

test('a folder of protos with official imports links without any import path', async (t) => {
  const folder = t.testdir({ hello: { v1: { 'greeter.proto': greeter } } });
  const loaded = await loadSources({ protos: [folder], importPaths: [], descriptorSets: [] });
  if (!loaded.ok) return t.fail('not loaded', { problems: loaded.problems });
  t.strictSame(
    loaded.value.map(({ origin, fallback }) => [origin, fallback]),
    [
      [folder, undefined],
      ['official google/ protos', true],
    ],
  );
  const linked = link(loaded.value);
  if (!linked.ok) return t.fail('not linked', { problems: linked.problems });
  const method = linked.value.methods.find(({ name }) => name === 'hello.v1.Greeter.Hello');
  t.equal(method?.service.comment, 'Greets.');
  t.ok(Buffer.from(method?.options ?? []).includes('/v1/hello/{name}'));
  t.strictSame(linked.value.where('hello.v1.Request.at'), { file: 'hello/v1/greeter.proto', line: 11, column: 36 });
  t.ok(linked.value.message('google.rpc.BadRequest'), 'error details can be resolved');
});

test('everything that is wrong with any source is told at once', async (t) => {
  const folder = t.testdir({});
  const loaded = await loadSources({ protos: [`${folder}/a`], importPaths: [], descriptorSets: [`${folder}/b`, `${folder}/c`] });
  t.strictSame(loaded.ok ? [] : loaded.problems.map(({ subject }) => subject), [`${folder}/a`, `${folder}/b`, `${folder}/c`]);
});

test('the official protos are there without any other source, and compiled once', async (t) => {
  const nothing = { protos: [], importPaths: [], descriptorSets: [] };
  const [first, second] = [await loadSources(nothing), await loadSources(nothing)];
  t.strictSame(first.ok && first.value.map(({ origin }) => origin), ['official google/ protos']);
  t.equal(first.ok && first.value[0], second.ok && second.value[0]);
});

test("a user's own copy of an official proto wins", async (t) => {
  const folder = t.testdir({
    google: { rpc: { 'status.proto': 'syntax = "proto3"; package google.rpc; message Status { int32 own = 1; }' } },
    'a.proto': 'syntax = "proto3"; import "google/rpc/status.proto"; message A { google.rpc.Status s = 1; }',
  });
  const loaded = await loadSources({ protos: [folder], importPaths: [], descriptorSets: [] });
  const linked = link(loaded.ok ? loaded.value : []);
  t.strictSame(linked.ok && linked.value.message('google.rpc.Status')?.fields.map(({ protoName }) => protoName), ['own']);
});
