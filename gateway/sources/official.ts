import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { OFFICIAL } from './known-protos.js';
import { loadProtos } from './proto-source.js';

let official: Promise<Result<SourceFiles>> | undefined;

/**
 * The official protos of google/api, google/longrunning, google/protobuf, google/rpc and google/type: a source that yields to all others, and
 * whose services are there only where another source has them. Compiled once a process.
 */
export function loadOfficial(): Promise<Result<SourceFiles>> {
  official ??= compileOfficial();
  return official;
}

async function compileOfficial(): Promise<Result<SourceFiles>> {
  const compiled = await loadProtos([`${OFFICIAL}google`], [OFFICIAL]);
  if (!compiled.ok) return compiled;
  const [source] = compiled.value;
  if (source === undefined) return { ok: false, problems: [] };
  const origin = 'official google/ protos';
  return { ok: true, value: { ...source, origin, fallback: true, offer: { by: origin, services: [] } }, warnings: compiled.warnings };
}
