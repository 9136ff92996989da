import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import type { Problem } from '../../proto/problem.js';
import { findProtos } from './find-protos.js';

/** Files, and the folders whose change can mean that a file is another one than before. */
export interface FoundFiles {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** Folders that cannot be searched to the end: nothing of them counts. */
  readonly problems: readonly Problem[];
}

/** As many links as Linux follows. */
const MAX_LINKS = 40;

/**
 * Finds the files that paths stand for: themselves, or the `.proto` files below a folder. A file that is not there is one, too; of what leads to it
 * the folders that are there count.
 *
 *     /etc/api/books.proto -> ..data/books.proto, ..data -> ..2026_11_21
 *     files    /etc/api/books.proto
 *     folders  /etc/api  /etc/api/..2026_11_21
 */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Set<string>();
  const folders = new Set<string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const absolute = resolve(path);
    await addWay(absolute, folders, 0);
    if (!(await isFolder(absolute))) {
      files.add(absolute);
      continue;
    }
    const found = await findProtos(absolute, []);
    if (found.failure !== undefined) {
      problems.push(found.failure);
      continue;
    }
    for (const file of found.files) files.add(file);
    for (const folder of found.folders) folders.add(folder);
    for (const link of found.links) await addWay(link, folders, 0);
  }
  return { files, folders, problems };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Adds the folders that hold the links on the way to a path, and the one that holds what it leads to; if that is not there, the nearest that is. */
async function addWay(path: string, folders: Set<string>, links: number): Promise<void> {
  if (links > MAX_LINKS) return;
  const { root } = parse(path);
  let at = root;
  for (const step of path.slice(root.length).split(sep)) {
    const next = join(at, step);
    const stats = await lstat(next).catch(() => undefined);
    if (stats === undefined) {
      folders.add(at);
      return;
    }
    if (stats.isSymbolicLink()) {
      folders.add(at);
      const target = await readlink(next).catch(() => '.');
      const rest = path.slice(next.length);
      await addWay(join(isAbsolute(target) ? target : join(at, target), rest), folders, links + 1);
      return;
    }
    at = next;
  }
  folders.add(dirname(path));
}
