import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCodec } from '../../proto/json/create.js';
import { link } from '../../proto/link.js';
import { printProblem, type Result } from '../../proto/problem.js';
import type { MethodType, Schema } from '../../proto/schema.js';
import { compileProtos } from '../../proto/text/compile.js';
import { WireWriter } from '../../proto/wire/writer.js';
import { type Rpc, replies } from './cases.js';

/** Root of the source tree; this file runs from `dist/bench/gateway/`. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The `.proto` that all gateways serve, and the folder it is imported from. */
export const PROTO = 'bench/v1/library.proto';
export const PROTO_FOLDER = join(ROOT, 'bench/gateway/protos');

/** Prints {@link PROTO}'s types and methods, linked; and writes what gateways and backends are given: `library.binpb`, the descriptor set, and `METHOD.binpb`. */
export function writeMessages(folder: string): Schema {
  const files = must(
    compileProtos([{ name: PROTO, text: readFileSync(join(PROTO_FOLDER, PROTO), 'utf8') }], {
      read: (name) => readFileSync(join(ROOT, 'proto', name), 'utf8'),
      missing: (name) => `no ${name}`,
    }),
  ).map((file) => file.bytes);
  const schema = must(link([{ origin: 'bench', version: '', files }]));
  const set = new WireWriter();
  for (const file of files) set.bytesField(1, file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'library.binpb'), set.finish());
  const { createSink, parser } = createCodec(schema);
  const sink = createSink();
  for (const [rpc, value] of Object.entries(replies)) {
    const parse = parser(methodOf(schema, rpc as Rpc).output, [], { unknown: 'error' });
    parse(Buffer.from(JSON.stringify(value)), sink, { bound: [], conflict: 'error', mask: undefined });
    writeFileSync(join(folder, `${rpc}.binpb`), sink.take());
  }
  return schema;
}

/** A method of bench.v1.Library. */
export function methodOf(schema: Schema, rpc: Rpc): MethodType {
  const method = schema.methods.find(({ name }) => name === `bench.v1.Library.${rpc}`);
  if (method === undefined) throw new Error(rpc);
  return method;
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problems.map(printProblem).join('\n'));
  return result.value;
}
