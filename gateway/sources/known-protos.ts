import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseFile } from '../../proto/text/parse-file.js';

/** Folder whose `google/` holds the official protos; in the sources as in the build. */
export const OFFICIAL = fileURLToPath(new URL('../../proto/', import.meta.url));

/** Folders from which imports are found without any -I: the official protos, and those that bring annotations of other makers. */
const roots = [OFFICIAL, join(OFFICIAL, 'third_party')];
const folders = [join(OFFICIAL, 'google'), join(OFFICIAL, 'third_party')];

let names: ReadonlyMap<string, string> | undefined;
const packages = new Map<string, string | undefined>();

/** Path of a built-in proto file by its import name. */
export function knownProto(name: string): string | undefined {
  return all().get(name);
}

/** Whether an import name is that of a built-in proto of Google that every schema has. */
export function isOfficial(name: string): boolean {
  return knownProto(name)?.startsWith(join(OFFICIAL, 'google')) === true;
}

/** The built-in file that a path leads to: `vendor/protos/google/api/http.proto` -> `google/api/http.proto`. */
export function knownEnd(name: string): string | undefined {
  for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
    const end = name.slice(slash + 1);
    if (all().has(end)) return end;
  }
  return undefined;
}

/**
 * The import name of the built-in file that a file of another name is a copy of, whatever its version: its package says so, and the end of its
 * path; for those of Google its name alone is enough, since nobody else has their packages.
 */
export function knownCopy(name: string, text: string): string | undefined {
  if (all().has(name)) return undefined;
  const end = knownEnd(name);
  const base = name.slice(name.lastIndexOf('/') + 1);
  const likely = [
    ...(end === undefined ? [] : [end]),
    ...[...all().keys()].filter((each) => /^google\//.test(each) && each.endsWith(`/${base}`)),
  ];
  if (likely.length === 0) return undefined;
  const own = parseFile(name, text).descriptor.package;
  return likely.find((each) => packageOf(each) === own);
}

function packageOf(name: string): string | undefined {
  const path = all().get(name);
  if (path !== undefined && !packages.has(name)) packages.set(name, parseFile(name, readFileSync(path, 'utf8')).descriptor.package);
  return packages.get(name);
}

/** Import name -> path. Listed once a process. */
function all(): ReadonlyMap<string, string> {
  names ??= new Map(folders.flatMap((folder, i) => list(folder, roots[i] ?? folder)));
  return names;
}

function list(folder: string, root: string): [name: string, path: string][] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  return paths
    .filter((path) => path.endsWith('.proto'))
    .map((path) => [path.slice(root.length).split(sep).filter(Boolean).join('/'), path]);
}
