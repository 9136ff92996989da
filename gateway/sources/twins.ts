import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Problem } from '../../proto/problem.js';

/** A file that goes by one import name here and by another there. */
interface Twin {
  /** The other name. */
  readonly name: string;
  readonly path: string;
}

/** Files that are imported by other names than they have, told once for each -I that is missing. */
export class Twins {
  /** By the folder that is missing with -I; '' where there is none. */
  readonly #byFolder = new Map<string, Twin[]>();

  /** @param folder what to give with -I, so that the file has one name */
  add(name: string, path: string, folder: string | undefined): void {
    const twins = this.#byFolder.get(folder ?? '') ?? [];
    this.#byFolder.set(folder ?? '', twins);
    twins.push({ name, path });
  }

  warnings(): Problem[] {
    return [...this.#byFolder].flatMap(([folder, [first, ...more]]) => (first === undefined ? [] : warn(folder, first, more.length)));
  }
}

function warn(folder: string, { name, path }: Twin, more: number): Problem {
  const others = more === 0 ? '' : `, and ${more} more like it`;
  const advice = folder === '' ? '' : `; add -I ${folder}, so that each file has one import name`;
  return { severity: 'warning', subject: name, reason: `is taken for ${path}${others}${advice}` };
}

/** The folder below which a file has that import name, as the operator would write it; undefined if its path does not end so. */
export function folderFor(path: string, name: string): string | undefined {
  const full = resolve(path).split(sep).join('/');
  if (!full.endsWith(`/${name}`)) return undefined;
  const folder = full.slice(0, -name.length - 1) || sep;
  return isAbsolute(path) ? folder : relative('', folder) || '.';
}
