import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { createGateway, type StartError } from '../../../gateway/index.js';
import { printProblem } from '../../../proto/problem.js';
import { WireWriter } from '../../../proto/wire/writer.js';
import { compileProtos, type ProtoTexts } from '../../support/schema.js';
import { honest, serveReflection } from './reflection/server.js';
import { serveWeb } from './web.js';

const noteProto = (type: string) => `syntax = "proto3"; package notes.v1;
service Notes { rpc Get(Note) returns (Note); }
message Note { ${type} id = 1; }`;

/** A source of one file, as configuration, and what messages call it. */
interface Given {
  readonly sources?: { readonly protos?: readonly string[]; readonly descriptorSets?: readonly string[] };
  readonly target?: string;
  readonly origin: string;
}

type Kind = 'a folder' | 'a descriptor set' | 'a URL' | 'reflection';

function setOf(texts: ProtoTexts): Uint8Array {
  const out = new WireWriter();
  for (const file of compileProtos(texts)) out.bytesField(1, file);
  return out.finish();
}

const makers: Readonly<Record<Kind, (t: Test, folder: string, name: string, text: string) => Promise<Given>>> = {
  'a folder': async (_t, folder, name, text) => {
    writeFileSync(join(folder, name), text);
    return { sources: { protos: [folder] }, origin: folder };
  },
  'a descriptor set': async (_t, folder, name, text) => {
    const file = join(folder, 'set.binpb');
    writeFileSync(file, setOf({ [name]: text }));
    return { sources: { descriptorSets: [file] }, origin: file };
  },
  'a URL': async (t, _folder, name, text) => {
    const set = setOf({ [name]: text });
    const url = `${await serveWeb(t, (_request, response) => response.end(set))}/api`;
    return { sources: { descriptorSets: [url] }, origin: url };
  },
  reflection: async (t, _folder, name, text) => {
    const { target } = await serveReflection(t, honest(compileProtos({ [name]: text }), ['notes.v1.Notes']));
    return { target, origin: `server reflection of upstream asked (${target})` };
  },
};

/** What a gateway that is made of both says, and their origins. */
async function load(t: Test, one: readonly [Kind, string, string], other: readonly [Kind, string, string]) {
  const folder = t.testdir({ one: {}, other: {} });
  const given = [
    await makers[one[0]](t, join(folder, 'one'), one[1], one[2]),
    await makers[other[0]](t, join(folder, 'other'), other[1], other[2]),
  ];
  const asked = given.flatMap(({ target }) => (target === undefined ? [] : [['asked', { target, reflection: true }]]));
  const gateway = createGateway({
    sources: {
      protos: given.flatMap(({ sources }) => sources?.protos ?? []),
      descriptorSets: given.flatMap(({ sources }) => sources?.descriptorSets ?? []),
    },
    upstreams: { default: { target: 'localhost:1' }, ...Object.fromEntries(asked) },
    policies: [{ select: '*', unbound: true }],
    log: { level: 'silent' },
  });
  const problems = await gateway.then(
    async (made) => {
      await made.close(0);
      return [];
    },
    (error: StartError) => error.problems.map(printProblem),
  );
  return { problems, origins: given.map(({ origin }) => origin) };
}

const pairs: readonly (readonly [Kind, Kind])[] = [
  ['a folder', 'a descriptor set'],
  ['a folder', 'a URL'],
  ['a folder', 'reflection'],
  ['a descriptor set', 'a URL'],
  ['a descriptor set', 'reflection'],
  ['a URL', 'reflection'],
];

for (const [one, other] of pairs) {
  test(`a file that ${one} and ${other} have in common, and that says the same in both, is fine`, async (t) => {
    const text = noteProto('string');
    t.strictSame((await load(t, [one, 'notes.proto', text], [other, 'notes.proto', text])).problems, []);
  });

  test(`of a file that differs between ${one} and ${other} both are named, and the difference`, async (t) => {
    const { problems, origins } = await load(t, [one, 'notes.proto', noteProto('string')], [other, 'notes.proto', noteProto('int32')]);
    const [line = '', ...more] = problems;
    t.strictSame(more, []);
    t.ok(line.startsWith('notes.proto: '), line);
    t.match(
      line,
      /^notes\.proto: type of field id of message Note is (string|int32) in .* and (string|int32) in .*; load only one of them, or two of the same version$/,
    );
    for (const origin of origins) t.ok(line.includes(origin), `${line} names ${origin}`);
  });

  test(`of a service that ${one} and ${other} have in different files both are named, once`, async (t) => {
    const { problems, origins } = await load(t, [one, 'a.proto', noteProto('string')], [other, 'b.proto', noteProto('string')]);
    const [line = '', ...more] = problems;
    t.strictSame(more, []);
    t.match(line, /^b\.proto(:\d+:\d+)?: notes\.v1\.Note: is already defined in a\.proto(:\d+)? of /);
    t.ok(line.endsWith('; rename one of them, or load only one of the two files, or give the file one import name in both'), line);
    for (const origin of origins) t.ok(line.includes(` of ${origin}`), `${line} names ${origin}`);
  });
}
