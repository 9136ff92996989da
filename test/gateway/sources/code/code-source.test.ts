import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import protoLoader from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import { type Test, test } from 'tap';
import { createGateway, type DescriptorSource, startGateway } from '../../../../gateway/index.js';
import { readDescriptors } from '../../../../gateway/sources/code/code-source.js';
import { loadOfficial } from '../../../../gateway/sources/official.js';
import { link } from '../../../../proto/link.js';
import { printProblem } from '../../../../proto/problem.js';
import { WireWriter } from '../../../../proto/wire/writer.js';
import { startBackend } from '../../../support/backend.js';
import { send } from '../../../support/http.js';
import { compileProtos, schemaOf } from '../../../support/schema.js';

const official = resolve(import.meta.dirname, '../../../../proto');

/** Two packages whose files lead from one to the other and back. */
const protos = {
  'common/note.proto': `syntax = "proto3"; package common;
    import "google/api/field_behavior.proto";
    import "google/protobuf/timestamp.proto";
    message Note {
      string note_id = 1 [(google.api.field_behavior) = REQUIRED, json_name = "id"];
      optional int32 stars = 2;
      map<string, Tag> tags_by_name = 3;
      google.protobuf.Timestamp made_at = 4;
      oneof place { string shelf = 5; Kind kind = 6; }
      repeated int32 marks = 7;
      Note parent = 8;
      bytes seal = 9;
      enum Kind { PLAIN = 0; LOUD = 1; }
      message Tag { string word = 1; }
    }`,
  'desk/desk.proto': `syntax = "proto3"; package desk;
    import "common/note.proto";
    import "google/api/annotations.proto";
    service Desk {
      rpc GetNote(GetNoteRequest) returns (common.Note) {
        option (google.api.http) = { get: "/v1/{note_id=notes/*}" additional_bindings { get: "/v1/by-kind/{kind}" } };
      }
      rpc CreateNote(common.Note) returns (common.Note) {
        option deprecated = true;
        option (google.api.http) = { post: "/v1/notes" body: "*" additional_bindings { custom: { kind: "PUT" path: "/v1/put" } body: "*" } };
      }
      rpc Watch(GetNoteRequest) returns (stream common.Note) { option (google.api.http) = { get: "/v1/notes:watch" }; }
    }
    message GetNoteRequest { string note_id = 1; common.Note.Kind kind = 2; }`,
  'common/page.proto': `syntax = "proto3"; package common; import "desk/desk.proto"; message Page { desk.GetNoteRequest of = 1; }`,
};

const set = () =>
  compileProtos(protos)
    .reduce((out, file) => out.bytesField(1, file), new WireWriter())
    .finish();

function layOut(t: Test): string {
  const folder = t.testdir({ common: {}, desk: {} });
  for (const [name, text] of Object.entries(protos)) writeFileSync(join(folder, name), text);
  return folder;
}

function rootOf(folder: string, keepCase: boolean): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(target.startsWith('google/') ? official : folder, target);
  return root.loadSync(Object.keys(protos), { keepCase });
}

const load = (folder: string, options: protoLoader.Options) =>
  protoLoader.loadSync(Object.keys(protos), { ...options, includeDirs: [folder, official] });

const sources: Readonly<Record<string, (folder: string) => DescriptorSource>> = {
  'the bytes of a FileDescriptorSet': set,
  'a registry of @bufbuild/protobuf': () => createFileRegistry(fromBinary(FileDescriptorSetSchema, set())),
  'a Root of protobufjs': (folder) => rootOf(folder, false),
  'a Root of protobufjs that keeps names': (folder) => rootOf(folder, true),
  'a Root of protobufjs from JSON': (folder) => protobuf.Root.fromJSON(rootOf(folder, true).toJSON()),
  'a package definition of @grpc/proto-loader': (folder) => load(folder, {}),
  'a package definition of @grpc/proto-loader that keeps names': (folder) => load(folder, { keepCase: true, longs: String }),
};

const noteWith = (id: string) => ({
  [id]: 'a',
  stars: 0,
  tagsByName: { x: { word: 'w' } },
  madeAt: '2020-01-02T03:04:05Z',
  kind: 'LOUD',
  marks: [1, 2],
  parent: { [id]: 'b' },
  seal: 'AQI=',
});

for (const [name, sourceOf] of Object.entries(sources)) {
  test(`${name} is served`, async (t) => {
    const folder = layOut(t);
    // Its descriptors have no json_name.
    const id = name.includes('proto-loader') ? 'noteId' : 'id';
    const note = noteWith(id);
    const echo = ({ request }: { readonly request: Readonly<Record<string, unknown>> }) => request;
    const backend = await startBackend(
      'desk/desk.proto',
      {
        unary: {
          'desk.Desk.CreateNote': echo,
          'desk.Desk.GetNote': ({ request }) => ({ note_id: request.note_id, kind: request.kind }),
        },
        stream: { 'desk.Desk.Watch': async (_call, out) => void out.write({ note_id: 'w' }) },
      },
      folder,
    );
    t.teardown(() => backend.close());
    const config = {
      listen: '127.0.0.1:0',
      upstreams: { default: { target: backend.target } },
      json: { defaults: false },
      log: { level: 'silent' as const },
    };
    const { url, close, gateway } = await startGateway(config, { descriptors: [sourceOf(folder)] });
    t.teardown(() => close({ graceMs: 0 }));
    const ask = async (method: string, path: string, body?: object) => {
      const answer = await send(url, method, path, body && JSON.stringify(body), body && { 'content-type': 'application/json' });
      return answer.status === 200 ? JSON.parse(answer.text) : answer.text;
    };
    t.strictSame(await ask('POST', '/v1/notes', note), note);
    t.strictSame(await ask('PUT', '/v1/put', { [id]: 'p' }), { [id]: 'p' });
    t.strictSame(await ask('GET', '/v1/notes/1'), { [id]: 'notes/1' });
    t.strictSame(await ask('GET', '/v1/by-kind/LOUD'), { kind: 'LOUD' });
    t.strictSame(await ask('GET', '/v1/notes:watch'), { [id]: 'w' });
    t.match(await ask('POST', '/v1/notes', { shelf: 's', kind: 'LOUD' }), /oneof/);
    const { schema } = gateway.current;
    t.equal(schema.methods.find((method) => method.name === 'desk.Desk.CreateNote')?.deprecated, true);
    t.match(schema.message('common.Note')?.field('stars'), { presence: true });
    t.match(schema.message('common.Note')?.field('note_id'), { presence: false, jsonName: id });
    t.ok(schema.message('google.rpc.BadRequest'), 'what the official protos have is there');
  });
}

const quiet = { upstreams: { default: { target: '127.0.0.1:1' } }, log: { level: 'silent' as const } };

test('descriptors from a function are got again at each reload, and what is wrong then is refused', async (t) => {
  let now: readonly DescriptorSource[] = [set()];
  const gateway = await createGateway(quiet, { descriptors: async () => now });
  t.teardown(() => gateway.close(0));
  t.equal(gateway.current.table.bindings.length, 5);
  const { 'desk/desk.proto': desk = '', ...others } = protos;
  const fewer = compileProtos({ ...others, 'desk/desk.proto': desk.replace(/rpc Watch.*$/m, '') });
  now = [fewer.reduce((out, file) => out.bytesField(1, file), new WireWriter()).finish()];
  t.match(await gateway.reload('fewer'), { ok: true });
  t.equal(gateway.current.table.bindings.length, 4);
  now = [];
  t.match(await gateway.reload('none'), { ok: false, problems: [{ subject: 'sources' }] });
  now = [new Uint8Array(0)];
  t.match(await gateway.reload('empty'), { ok: false, problems: [{ subject: 'descriptors[0]' }] });
  t.equal(gateway.current.table.bindings.length, 4);
});

test('what is no source is refused with what was expected', async (t) => {
  const expected =
    'has no types: expected the bytes of a FileDescriptorSet, a FileRegistry of @bufbuild/protobuf, a Root of protobufjs or a package definition of @grpc/proto-loader';
  const lacking = new protobuf.Root().add(new protobuf.Type('M').add(new protobuf.Field('a', 1, 'Nowhere'))).root;
  const result = await readDescriptors([{}, new protobuf.Root(), Buffer.from('syntax = "proto3";'), lacking, createFileRegistry()]);
  t.strictSame(result.ok ? [] : result.problems.map(printProblem), [
    `descriptors[0]: ${expected}`,
    `descriptors[1]: ${expected}`,
    'descriptors[2]: is text, not a binary FileDescriptorSet; make one with: protoc --include_imports --include_source_info -o FILE, or: buf build -o FILE.binpb',
    "descriptors[3]: cannot be read: no such Type or Enum 'Nowhere' in Type .M",
    `descriptors[4]: ${expected}`,
  ]);
});

test('every kind of field keeps its meaning on the way through protobufjs', async (t) => {
  const text = `syntax = "proto2"; package old;
    import "google/protobuf/descriptor.proto";
    extend google.protobuf.MethodOptions { optional string mine = 50001; }
    message Old {
      required string must = 1;
      optional int32 seven = 2 [default = 7];
      repeated int32 loose = 3;
      repeated sint64 tight = 4 [packed = true];
      optional group Inner = 5 { optional bool yes = 1; }
      optional Closed closed = 6;
      extensions 100 to 199;
      extend Old { optional string more = 100; }
    }
    enum Closed { ONE = 1; TWO = 2; UNO = 1; option allow_alias = true; }
    service Olds { rpc Get(Old) returns (Old) { option (mine) = "x"; option idempotency_level = NO_SIDE_EFFECTS; } }`;
  const folder = t.testdir({ 'old.proto': text });
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(target.startsWith('google/') ? official : folder, target);
  const result = await readDescriptors([root.loadSync('old.proto')]);
  const direct = schemaOf({ 'old.proto': text });
  const schema = link([...(result.ok ? result.value : []), await loadOfficial().then((o) => (o.ok ? o.value : fail(o)))]);
  if (!schema.ok) throw new Error(schema.problems.map(printProblem).join());
  const shown = (s: typeof direct) => {
    const old = s.message('old.Old');
    const fields = old === undefined ? [] : [...old.fields, ...s.extensions(old)];
    return [
      ...fields.map(({ protoName, jsonName, number, kind, presence, required, packed, repeated, extension }) => ({
        ...{ protoName, jsonName, number, kind, presence, required, packed, repeated, extension },
      })),
      old?.field('inner'),
      s.enum('old.Closed')?.closed,
      s.enum('old.Closed')?.values.map((value) => [value.protoName, value.number]),
      s.methods.map(({ name, idempotent }) => ({ name, idempotent })),
    ].map((part) => (part !== null && typeof part === 'object' && 'delimited' in part ? part.delimited : part));
  };
  t.strictSame(shown(schema.value), shown(direct));
});

function fail(result: object): never {
  throw new Error(JSON.stringify(result));
}
