import { readFile, stat } from 'node:fs/promises';
import { splitFileDescriptorSet } from '../../proto/descriptor/read.js';
import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { WireReader } from '../../proto/wire/reader.js';
import { LENGTH } from '../../proto/wire/wire.js';
import { MAX_DESCRIPTOR_SET } from './limits.js';
import { readFailure, sourceProblem } from './problem.js';
import { versionOf } from './version.js';

/** Tag of field 1 with a length, and the highest field number of FileDescriptorProto. */
const FIRST = (1 << 3) | LENGTH;
const LAST_OF_FILE = 15;

const ADVICE = 'make one with: protoc --include_imports --include_source_info -o FILE, or: buf build -o FILE.binpb';

/** Reads a binary FileDescriptorSet (`.binpb`, `.pb`, `.desc`). */
export async function loadDescriptorSet(path: string): Promise<Result<SourceFiles>> {
  const refuse = (reason: string) => ({ ok: false, problems: [sourceProblem(path, reason)] }) as const;
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return refuse('is not a file; a descriptor set is one binary file, folders of .proto files go with --proto');
    if (stats.size > MAX_DESCRIPTOR_SET) return refuse(`has ${stats.size} bytes; the limit is ${MAX_DESCRIPTOR_SET}`);
    const bytes = await readFile(path);
    const strange = strangeness(bytes);
    if (strange !== undefined) return refuse(strange);
    const files = splitFileDescriptorSet(bytes);
    return { ok: true, value: { origin: path, version: versionOf(files), files }, warnings: [] };
  } catch (error) {
    return refuse(readFailure(error));
  }
}

/** Why bytes are no FileDescriptorSet, told as well as can be; undefined if they look like one. */
export function strangeness(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return `is empty; ${ADVICE}`;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'is compressed with gzip; unpack it first';
  const strange = strangeShape(bytes);
  return strange !== undefined && looksLikeText(bytes) ? `is text, not a binary FileDescriptorSet; ${ADVICE}` : strange;
}

/** JSON, text format, proto source, a web page. A set can begin alike: with a line feed, and `{` as the length of its first file. */
function looksLikeText(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 100));
  return /^\s*(?:\{|\[|<|file\s*\{|syntax\s*=|edition\s*=|\/\/|\/\*)/.test(start);
}

function strangeShape(bytes: Uint8Array): string | undefined {
  try {
    return strangeField(bytes);
  } catch {
    return `is not a FileDescriptorSet, or is cut off; ${ADVICE}`;
  }
}

/** A set has nothing but field 1, and extensions; each file in it begins with its name, also field 1. */
function strangeField(bytes: Uint8Array): string | undefined {
  let isSet = true;
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    if (tag === FIRST) {
      if (reader.view()[0] !== FIRST) isSet = false;
    } else {
      if (tag >>> 3 <= LAST_OF_FILE) return `is one FileDescriptorProto, not a FileDescriptorSet; ${ADVICE}`;
      reader.skip(tag);
    }
  }
  return isSet ? undefined : `is not a FileDescriptorSet; ${ADVICE}`;
}
