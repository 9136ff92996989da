import { dirname } from 'node:path';
import type { Problem, Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { type CompiledFile, compileProtos } from '../../proto/text/compile.js';
import { groupByOrigin } from './by-origin.js';
import { findProtos, type ProtoArgument } from './find-protos.js';
import { ImportRoots, isFolder, nameBelow, type ProtoFile } from './import-roots.js';
import { knownProto } from './known-protos.js';
import { sourceProblem } from './problem.js';
import { readProtoText } from './proto-text.js';

/**
 * Compiles `.proto` files and folders together: one source an argument, and one a folder that only imports came from, whose services are not
 * meant. Official protos that are imported are not in the result.
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
  const named = roots.admit(dropTwins(entries, problems));
  if (problems.some(isError)) return { ok: false, problems };
  const compiled = compileProtos(named, roots);
  const said = compiled.ok ? compiled.warnings.filter(({ subject }) => !isForGenerators(subject)) : compiled.problems;
  const all = [...problems, ...roots.warnings(), ...said];
  if (!compiled.ok || all.some(isError)) return { ok: false, problems: all };
  const files = compiled.value;
  return { ok: true, value: groupByOrigin(files, named, roots), warnings: [...all, ...unnamedServices(files, named)] };
}

/** Options for generators of documents, which say nothing to a gateway, so that nobody misses them. */
function isForGenerators(name: string): boolean {
  return /(?:^|\/)(?:protoc-gen-(?:openapiv2|swagger)\/options|openapiv[23])\/[^/]+$/.test(name);
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

function readEntries(argument: ProtoArgument, importPaths: readonly string[], problems: Problem[]): ProtoFile[] {
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
function dropTwins(entries: readonly ProtoFile[], problems: Problem[]): ProtoFile[] {
  const byName = new Map<string, ProtoFile>();
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

/** Services that are only imported, where no file that is named has any: most likely they were meant. */
function unnamedServices(files: readonly CompiledFile[], named: readonly ProtoFile[]): Problem[] {
  const names = new Set(named.map(({ name }) => name));
  const serving = files.filter(({ name, hasServices }) => hasServices && (names.has(name) || knownProto(name) === undefined));
  if (serving.some(({ name }) => names.has(name))) return [];
  const reason = 'has services, and is only imported, so that they are not served: name it with --proto (sources.protos)';
  return serving.map(({ name }) => ({ severity: 'warning', file: name, subject: name, reason }));
}
