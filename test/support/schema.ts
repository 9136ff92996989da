import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { splitFileDescriptorSet } from '../../proto/descriptor/read.js';
import { link } from '../../proto/link.js';
import { printProblem } from '../../proto/problem.js';
import type { Schema } from '../../proto/schema.js';

/** The vendored official protos, `google/...` below it. */
const VENDORED = resolve(import.meta.dirname, '../../proto');
const PROTOC = resolve(import.meta.dirname, '../../../node_modules/protoc/protoc.cjs');

/** Import name -> proto source text. */
export type ProtoTexts = Readonly<Record<string, string>>;

/**
 * Compiles proto texts with protoc; throws with its message if it refuses. The FileDescriptorProtos of the texts and all they import, with source
 * info; `google/...` imports are found.
 *
 * @param more further flags and files for protoc
 */
export function compileProtos(texts: ProtoTexts, ...more: readonly string[]): Uint8Array[] {
  const folder = mkdtempSync(join(tmpdir(), 'protogate-'));
  try {
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const set = join(folder, 'set.binpb');
    const flags = [`-I${folder}`, `-I${VENDORED}`, '--include_imports', '--include_source_info', `--descriptor_set_out=${set}`];
    execFileSync(process.execPath, [PROTOC, ...flags, ...Object.keys(texts), ...more], { stdio: ['ignore', 'ignore', 'pipe'] });
    return splitFileDescriptorSet(readFileSync(set));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A linked schema of proto texts: `schemaOf({ 'a.proto': 'syntax = "proto3"; message A {}' })`. Throws if protoc or the linker refuses. */
export function schemaOf(texts: ProtoTexts, ...more: readonly string[]): Schema {
  const result = link([{ origin: 'test', version: '', files: compileProtos(texts, ...more) }]);
  if (!result.ok) throw new Error(result.problems.map(printProblem).join('\n'));
  return result.value;
}
