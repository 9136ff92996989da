import type { Result } from '../../proto/problem.js';
import type { Config } from '../config/config.js';
import type { FileStates } from '../sources/file-states.js';
import { isUrl } from '../sources/url.js';

/** Reads a configuration. */
export type Configure = () => Promise<Result<Config>>;

/**
 * Notes in `files` what a configuration and its sources are read from, before each is read.
 *
 * @param own files that the configuration itself comes from
 */
export function noting(files: FileStates, own: readonly string[], configure: Configure): Configure {
  return async () => {
    await files.note('configuration', own);
    const config = await configure();
    // A configuration that is refused leaves the sources as they are.
    if (config.ok) await files.note('sources', config.value.sources.watch ? filesOf(config.value) : []);
    return config;
  };
}

/** The files and folders that a configuration names. */
function filesOf({ sources, upstreams, tls: own }: Config): readonly string[] {
  const { protos, importPaths, descriptorSets, rules } = sources;
  const ofUpstreams = Object.values(upstreams).flatMap(({ tls }) => [tls?.ca, tls?.cert, tls?.key]);
  const ofTls = [own?.cert, own?.key, own?.clientCa, ...ofUpstreams];
  return [
    ...protos,
    ...importPaths,
    ...descriptorSets.filter((name) => !isUrl(name)),
    ...rules,
    ...ofTls.filter((file) => file !== undefined),
  ];
}
