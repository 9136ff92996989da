import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';
import t from 'tap';
import { link } from '../../../proto/link.js';
import { printProblem } from '../../../proto/problem.js';
import { compileProtos } from '../../../proto/text/compile.js';
import { WireReader } from '../../../proto/wire/reader.js';
import { CodecCase } from './codec-case.js';
import { randomJson, randomSchema } from './random-schema.js';

/**
 * Our codec against protobufjs' ProtoJSON, on random schemas and messages. Differences that are known, and why:
 *
 * - it drops a -0 without presence and prints -0 as 0 (JSON.stringify does); ours keeps it, as the specification of implicit presence asks
 * - it prints a float with the digits of the double that it is stored as; ours with the shortest that give the float
 */
function normal(value: unknown): unknown {
  if (typeof value === 'number') return value === 0 ? 0 : Math.abs(value) > 3.5e38 ? value : Math.fround(value);
  if (Array.isArray(value)) return value.map(normal);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, v]) => !(typeof v === 'number' && v === 0));
  return entries.map(([k, v]) => [k, normal(v)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

const official = (name: string) => readFileSync(new URL(`../../../proto/${name}`, import.meta.url), 'utf8');

function ours(text: string): CodecCase {
  const compiled = compileProtos([{ name: 'r.proto', text }], {
    read: (name) => (name.startsWith('google/') ? official(name) : undefined),
    missing: (name) => name,
  });
  if (!compiled.ok) throw new Error(compiled.problems.map(printProblem).join('\n'));
  const linked = link([{ origin: 'r', version: '', files: compiled.value.map((file) => file.bytes) }]);
  if (!linked.ok) throw new Error(linked.problems.map(printProblem).join('\n'));
  return new CodecCase(linked.value);
}

const wellKnown = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'].map((name) =>
  official(`google/protobuf/${name}.proto`),
);

function theirs(text: string): protobuf.Root {
  const root = new protobuf.Root();
  for (const file of wellKnown) protobuf.parse(file, root);
  protobuf.parse(text, root);
  root.resolveAll();
  return root;
}

/** The fields of a message in another order, some twice. */
function shuffled(gen: fc.GeneratorValue, wire: Uint8Array): Uint8Array {
  const reader = new WireReader(wire);
  const fields: Uint8Array[] = [];
  while (!reader.done) {
    const start = reader.pos;
    reader.skip(reader.tag());
    fields.push(wire.subarray(start, reader.pos));
  }
  const picked = fields.length === 0 ? [] : gen(() => fc.array(fc.nat(fields.length - 1), { maxLength: fields.length * 2 }));
  return Buffer.concat(picked.map((i) => fields[i] ?? new Uint8Array(0)));
}

const seed = Number(process.env.PROTOGATE_FUZZ_SEED ?? 20_261_121);
const runs = Number(process.env.PROTOGATE_FUZZ_RUNS ?? 60);

t.test('random messages of random schemas mean the same to protobufjs, both ways', (t) => {
  fc.assert(
    fc.property(fc.gen(), (gen) => {
      const schema = randomSchema(gen);
      const codec = ours(schema.text);
      const type = theirs(schema.text).lookupType('r.A');
      for (let message = 0; message < 5; message++) {
        const json = randomJson(gen, schema, 'A');
        const wire = type.encode(protojson.fromJson(type, json)).finish();
        const printed = JSON.parse(codec.print('r.A', wire));
        t.same(normal(printed), normal(JSON.parse(protojson.toJsonString(type, type.decode(wire)))), 'wire to JSON');
        const parsed = Buffer.from(codec.parse('r.A', JSON.stringify(json)), 'hex');
        t.same(normal(JSON.parse(protojson.toJsonString(type, type.decode(parsed)))), normal(printed), 'JSON to wire');
        t.same(JSON.parse(codec.print('r.A', parsed)), printed, 'and back');
        const mixed = shuffled(gen, wire);
        t.same(
          normal(JSON.parse(codec.print('r.A', mixed))),
          normal(JSON.parse(protojson.toJsonString(type, type.decode(mixed)))),
          'fields in any order',
        );
        if (!t.passing()) throw new Error(schema.text);
      }
    }),
    { numRuns: runs, seed, endOnFailure: false },
  );
  t.end();
});
