import type { SourceLocation } from '../descriptor/descriptor.js';

/** Where options end up. Paths are keys, see {@link pathKey}. */
export interface OptionPaths {
  /** Path of an option as written, `[..., 999, index]` -> path of the field it sets. */
  readonly placed: Map<string, readonly number[]>;
  /** Paths that descriptors leave out, with all below. */
  readonly dropped: Set<string>;
}

/** A path of SourceCodeInfo as a key of sets and maps. */
export function pathKey(path: readonly number[]): string {
  return path.join('.');
}

/** Locations of options as written become locations of the fields they set; those of their names and values go. */
export function placeOptions(locations: readonly SourceLocation[], { placed, dropped }: OptionPaths): SourceLocation[] {
  const result: SourceLocation[] = [];
  let inside: readonly number[] | undefined;
  for (const location of locations) {
    const { path } = location;
    if (inside !== undefined && startsWith(path, inside)) continue;
    inside = undefined;
    const field = path.at(-2) === 999 ? placed.get(pathKey(path)) : undefined;
    if (field !== undefined) inside = path;
    if (isDropped(field ?? path, dropped)) continue;
    result.push(field === undefined ? location : { ...location, path: field });
  }
  return result;
}

function isDropped(path: readonly number[], dropped: ReadonlySet<string>): boolean {
  if (dropped.size === 0) return false;
  return path.some((_, i) => dropped.has(pathKey(path.slice(0, i + 1))));
}

function startsWith(path: readonly number[], head: readonly number[]): boolean {
  return path.length >= head.length && head.every((part, i) => part === path[i]);
}
