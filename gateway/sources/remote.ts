import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import type { Upstream } from '../upstream/upstream.js';

/** What sources that are asked over the network need besides the configuration. */
export interface Remote {
  /** The upstream of that name in the configuration that is loaded. */
  upstream(name: string): Upstream;
  /** What remote sources remember from one load to the next (ETags, last good answers), by source. Lives as long as the gateway. */
  readonly memory: RemoteMemory;
}

/** What the configuration says of sources that are not files of this machine; a `Config` is one. */
export interface RemoteOptions {
  readonly upstreams: Readonly<Record<string, object>>;
}

/** Keys begin with the kind of the source: `url:...`, `reflection:...`. */
export type RemoteMemory = Map<string, unknown>;

/** Asks the sources of a configuration that are not files of this machine. */
export async function loadRemote(_options: RemoteOptions, _remote: Remote): Promise<Result<SourceFiles[]>> {
  return { ok: true, value: [], warnings: [] };
}
