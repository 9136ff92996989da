import type { SourceFiles } from '../../proto/schema.js';
import type { CompiledFile } from '../../proto/text/compile.js';
import type { ImportRoots, ProtoFile } from './import-roots.js';
import { isOfficial } from './known-protos.js';
import { versionOf } from './version.js';

/** A source without its files. */
type Origin = Pick<SourceFiles, 'origin' | 'fallback' | 'offer'>;

/** What files were compiled from: one source an argument, one a folder that only imports came from, and one for what else was imported. */
export function groupByOrigin(files: readonly CompiledFile[], named: readonly ProtoFile[], roots: ImportRoots): SourceFiles[] {
  const arguments_ = new Map(named.map(({ name, origin }): [string, Origin] => [name, { origin }]));
  const groups = new Map<string, { readonly origin: Origin; readonly files: Uint8Array[] }>();
  for (const file of files) {
    const origin = arguments_.get(file.name) ?? ofImport(file, roots);
    if (origin === undefined) continue;
    const key = JSON.stringify(origin);
    const group = groups.get(key) ?? { origin, files: [] };
    groups.set(key, group);
    group.files.push(file.bytes);
  }
  return [...groups.values()].map(({ origin, files }) => ({ ...origin, version: versionOf(files), files }));
}

/** Of files that are only imported the services are not meant. Official ones are a source of their own. */
function ofImport({ name, isAbsent }: CompiledFile, roots: ImportRoots): Origin | undefined {
  if (isAbsent) return { origin: 'imports that are not found', fallback: true };
  const origin = roots.originOf(name);
  if (origin !== undefined) return { origin, offer: { by: origin, services: [] } };
  return isOfficial(name) ? undefined : { origin: 'built-in protos', fallback: true };
}
