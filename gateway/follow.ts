import type { Config } from './config.js';
import { reflectedServers } from './reflected-servers.js';
import { remoteSources } from './remote-sources.js';
import type { Logger } from './runtime.js';
import type { FileStates } from './sources/file-states.js';
import { reflectionMemory } from './sources/reflection/memory.js';
import { pollReflection } from './sources/reflection/poll.js';
import type { Remote } from './sources/remote.js';
import { urlMemory } from './sources/url-memory.js';
import { pollUrl } from './sources/url-poll.js';
import { watchFiles } from './sources/watch.js';

/** A gateway that is to follow what it was made of. */
export interface Followed extends Remote {
  readonly config: Config;
  /** What it was read from. */
  readonly files: FileStates;
  readonly log: Logger;
  reload(why: string): Promise<unknown>;
}

/** How often files are looked at where the system does not tell of changes, ms. */
const LOOK_MS = 10_000;

/** Names of files that one line of the log has at most. */
const MAX_NAMES = 5;

/** Reloads a gateway whenever something that it was made of has changed, until what this answers is called. */
export function follow(gateway: Followed): () => void {
  const { config, log } = gateway;
  const reload = (why: string) => gateway.reload(why).catch((err: unknown) => log.error({ err, why }, 'reload failed'));
  const ends = [
    ...followServers(gateway, reload),
    ...followUrls(gateway, reload),
    ...(config.sources.watch ? [followFiles(gateway, reload)] : []),
  ];
  return () => {
    for (const end of ends) end();
  };
}

type Reload = (why: string) => Promise<unknown>;

function followServers({ config, log, memory, upstream }: Followed, changed: Reload): (() => void)[] {
  return reflectedServers(config).map(({ intervalMs, ...server }) =>
    pollReflection({ server, intervalMs, log, upstream: upstream(server.name), memory: reflectionMemory(memory, server), changed }),
  );
}

function followUrls({ config, log, memory }: Followed, changed: Reload): (() => void)[] {
  const intervalMs = config.sources.fetchIntervalMs;
  return [...new Set(remoteSources(config).urls)].map((url) => {
    const known = urlMemory(memory, url);
    known.confirm();
    return pollUrl({ url, intervalMs, memory: known, log, changed });
  });
}

function followFiles({ files, log }: Followed, reload: Reload): () => void {
  return watchFiles({
    files,
    intervalMs: LOOK_MS,
    changed: (names) => reload(whyOf(names)),
    troubled: (why) => log.warn(`watching files: ${why}`),
  });
}

function whyOf(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  return `changed: ${names.slice(0, MAX_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
