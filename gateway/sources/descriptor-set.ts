import { readFile, stat } from 'node:fs/promises';
import { readFileWithoutSource, splitFileDescriptorSet } from '../../proto/descriptor/read.js';
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
  const shape = shapeOf(bytes);
  if (shape === 'set') return undefined;
  if (isText(bytes)) return `is text, not a binary FileDescriptorSet; ${ADVICE}`;
  if (isOneFile(bytes)) return `is one FileDescriptorProto, not a FileDescriptorSet; ${ADVICE}`;
  return shape === 'broken' ? `is not a FileDescriptorSet, or is cut off; ${ADVICE}` : `is not a FileDescriptorSet; ${ADVICE}`;
}

/** JSON, text format, source of any language, a web page: no control characters, of which descriptors have many. */
function isText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 1000).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function isOneFile(bytes: Uint8Array): boolean {
  try {
    const { name, package: inPackage, messageType, enumType, service, extension } = readFileWithoutSource(bytes);
    const elements = [...messageType, ...enumType, ...service, ...extension];
    return name !== undefined && (inPackage !== undefined || elements.length > 0);
  } catch {
    return false;
  }
}

/** A set has nothing but field 1, and extensions; each file in it begins with its name, also field 1. */
function shapeOf(bytes: Uint8Array): 'set' | 'other' | 'broken' {
  try {
    let isSet = true;
    for (const reader = new WireReader(bytes); !reader.done; ) {
      const tag = reader.tag();
      if (tag === FIRST) {
        if (reader.view()[0] !== FIRST) isSet = false;
      } else {
        if (tag >>> 3 <= LAST_OF_FILE) return 'other';
        reader.skip(tag);
      }
    }
    return isSet ? 'set' : 'other';
  } catch {
    return 'broken';
  }
}
