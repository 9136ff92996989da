import { readFileWithoutSource } from '../descriptor/read.js';
import { writeFileDescriptor } from '../descriptor/write.js';
import type { Problem } from '../problem.js';
import type { SourceFiles } from '../schema.js';
import type { Steps } from '../steps.js';
import type { LoadedFile } from './loaded-file.js';
import { firstDifference } from './same.js';

/** The files of all sources by import name, one of each name. Files that cannot be read or contradict each other become problems. */
export function* collectFiles(sources: readonly SourceFiles[], problems: Problem[]): Steps<ReadonlyMap<string, LoadedFile>> {
  const files = new Map<string, LoadedFile>();
  for (const source of sources) {
    for (const bytes of source.files) {
      yield;
      const file = readFile(source, bytes, problems);
      if (file === undefined) continue;
      const known = files.get(file.name);
      files.set(file.name, known === undefined ? file : choose(known, file, problems));
    }
  }
  return files;
}

function readFile(source: SourceFiles, bytes: Uint8Array, problems: Problem[]): LoadedFile | undefined {
  const report = (reason: string) => problems.push({ severity: 'error', subject: source.origin, reason });
  try {
    const descriptor = readFileWithoutSource(bytes);
    const { origin, fallback = false } = source;
    if (descriptor.name) return { name: descriptor.name, bytes, descriptor, origin, fallback, offered: source.offer !== undefined };
    report('has a file without a name; is it a descriptor set?');
  } catch (error) {
    report(`has a file that is not a FileDescriptorProto, or is cut off: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

function choose(a: LoadedFile, b: LoadedFile, problems: Problem[]): LoadedFile {
  if (a.fallback !== b.fallback) return a.fallback ? b : a;
  const order = compareBytes(a.bytes, b.bytes);
  const offered = a.offered && b.offered;
  if (order === 0) return { ...a, offered };
  const difference = firstDifference(a.descriptor, b.descriptor, [a.origin, b.origin]);
  if (difference !== undefined && a.fallback) return { ...(saysMore(a, b) ? a : b), offered };
  if (difference !== undefined) {
    const reason = `${difference}; load only one of them, or two of the same version`;
    problems.push({ severity: 'error', file: a.name, subject: '', reason });
  }
  return { ...(order > 0 ? a : b), offered };
}

/** Of two versions of an official file the newer one is longer, comments aside. */
function saysMore(a: LoadedFile, b: LoadedFile): boolean {
  const [left, right] = [writeFileDescriptor(a.descriptor), writeFileDescriptor(b.descriptor)];
  return compareBytes(left, right) > 0;
}

/** Longer is greater: of two equal files the one with comments is wanted, and always the same one, whatever the order of sources. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
