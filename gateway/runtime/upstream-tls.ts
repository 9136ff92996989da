import type { Result } from '../../proto/problem.js';
import type { UpstreamConfig } from '../config/config.js';
import type { LaneTls } from '../upstream/call.js';
import { readTlsFiles } from './tls-files.js';

/** Reads the PEM files of an upstream. */
export async function readTls(name: string, tls: UpstreamConfig['tls']): Promise<Result<LaneTls>> {
  const of = (key: string) => `upstreams.${name}.tls.${key}`;
  const files = await readTlsFiles(tls ?? {}, { ca: of('ca'), cert: of('cert'), key: of('key') });
  if (!files.ok || tls?.serverName === undefined) return files;
  return { ...files, value: { ...files.value, serverName: tls.serverName } };
}
