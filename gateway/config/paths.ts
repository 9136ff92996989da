import { isAbsolute, join } from 'node:path';
import { isUrl } from '../sources/url.js';

/** JSON Schema as far as it leads to the values that are file paths. */
interface PathSchema {
  readonly isPath?: unknown;
  readonly properties?: unknown;
  readonly patternProperties?: unknown;
  readonly items?: unknown;
}

/** A copy of `data` in which every text that `schema` marks as a path, and that is no URL, is relative to where `folder` is. */
export function resolvePaths<T>(data: T, schema: object, folder: string): T;
export function resolvePaths(data: unknown, schema: PathSchema, folder: string): unknown {
  if (typeof data === 'string') return schema.isPath === true && !isAbsolute(data) && !isUrl(data) ? join(folder, data) : data;
  if (Array.isArray(data)) return data.map((item: unknown) => resolvePaths(item, objectOf(schema.items), folder));
  if (typeof data !== 'object' || data === null) return data;
  const [anyName] = Object.values(objectOf(schema.patternProperties));
  const named = new Map(Object.entries(objectOf(schema.properties)));
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, resolvePaths(value, objectOf(named.get(key) ?? anyName), folder)]),
  );
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
