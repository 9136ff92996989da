import { statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../../proto/problem.js';
import { readProtoText } from './proto-text.js';

/** Folder whose `google/` holds the official protos; in the sources as in the build. */
export const OFFICIAL = fileURLToPath(new URL('../../proto/', import.meta.url));

/** Import name of `path` below `root`; undefined if it is not below. */
export function nameBelow(root: string, path: string): string | undefined {
  const name = relative(resolve(root), resolve(path));
  if (name === '' || name === '..' || name.startsWith(`..${sep}`) || isAbsolute(name)) return undefined;
  return name.split(sep).join('/');
}

/** A file that an import names. */
export interface ImportedFile {
  /** The folder it was found in, as the operator gave it; undefined for official protos. */
  readonly root: string | undefined;
  readonly text: string;
}

/** Finds imports: in the operator's folders in their order, then among the official protos. */
export class ImportRoots {
  readonly #roots: readonly string[];
  readonly #problems: Problem[];
  readonly #found = new Map<string, ImportedFile>();

  constructor(roots: readonly string[], problems: Problem[]) {
    this.#roots = roots;
    this.#problems = problems;
  }

  read(name: string): string | undefined {
    const root = this.#roots.find((each) => isFile(join(each, name)));
    const path = root === undefined ? join(OFFICIAL, name) : join(root, name);
    if (root === undefined && !(name.startsWith('google/') && isFile(path))) return undefined;
    const text = readProtoText(path, this.#problems);
    if (text !== undefined) this.#found.set(name, { root, text });
    return text;
  }

  /** Where the file with that import name was found. */
  rootOf(name: string): string | undefined {
    return this.#found.get(name)?.root;
  }

  /** What to do about an import that is nowhere. `known` are paths of files, one of which may be meant. */
  missing(name: string, known: readonly string[]): string {
    const searched = this.#roots.length === 0 ? 'no import path' : this.#roots.join(', ');
    const meant = known.find((path) => path.split(sep).join('/').endsWith(`/${name}`));
    const hint =
      meant === undefined ? 'add the folder it is relative to with -I' : `${meant} seems to be meant: add -I ${rootFor(meant, name)}`;
    return `this import is not found (searched: ${searched}, and the official google/ protos); ${hint}`;
  }
}

function rootFor(path: string, name: string): string {
  return path.slice(0, path.length - name.length - 1) || sep;
}

/** True for folders and links to them. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
