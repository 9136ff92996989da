import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../proto/problem.js';
import { MAX_FILES, MAX_FOLDER_DEPTH, MAX_FOLDERS } from './limits.js';
import { readFailure, sourceProblem } from './problem.js';

/** A `.proto` file or a folder of them, as the operator named it. */
export interface ProtoArgument {
  readonly path: string;
  readonly isFolder: boolean;
  /** Paths of the files: `path` itself, or those below it, sorted. */
  readonly files: readonly string[];
  /** `path` and the folders below it that were searched; none for a file. */
  readonly folders: readonly string[];
  /** Those of the files and folders that are links. */
  readonly links: readonly string[];
  /** Why it could not be searched, or not to the end. */
  readonly failure: Problem | undefined;
}

/** Finds the files that an argument means. Hidden folders and node_modules below a folder are passed over. */
export async function findProtos(path: string, problems: Problem[]): Promise<ProtoArgument> {
  const found: Search = { files: [], folders: [], links: [], seen: new Set() };
  let isFolder = false;
  let failure: Problem | undefined;
  try {
    const stats = await stat(path);
    isFolder = stats.isDirectory();
    if (isFolder) await search(found, path, 0);
    else if (stats.isFile()) found.files.push(path);
    else failure = sourceProblem(path, 'is neither a file nor a folder');
    if (isFolder && found.files.length === 0) problems.push(sourceProblem(path, 'has no .proto file in it; is it the right folder?'));
  } catch (error) {
    failure = sourceProblem(path, `${readFailure(error)}; name a .proto file or a folder of them`);
  }
  if (failure !== undefined) problems.push(failure);
  const { files, folders, links } = found;
  return { path, isFolder, files: files.sort(), folders, links, failure };
}

interface Search {
  readonly files: string[];
  readonly folders: string[];
  readonly links: string[];
  /** Real paths of folders, since links may lead in circles. */
  readonly seen: Set<string>;
}

async function search(into: Search, folder: string, depth: number): Promise<void> {
  const real = await realpath(folder);
  if (into.seen.has(real)) return;
  into.seen.add(real);
  into.folders.push(folder);
  if (depth > MAX_FOLDER_DEPTH) throw new Error(`has folders more than ${MAX_FOLDER_DEPTH} deep`);
  if (into.folders.length > MAX_FOLDERS) throw new Error(`has more than ${MAX_FOLDERS} folders`);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const isLink = entry.isSymbolicLink();
    const kind = isLink ? await follow(path) : entry;
    const isSearched = kind?.isDirectory() === true && !entry.name.startsWith('.') && entry.name !== 'node_modules';
    const isProto = kind?.isFile() === true && entry.name.endsWith('.proto');
    if (isLink && (isSearched || isProto)) into.links.push(path);
    if (isSearched) await search(into, path, depth + 1);
    if (isProto) into.files.push(path);
    if (into.files.length > MAX_FILES) throw new Error(`has more than ${MAX_FILES} .proto files`);
  }
}

/** What a link leads to; a link to nowhere is nothing. */
async function follow(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}
