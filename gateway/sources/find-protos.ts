import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../proto/problem.js';
import { MAX_FILES, MAX_FOLDER_DEPTH } from './limits.js';
import { readFailure, sourceProblem } from './problem.js';

/** A `.proto` file or a folder of them, as the operator named it. */
export interface ProtoArgument {
  readonly path: string;
  readonly isFolder: boolean;
  /** Paths of the files: `path` itself, or those below it, sorted. */
  readonly files: readonly string[];
}

/** Finds the files that an argument means. Hidden folders and node_modules below a folder are passed over. */
export async function findProtos(path: string, problems: Problem[]): Promise<ProtoArgument> {
  const files: string[] = [];
  let isFolder = false;
  try {
    const stats = await stat(path);
    isFolder = stats.isDirectory();
    if (isFolder) await search({ path, files, problems, seen: new Set() }, path, 0);
    else if (stats.isFile()) files.push(path);
    else problems.push(sourceProblem(path, 'is neither a file nor a folder'));
    if (isFolder && files.length === 0) problems.push(sourceProblem(path, 'has no .proto file in it; is it the right folder?'));
  } catch (error) {
    problems.push(sourceProblem(path, `${readFailure(error)}; name a .proto file or a folder of them`));
  }
  return { path, isFolder, files: files.sort() };
}

interface Search {
  /** Where it began. */
  readonly path: string;
  readonly files: string[];
  readonly problems: Problem[];
  /** Real paths of folders, since links may lead in circles. */
  readonly seen: Set<string>;
}

async function search(into: Search, folder: string, depth: number): Promise<void> {
  const real = await realpath(folder);
  if (into.seen.has(real)) return;
  into.seen.add(real);
  if (depth > MAX_FOLDER_DEPTH) throw new Error(`has folders more than ${MAX_FOLDER_DEPTH} deep`);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await follow(path) : entry;
    if (kind?.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      await search(into, path, depth + 1);
    } else if (kind?.isFile() && entry.name.endsWith('.proto')) {
      into.files.push(path);
      if (into.files.length > MAX_FILES) throw new Error(`has more than ${MAX_FILES} .proto files`);
    }
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
