import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { OFFICIAL } from './import-roots.js';
import { loadProtos } from './proto-source.js';

let official: Promise<Result<SourceFiles>> | undefined;

/** The official google/api, google/rpc and google/protobuf protos: a source that yields to all others. Compiled once a process. */
export function loadOfficial(): Promise<Result<SourceFiles>> {
  official ??= compileOfficial();
  return official;
}

async function compileOfficial(): Promise<Result<SourceFiles>> {
  const compiled = await loadProtos([`${OFFICIAL}google`], [OFFICIAL]);
  if (!compiled.ok) return compiled;
  const [source] = compiled.value;
  if (source === undefined) return { ok: false, problems: [] };
  return { ok: true, value: { ...source, origin: 'official google/ protos', fallback: true }, warnings: compiled.warnings };
}
