import { dirname } from 'node:path';
import type { Problem, Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { type CompiledFile, compileProtos } from '../../proto/text/compile.js';
import { findProtos, type ProtoArgument } from './find-protos.js';
import { ImportRoots, isFolder, nameBelow } from './import-roots.js';
import { sourceProblem } from './problem.js';
import { readProtoText } from './proto-text.js';
import { versionOf } from './version.js';

/** A file to compile. */
interface Entry {
  readonly name: string;
  readonly text: string;
  readonly path: string;
  /** The argument it came from. */
  readonly origin: string;
}

/**
 * Compiles `.proto` files and folders together: one source an argument, and one a folder that only imports came from. Official protos that are
 * imported are not in the result.
 *
 * @param protos paths of files and folders; every `*.proto` below a folder counts
 * @param importPaths as protoc's -I; a file below none of them is imported by its path in its folder argument, or by its name
 */
export async function loadProtos(protos: readonly string[], importPaths: readonly string[]): Promise<Result<SourceFiles[]>> {
  const problems = importPaths
    .filter((path) => !isFolder(path))
    .map((path) => sourceProblem(path, 'is no folder, so no import can be found there'));
  const found: ProtoArgument[] = [];
  for (const path of protos) found.push(await findProtos(path, problems));
  const roots = new ImportRoots(unique([...importPaths, ...found.map(rootOf)]), problems);
  const entries = found.flatMap((argument) => readEntries(argument, importPaths, problems));
  const distinct = dropTwins(entries, problems);
  if (problems.some(isError)) return { ok: false, problems };
  const paths = found.flatMap(({ files }) => files);
  const compiled = compileProtos(distinct, { read: (name) => roots.read(name), missing: (name) => roots.missing(name, paths) });
  const all = [...problems, ...(compiled.ok ? compiled.warnings : compiled.problems)];
  if (!compiled.ok || all.some(isError)) return { ok: false, problems: all };
  return { ok: true, value: groupByOrigin(compiled.value, distinct, roots), warnings: all };
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}

/** The folder in which a file or folder argument finds imports without -I. */
function rootOf({ path, isFolder }: ProtoArgument): string {
  return isFolder ? path : dirname(path);
}

function readEntries(argument: ProtoArgument, importPaths: readonly string[], problems: Problem[]): Entry[] {
  const roots = [...importPaths, rootOf(argument)];
  return argument.files.flatMap((path) => {
    const text = readProtoText(path, problems);
    const name = firstDefined(roots, (root) => nameBelow(root, path));
    return text === undefined || name === undefined ? [] : [{ name, text, path, origin: argument.path }];
  });
}

function firstDefined<T, U>(items: readonly T[], of: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const value = of(item);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** One entry a name: the same file twice is one, different files of one import name are a problem. */
function dropTwins(entries: readonly Entry[], problems: Problem[]): Entry[] {
  const byName = new Map<string, Entry>();
  for (const entry of entries) {
    const other = byName.get(entry.name);
    if (other === undefined) byName.set(entry.name, entry);
    else if (other.text !== entry.text) {
      const reason = `and ${other.path} are both imported as ${entry.name} and differ; give a folder above them with -I`;
      problems.push(sourceProblem(entry.path, reason));
    }
  }
  return [...byName.values()];
}

function groupByOrigin(files: readonly CompiledFile[], entries: readonly Entry[], roots: ImportRoots): SourceFiles[] {
  const origins = new Map(entries.map(({ name, origin }) => [name, origin]));
  const groups = new Map<string, Uint8Array[]>();
  for (const { name, bytes } of files) {
    const origin = origins.get(name) ?? roots.rootOf(name);
    if (origin === undefined) continue;
    const group = groups.get(origin) ?? [];
    groups.set(origin, group);
    group.push(bytes);
  }
  return [...groups].map(([origin, bytes]) => ({ origin, version: versionOf(bytes), files: bytes }));
}
